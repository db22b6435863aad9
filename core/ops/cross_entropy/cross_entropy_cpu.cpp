#include <cmath>
#include <limits>

#include "core/device/cpu/parallel.h"
#include "core/device/cpu/simd.h"
#include "core/device/cpu/vector_math.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

float largestOf(const float* row, std::int64_t classes)
{
    float largest = row[0];
    for (std::int64_t c = 1; c < classes; ++c)
        largest = row[c] > largest ? row[c] : largest;
    return largest;
}

float sumOfExp(const float* row, std::int64_t classes, float largest)
{
    // 16 partial sums in a fixed order, so that the loop vectorises.
    float sums[16] = {};
    std::int64_t c = 0;
    for (; c + 16 <= classes; c += 16)
        for (int lane = 0; lane < 16; ++lane)
            sums[lane] += vectorExp(row[c + lane] - largest);
    for (int lane = 0; c < classes; ++c, ++lane)
        sums[lane] += vectorExp(row[c] - largest);
    float total = 0;
    for (const float sum : sums)
        total += sum;
    return total;
}

bool fits(const KernelRequest& request, std::size_t logits, std::size_t target)
{
    return request.outputs[0].dtype == DType::Float32 && request.inputs[logits].dtype == DType::Float32
        && request.inputs[target].dtype == DType::Int32;
}

double microseconds(const ArrayType& logits, int threads)
{
    return 0.5 + static_cast<double>(elementCount(logits.extents)) / 300 / threads;
}

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Options softmaxCrossEntropy(const KernelRequest& request)
{
    if (!fits(request, 0, 1))
        return {};
    return {rowMajorOption(request, "rows", microseconds(request.inputs[0], request.threads), [](const KernelContext& context) {
        const std::int64_t classes = context.inputs[0].extent(1);
        const auto* logits = context.inputs[0].as<const float>();
        const auto* target = context.inputs[1].as<const std::int32_t>();
        auto* loss = context.outputs[0].as<float>();
        parallelFor(context.threads, context.inputs[0].extent(0), parallelGrain / 16 / classes + 1, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
                for (std::int64_t n = begin; n < end; ++n) {
                    const float* row = logits + n * classes;
                    const float largest = largestOf(row, classes);
                    const float total = sumOfExp(row, classes, largest);
                    const bool isKnown = target[n] >= 0 && target[n] < classes;
                    loss[n] = isKnown ? std::log(total) + (largest - row[target[n]]) : nan;
                }
            });
        });
    })};
}

Options softmaxCrossEntropyGradient(const KernelRequest& request)
{
    if (!fits(request, 1, 2))
        return {};
    return {rowMajorOption(request, "rows", microseconds(request.inputs[1], request.threads), [](const KernelContext& context) {
        const std::int64_t classes = context.inputs[1].extent(1);
        const auto* dy = context.inputs[0].as<const float>();
        const auto* logits = context.inputs[1].as<const float>();
        const auto* target = context.inputs[2].as<const std::int32_t>();
        auto* gradient = context.outputs[0].as<float>();
        parallelFor(context.threads, context.inputs[1].extent(0), parallelGrain / 16 / classes + 1, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
                for (std::int64_t n = begin; n < end; ++n) {
                    const float* row = logits + n * classes;
                    float* out = gradient + n * classes;
                    const float largest = largestOf(row, classes);
                    const bool isKnown = target[n] >= 0 && target[n] < classes;
                    const float slope = isKnown ? dy[n] : nan;
                    const float factor = slope / sumOfExp(row, classes, largest);
#pragma GCC ivdep
                    for (std::int64_t c = 0; c < classes; ++c)
                        out[c] = factor * vectorExp(row[c] - largest);
                    if (isKnown)
                        out[target[n]] -= slope;
                }
            });
        });
    })};
}

} // namespace

void crossEntropyCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "SoftmaxCrossEntropy", &softmaxCrossEntropy);
    table.add(DeviceKind::Cpu, "SoftmaxCrossEntropyGradient", &softmaxCrossEntropyGradient);
}

} // namespace weft
