#include <cstring>

#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"
#include "core/ops/over_time/over_time_ref.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

/// Runs body(sample) for all samples, on threads where the work is worth it.
template <class Body> void forSamples(const KernelContext& context, const StepsOf& steps, const Body& body)
{
    const std::int64_t grain = parallelGrain / 4 / (steps.t * steps.width + 1) + 1;
    parallelFor(context.threads, steps.samples, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t n = begin; n < end; ++n)
            body(n);
    });
}

/// y = the mean of x [length, width] over its steps.
void meanOfSteps(const float* x, float* y, std::int64_t length, std::int64_t width)
{
    const float share = 1.0f / static_cast<float>(length);
    simdRun([=] {
        for (std::int64_t i = 0; i < width; ++i)
            y[i] = x[i];
        for (std::int64_t t = 1; t < length; ++t) {
            const float* step = x + t * width;
#pragma GCC ivdep
            for (std::int64_t i = 0; i < width; ++i)
                y[i] += step[i];
        }
#pragma GCC ivdep
        for (std::int64_t i = 0; i < width; ++i)
            y[i] *= share;
    });
}

/// y = the maxima of x [length, width] over its steps; NaN wins.
void maxOfSteps(const float* x, float* y, std::int64_t length, std::int64_t width)
{
    simdRun([=] {
        for (std::int64_t i = 0; i < width; ++i)
            y[i] = x[i];
        for (std::int64_t t = 1; t < length; ++t) {
            const float* step = x + t * width;
#pragma GCC ivdep
            for (std::int64_t i = 0; i < width; ++i)
                y[i] = (step[i] > y[i]) | (step[i] != step[i]) ? step[i] : y[i];
        }
    });
}

/// Each sample's steps brought to one by `reduce`.
template <void (*reduce)(const float* x, float* y, std::int64_t length, std::int64_t width)> Options overTime(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32 || elementCount(request.inputs[0].extents) == 0)
        return {};
    return {rowMajorOption(request, "steps", elementwiseMicroseconds(request), [](const KernelContext& context) {
        const StepsOf x(context.inputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, x.t);
        forSamples(context, x, [&](std::int64_t n) {
            reduce(context.inputs[0].as<const float>() + x.at(n, 0), context.outputs[0].as<float>() + n * x.width, lengths.of(n), x.width);
        });
    })};
}

Options meanOverTimeGradient(const KernelRequest& request)
{
    if (request.outputs[0].dtype != DType::Float32)
        return {};
    return {rowMajorOption(request, "steps", elementwiseMicroseconds(request), [](const KernelContext& context) {
        const StepsOf x(context.outputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, x.t);
        forSamples(context, x, [&](std::int64_t n) {
            const std::int64_t length = lengths.of(n);
            const float share = 1.0f / static_cast<float>(length);
            const float* dy = context.inputs[0].as<const float>() + n * x.width;
            float* dx = context.outputs[0].as<float>() + x.at(n, 0);
            simdRun([=] {
                for (std::int64_t t = 0; t < length; ++t)
#pragma GCC ivdep
                    for (std::int64_t i = 0; i < x.width; ++i)
                        dx[t * x.width + i] = dy[i] * share;
            });
            std::memset(dx + length * x.width, 0, static_cast<std::size_t>((x.t - length) * x.width) * sizeof(float));
        });
    })};
}

} // namespace

void overTimeCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "MeanOverTime", &overTime<meanOfSteps>);
    table.add(DeviceKind::Cpu, "MeanOverTimeGradient", &meanOverTimeGradient);
    table.add(DeviceKind::Cpu, "MaxOverTime", &overTime<maxOfSteps>);
    // Reads x once and writes few numbers: the plain loop does.
    table.add(DeviceKind::Cpu, "MaxOverTimeGradient", &referenceFactory<MaxOverTimeGradientReference>);
}

} // namespace weft
