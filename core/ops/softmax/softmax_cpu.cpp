#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/row_sums.h"
#include "core/device/cpu/vector_math.h"
#include "core/device/kernel_table.h"
#include "core/ops/softmax/softmax_ref.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

/// An array as lines along `axis`: `before` blocks of `length` rows of `after` neighbouring lines.
struct Lines {
    std::int64_t before = 1, length = 1, after = 1;

    Lines(const Extents& extents, std::int64_t axis)
    {
        for (std::size_t i = 0; i < extents.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            (at < axis ? before : at == axis ? length : after) *= extents[i];
        }
    }
    std::int64_t block() const { return length * after; }
};

/// exp(x − max) / Σ of neighbours.
void softmaxRow(const float* x, float* y, std::int64_t length)
{
    const float largest = rowMaximum(x, length);
#pragma GCC ivdep
    for (std::int64_t i = 0; i < length; ++i)
        y[i] = vectorExp(x[i] - largest);
    const float share = 1.0f / rowSum(length, [=](std::int64_t i) { return y[i]; });
#pragma GCC ivdep
    for (std::int64_t i = 0; i < length; ++i)
        y[i] *= share;
}

/// The same of one line whose elements are `step` apart.
void softmaxLine(const float* x, float* y, std::int64_t length, std::int64_t step)
{
    if (step == 1)
        return softmaxRow(x, y, length);
    float largest = x[0];
    for (std::int64_t i = 1; i < length; ++i)
        largest = x[i * step] > largest ? x[i * step] : largest;
    float sum = 0;
    for (std::int64_t i = 0; i < length; ++i) {
        y[i * step] = vectorExp(x[i * step] - largest);
        sum += y[i * step];
    }
    const float share = 1.0f / sum;
    for (std::int64_t i = 0; i < length; ++i)
        y[i * step] *= share;
}

void softmaxGradientLine(const float* dy, const float* y, float* dx, std::int64_t length, std::int64_t step)
{
    float sum = 0;
    if (step == 1) {
        sum = rowSum(length, [=](std::int64_t i) { return dy[i] * y[i]; });
    } else {
        for (std::int64_t i = 0; i < length; ++i)
            sum += dy[i * step] * y[i * step];
    }
#pragma GCC ivdep
    for (std::int64_t i = 0; i < length; ++i)
        dx[i * step] = y[i * step] * (dy[i * step] - sum);
}

/// Runs body(offset of a line's first element) for all lines.
template <class Body> void forLines(const Lines& lines, int threads, const Body& body)
{
    const std::int64_t grain = parallelGrain / 16 / (lines.length + 1) + 1;
    parallelFor(threads, lines.before * lines.after, grain, [&](std::int64_t begin, std::int64_t end) {
        simdRun([=, &lines, &body] {
            for (std::int64_t line = begin; line < end; ++line)
                body(line / lines.after * lines.block() + line % lines.after);
        });
    });
}

Options softmax(const KernelRequest& request)
{
    if (!allFloat32(request) || elementCount(request.outputs[0].extents) == 0)
        return {};
    const Lines lines(request.outputs[0].extents, request.attributes.integer("axis"));
    return {rowMajorOption(request, "lines", 4 * elementwiseMicroseconds(request), [lines](const KernelContext& context) {
        const auto* x = context.inputs[0].as<const float>();
        auto* y = context.outputs[0].as<float>();
        forLines(lines, context.threads, [=](std::int64_t first) { softmaxLine(x + first, y + first, lines.length, lines.after); });
    })};
}

Options softmaxGradient(const KernelRequest& request)
{
    if (!allFloat32(request) || elementCount(request.outputs[0].extents) == 0)
        return {};
    const Lines lines(request.outputs[0].extents, request.attributes.integer("axis"));
    return {rowMajorOption(request, "lines", 2 * elementwiseMicroseconds(request), [lines](const KernelContext& context) {
        const auto* dy = context.inputs[0].as<const float>();
        const auto* y = context.inputs[1].as<const float>();
        auto* dx = context.outputs[0].as<float>();
        forLines(lines, context.threads,
                 [=](std::int64_t first) { softmaxGradientLine(dy + first, y + first, dx + first, lines.length, lines.after); });
    })};
}

Options maskedSoftmax(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32 || elementCount(request.outputs[0].extents) == 0)
        return {};
    const bool isCausal = request.attributes.flag("causal");
    return {rowMajorOption(request, "rows", 4 * elementwiseMicroseconds(request), [isCausal](const KernelContext& context) {
        const ScoreRows rows(context, isCausal);
        const auto* x = context.inputs[0].as<const float>();
        auto* y = context.outputs[0].as<float>();
        const std::int64_t keys = rows.keys;
        parallelFor(context.threads, context.inputs[0].count() / keys, parallelGrain / 16 / (keys + 1) + 1,
                    [&](std::int64_t begin, std::int64_t end) {
                        simdRun([&] {
                            for (std::int64_t row = begin; row < end; ++row) {
                                const std::int64_t count = rows.count(row);
                                softmaxRow(x + row * keys, y + row * keys, count);
                                for (std::int64_t i = count; i < keys; ++i)
                                    y[row * keys + i] = 0.0f;
                            }
                        });
                    });
    })};
}

} // namespace

void softmaxCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "MaskedSoftmax", &maskedSoftmax);
    table.add(DeviceKind::Cpu, "Softmax", &softmax);
    table.add(DeviceKind::Cpu, "SoftmaxGradient", &softmaxGradient);
}

} // namespace weft
