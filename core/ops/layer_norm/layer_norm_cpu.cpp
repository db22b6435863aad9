#include <cmath>

#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/row_sums.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;
using std::int64_t;

/// The mean of a row and one over its deviation. A row is short enough to be read from the nearest cache twice.
struct Statistics {
    float mean, share;

    [[gnu::always_inline]] Statistics(const float* x, int64_t width, float epsilon)
    {
        const float part = 1.0f / static_cast<float>(width);
        mean = rowSum(width, [=](int64_t d) { return x[d]; }) * part;
        const float center = mean;
        const float variance = rowSum(width, [=](int64_t d) { return (x[d] - center) * (x[d] - center); }) * part;
        share = 1.0f / __builtin_sqrtf(variance + epsilon);
    }
};

/// Rows of one part of the work.
std::int64_t grainOf(int64_t width)
{
    return parallelGrain / 4 / (width + 1) + 1;
}

void normalizeRow(const float* x, const float* scale, const float* shift, float* y, int64_t width, float epsilon)
{
    const Statistics row(x, width, epsilon);
    if (scale) {
#pragma GCC ivdep
        for (int64_t d = 0; d < width; ++d)
            y[d] = (x[d] - row.mean) * row.share * scale[d] + shift[d];
    } else {
#pragma GCC ivdep
        for (int64_t d = 0; d < width; ++d)
            y[d] = (x[d] - row.mean) * row.share;
    }
}

Options layerNorm(const KernelRequest& request)
{
    if (!allFloat32(request) || elementCount(request.outputs[0].extents) == 0)
        return {};
    const auto epsilon = static_cast<float>(request.attributes.real("epsilon"));
    return {rowMajorOption(request, "rows", 2 * elementwiseMicroseconds(request), [epsilon](const KernelContext& context) {
        const Array& x = context.inputs[0];
        const int64_t width = x.type.extents.back();
        const float* scale = context.inputs.size() > 1 ? context.inputs[1].as<const float>() : nullptr;
        const float* shift = scale ? context.inputs[2].as<const float>() : nullptr;
        parallelFor(context.threads, x.count() / width, grainOf(width), [&](int64_t begin, int64_t end) {
            simdRun([&] {
                for (int64_t row = begin; row < end; ++row)
                    normalizeRow(x.as<const float>() + row * width, scale, shift, context.outputs[0].as<float>() + row * width, width, epsilon);
            });
        });
    })};
}

/// The slope of one row of x. Where there is a scale, what the row adds to its slope and to that of the shift goes to
/// the sums.
void differentiateRow(const float* dy, const float* x, const float* scale, float* dx, float* dScale, float* dShift, int64_t width, float epsilon)
{
    const Statistics row(x, width, epsilon);
    const float part = 1.0f / static_cast<float>(width);
    const auto y = [=](int64_t d) { return (x[d] - row.mean) * row.share; };
    if (!scale) {
        const float mean = rowSum(width, [=](int64_t d) { return dy[d]; }) * part;
        const float product = rowSum(width, [=](int64_t d) { return dy[d] * y(d); }) * part;
#pragma GCC ivdep
        for (int64_t d = 0; d < width; ++d)
            dx[d] = (dy[d] - mean - y(d) * product) * row.share;
        return;
    }
    const float mean = rowSum(width, [=](int64_t d) { return dy[d] * scale[d]; }) * part;
    const float product = rowSum(width, [=](int64_t d) { return dy[d] * scale[d] * y(d); }) * part;
#pragma GCC ivdep
    for (int64_t d = 0; d < width; ++d) {
        const float standardized = y(d), slope = dy[d];
        dScale[d] += slope * standardized;
        dShift[d] += slope;
        dx[d] = (slope * scale[d] - mean - standardized * product) * row.share;
    }
}

/// Rows that one pair of sums gathers before it joins the total, which keeps the small from drowning in the large.
constexpr int64_t rowsOfSum = 64;

/// Adds `from` [width] to `to` and clears it.
void moveSum(float* from, float* to, int64_t width)
{
#pragma GCC ivdep
    for (int64_t d = 0; d < width; ++d) {
        to[d] += from[d];
        from[d] = 0.0f;
    }
}

/// The sums of a part: [4, width], the totals of dScale and dShift behind those of the rows at hand.
void differentiateRows(const KernelContext& context, float* sums, Range rows, float epsilon)
{
    const int64_t width = context.inputs[1].type.extents.back();
    const auto *dy = context.inputs[0].as<const float>(), *x = context.inputs[1].as<const float>();
    const float* scale = sums ? context.inputs[2].as<const float>() : nullptr;
    auto* dx = context.outputs[0].as<float>();
    simdRun([=] {
        for (int64_t d = 0; sums && d < 4 * width; ++d)
            sums[d] = 0.0f;
        for (int64_t row = rows.begin; row < rows.end; ++row) {
            const int64_t at = row * width;
            differentiateRow(dy + at, x + at, scale, dx + at, sums, sums + width, width, epsilon);
            if (sums && ((row - rows.begin) % rowsOfSum == rowsOfSum - 1 || row + 1 == rows.end)) {
                moveSum(sums, sums + 2 * width, width);
                moveSum(sums + width, sums + 3 * width, width);
            }
        }
    });
}

Options layerNormGradient(const KernelRequest& request)
{
    if (!allFloat32(request) || elementCount(request.outputs[0].extents) == 0)
        return {};
    const auto epsilon = static_cast<float>(request.attributes.real("epsilon"));
    const bool isAffine = request.inputs.size() > 2;
    const int64_t width = request.inputs[1].extents.back();
    const int64_t rows = elementCount(request.inputs[1].extents) / width;
    const int64_t parts = std::max<int64_t>(1, std::min<int64_t>(request.threads, rows / grainOf(width)));
    const auto run = [=](const KernelContext& context) {
        auto* sums = isAffine ? static_cast<float*>(context.scratch) : nullptr;
        parallelFor(context.threads, parts, 1, [&](int64_t begin, int64_t end) {
            for (int64_t part = begin; part < end; ++part)
                differentiateRows(context, sums ? sums + part * 4 * width : nullptr, partOf(rows, part, parts), epsilon);
        });
        for (std::size_t i = 0; isAffine && i < 2; ++i) {
            auto* total = context.outputs[1 + i].as<float>();
            std::fill_n(total, width, 0.0f);
            for (int64_t part = 0; part < parts; ++part)
                moveSum(sums + (part * 4 + 2 + static_cast<int64_t>(i)) * width, total, width);
        }
    };
    const auto scratch = static_cast<std::size_t>(isAffine ? parts * 4 * width : 0) * sizeof(float);
    return {rowMajorOption(request, "rows", 2 * elementwiseMicroseconds(request), run, scratch)};
}

} // namespace

void layerNormCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "LayerNorm", &layerNorm);
    table.add(DeviceKind::Cpu, "LayerNormGradient", &layerNormGradient);
}

} // namespace weft
