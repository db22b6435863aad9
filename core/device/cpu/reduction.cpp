#include "core/device/cpu/reduction.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/strided.h"

namespace weft {

namespace {

using Loops = StridedLoops<1>;

/// The axes of x that are kept and those that are reduced, each with x's strides.
struct Axes {
    Loops kept, reduced;
    bool isInnerReduced = false; ///< neighbours in x go into one result

    Axes(const Extents& x, const std::vector<bool>& isReduced)
    {
        std::vector<std::int64_t> strides(x.size(), 1);
        for (std::size_t axis = x.size(); axis-- > 1;)
            strides[axis - 1] = strides[axis] * x[axis];
        for (std::size_t axis = 0; axis < x.size(); ++axis) {
            (isReduced[axis] ? reduced : kept).addAxis(x[axis], {strides[axis]});
            if (x[axis] != 1)
                isInnerReduced = isReduced[axis];
        }
    }
    std::int64_t keptCount() const { return kept.rows() * kept.rowLength(); }
    std::int64_t reducedCount() const { return reduced.rows() * reduced.rowLength(); }
};

/// Sum of neighbours: 16 partial sums, folded into double before they lose digits.
float sumRow(const float* x, std::int64_t count)
{
    constexpr std::int64_t chunk = 4096;
    double total = 0;
    simdRun([=, &total] {
        double folded = 0;
        for (std::int64_t first = 0; first < count; first += chunk) {
            const std::int64_t end = std::min(first + chunk, count);
            float sums[16] = {};
            std::int64_t i = first;
            for (; i + 16 <= end; i += 16)
                for (int lane = 0; lane < 16; ++lane)
                    sums[lane] += x[i + lane];
            for (int lane = 0; i < end; ++i, ++lane)
                sums[lane] += x[i];
            for (const float sum : sums)
                folded += static_cast<double>(sum);
        }
        total = folded;
    });
    return static_cast<float>(total);
}

float larger(float best, float value)
{
    return (value > best) | (value != value) ? value : best;
}

float maxRow(const float* x, std::int64_t count)
{
    float best = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < count; ++i)
        best = larger(best, x[i]);
    return best;
}

/// What a row gives, and how rows join.
float reduceRow(Reduction reduction, const float* x, std::int64_t count)
{
    return reduction == Reduction::Sum ? sumRow(x, count) : maxRow(x, count);
}
float join(Reduction reduction, float a, float b)
{
    return reduction == Reduction::Sum ? a + b : larger(a, b);
}
float neutral(Reduction reduction)
{
    return reduction == Reduction::Sum ? 0.0f : -std::numeric_limits<float>::infinity();
}

/// One result, of neighbours that are cut into a fixed number of parts so that threads can share them.
float reduceLongRow(Reduction reduction, const float* x, std::int64_t count, int threads)
{
    constexpr std::int64_t parts = 64;
    if (count < 4 * parallelGrain || threads == 1)
        return reduceRow(reduction, x, count);
    std::array<float, parts> partial{};
    parallelFor(threads, parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part) {
            const Range r = partOf(count, part, parts);
            partial[static_cast<std::size_t>(part)] = reduceRow(reduction, x + r.begin, r.end - r.begin);
        }
    });
    return reduceRow(reduction, partial.data(), parts);
}

/// Neighbours in x go into one result.
void reduceInner(const Axes& axes, Reduction reduction, float scale, const KernelContext& context)
{
    const auto* x = context.inputs[0].as<const float>();
    auto* y = context.outputs[0].as<float>();
    const std::int64_t length = axes.reduced.rowLength();
    const bool isOneRow = axes.reduced.rows() == 1;
    if (axes.keptCount() == 1 && isOneRow) {
        y[0] = reduceLongRow(reduction, x, length, context.threads) * scale;
        return;
    }
    const std::int64_t inner = axes.kept.rowLength();
    const std::int64_t step = axes.kept.rowStrides()[0];
    const auto resultAt = [&](const float* from) {
        if (isOneRow)
            return reduceRow(reduction, from, length);
        float result = neutral(reduction);
        axes.reduced.forEachRow(0, axes.reduced.rows(), [&](std::int64_t, const Loops::Offsets& offset) {
            result = join(reduction, result, reduceRow(reduction, from + offset[0], length));
        });
        return result;
    };
    const auto results = [&](std::int64_t row, const float* from, std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            y[row * inner + i] = resultAt(from + i * step) * scale;
    };
    const std::int64_t grain = parallelGrain / axes.reducedCount() + 1;
    if (axes.kept.rows() == 1) {
        parallelFor(context.threads, inner, grain, [&](std::int64_t begin, std::int64_t end) { results(0, x, begin, end); });
        return;
    }
    parallelFor(context.threads, axes.kept.rows(), grain / inner + 1, [&](std::int64_t begin, std::int64_t end) {
        axes.kept.forEachRow(begin, end, [&](std::int64_t row, const Loops::Offsets& offset) { results(row, x + offset[0], 0, inner); });
    });
}

/// y[i] joined with x[i].
void joinRow(Reduction reduction, const float* x, float* y, std::int64_t count)
{
    if (reduction == Reduction::Sum)
        simdRun([=] {
#pragma GCC ivdep
            for (std::int64_t i = 0; i < count; ++i)
                y[i] += x[i];
        });
    else
        simdRun([=] {
#pragma GCC ivdep
            for (std::int64_t i = 0; i < count; ++i)
                y[i] = larger(y[i], x[i]);
        });
}

/// Neighbours in x go into neighbours in y: whole rows are joined.
void reduceOuter(const Axes& axes, Reduction reduction, float scale, const KernelContext& context)
{
    const auto* x = context.inputs[0].as<const float>();
    auto* y = context.outputs[0].as<float>();
    const std::int64_t length = axes.kept.rowLength();
    const std::int64_t repeats = axes.reduced.rowLength();
    const std::int64_t step = axes.reduced.rowStrides()[0];
    const auto columns = [&](const float* from, float* to, std::int64_t begin, std::int64_t end) {
        std::fill(to + begin, to + end, neutral(reduction));
        axes.reduced.forEachRow(0, axes.reduced.rows(), [&](std::int64_t, const Loops::Offsets& offset) {
            for (std::int64_t i = 0; i < repeats; ++i)
                joinRow(reduction, from + offset[0] + i * step + begin, to + begin, end - begin);
        });
        if (scale != 1.0f)
            for (std::int64_t i = begin; i < end; ++i)
                to[i] *= scale;
    };
    if (axes.kept.rows() == 1) {
        const std::int64_t grain = std::max<std::int64_t>(parallelGrain / axes.reducedCount(), 16);
        parallelFor(context.threads, length, grain, [&](std::int64_t begin, std::int64_t end) { columns(x, y, begin, end); });
        return;
    }
    const std::int64_t grain = parallelGrain / (axes.reducedCount() * length) + 1;
    parallelFor(context.threads, axes.kept.rows(), grain, [&](std::int64_t begin, std::int64_t end) {
        axes.kept.forEachRow(begin, end,
                             [&](std::int64_t row, const Loops::Offsets& offset) { columns(x + offset[0], y + row * length, 0, length); });
    });
}

} // namespace

KernelOption reductionOption(const KernelRequest& request, const Extents& x, const std::vector<bool>& isReduced, Reduction reduction, float scale)
{
    const Axes axes(x, isReduced);
    return rowMajorOption(request, "rows", elementwiseMicroseconds(request), [axes, reduction, scale](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        if (context.inputs[0].count() == 0)
            std::fill_n(context.outputs[0].as<float>(), context.outputs[0].count(), neutral(reduction));
        else if (axes.isInnerReduced)
            reduceInner(axes, reduction, scale, context);
        else
            reduceOuter(axes, reduction, scale, context);
    });
}

KernelOption stretchOption(const KernelRequest& request, const Extents& y, const std::vector<bool>& isStretched, float scale)
{
    std::vector<std::int64_t> strides(y.size(), 0);
    std::int64_t stride = 1;
    for (std::size_t axis = y.size(); axis-- > 0;)
        if (!isStretched[axis]) {
            strides[axis] = stride;
            stride *= y[axis];
        }
    Loops loops;
    for (std::size_t axis = 0; axis < y.size(); ++axis)
        loops.addAxis(y[axis], {strides[axis]});
    return rowMajorOption(request, "rows", elementwiseMicroseconds(request), [loops, scale](const KernelContext& context) {
        const auto* x = context.inputs[0].as<const float>();
        auto* to = context.outputs[0].as<float>();
        const std::int64_t length = loops.rowLength();
        const bool isOne = loops.rowStrides()[0] == 0;
        if (context.outputs[0].count() == 0)
            return;
        parallelFor(context.threads, loops.rows(), parallelGrain / length + 1, [&](std::int64_t begin, std::int64_t end) {
            loops.forEachRow(begin, end, [&](std::int64_t row, const Loops::Offsets& offset) {
                const float* from = x + offset[0];
                float* out = to + row * length;
                if (isOne)
                    std::fill_n(out, length, *from * scale);
                else
                    for (std::int64_t i = 0; i < length; ++i)
                        out[i] = from[i] * scale;
            });
        });
    });
}

} // namespace weft
