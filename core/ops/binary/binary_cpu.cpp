#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/strided.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;
using Loops = StridedLoops<2>;

Loops loopsOf(const Extents& a, const Extents& b, const Extents& y)
{
    const std::vector<std::int64_t> aStrides = broadcastStrides(a, y);
    const std::vector<std::int64_t> bStrides = broadcastStrides(b, y);
    Loops loops;
    for (std::size_t axis = 0; axis < y.size(); ++axis)
        loops.addAxis(y[axis], {aStrides[axis], bStrides[axis]});
    return loops;
}

/// One row; either operand may be one number for all of it.
template <class Function>
void runRow(const Function& function, const float* a, bool isOneA, const float* b, bool isOneB, float* y, std::int64_t count)
{
    if (isOneA && isOneB) {
        const float value = function(*a, *b);
        for (std::int64_t i = 0; i < count; ++i)
            y[i] = value;
    } else if (isOneB) {
        const float value = *b;
#pragma GCC ivdep
        for (std::int64_t i = 0; i < count; ++i)
            y[i] = function(a[i], value);
    } else if (isOneA) {
        const float value = *a;
#pragma GCC ivdep
        for (std::int64_t i = 0; i < count; ++i)
            y[i] = function(value, b[i]);
    } else {
#pragma GCC ivdep
        for (std::int64_t i = 0; i < count; ++i)
            y[i] = function(a[i], b[i]);
    }
}

template <class Function> Options broadcastOptions(const KernelRequest& request, Function function)
{
    const Extents& extents = request.outputs[0].extents;
    const Loops loops = loopsOf(request.inputs[0].extents, request.inputs[1].extents, extents);
    if (elementCount(extents) == 0)
        return {rowMajorOption(request, "nothing", 0, [](const KernelContext&) {})};
    return {rowMajorOption(request, "broadcast", elementwiseMicroseconds(request), [function, loops](const KernelContext& context) {
        const auto* a = context.inputs[0].as<const float>();
        const auto* b = context.inputs[1].as<const float>();
        auto* y = context.outputs[0].as<float>();
        const std::int64_t length = loops.rowLength();
        const bool isOneA = loops.rowStrides()[0] == 0;
        const bool isOneB = loops.rowStrides()[1] == 0;
        const auto row = [&](std::int64_t at, const Loops::Offsets& from, std::int64_t begin, std::int64_t end) {
            simdRun([=] {
                runRow(function, a + from[0] + (isOneA ? 0 : begin), isOneA, b + from[1] + (isOneB ? 0 : begin), isOneB, y + at * length + begin,
                       end - begin);
            });
        };
        if (loops.rows() == 1) {
            parallelFor(context.threads, length, parallelGrain, [&](std::int64_t begin, std::int64_t end) { row(0, {}, begin, end); });
            return;
        }
        parallelFor(context.threads, loops.rows(), parallelGrain / length + 1, [&](std::int64_t begin, std::int64_t end) {
            loops.forEachRow(begin, end, [&](std::int64_t at, const Loops::Offsets& from) { row(at, from, 0, length); });
        });
    })};
}

template <class Function> Options binaryOptions(const KernelRequest& request, Function function)
{
    if (!allFloat32(request))
        return {};
    const Extents& y = request.outputs[0].extents;
    if (request.inputs[0].extents == y && request.inputs[1].extents == y)
        return pairOptions(request, function);
    return broadcastOptions(request, function);
}

Options add(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return a + b; });
}
Options subtract(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return a - b; });
}
Options multiply(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return a * b; });
}
Options divide(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return a / b; });
}
// A NaN wins on either side.
Options maximum(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return (a > b) | (a != a) ? a : b; });
}
Options minimum(const KernelRequest& r)
{
    return binaryOptions(r, [](float a, float b) { return (a < b) | (a != a) ? a : b; });
}

/// The winner gets dy, equal operands share it. `sign` 1: maximum, −1: minimum.
template <int sign> Options extremumGradient(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(request, "elementwise", elementwiseMicroseconds(request), [](const KernelContext& context) {
        const auto* dy = context.inputs[0].as<const float>();
        const auto* a = context.inputs[1].as<const float>();
        const auto* b = context.inputs[2].as<const float>();
        auto* da = context.outputs[0].as<float>();
        auto* db = context.outputs[1].as<float>();
        parallelFor(context.threads, context.outputs[0].count(), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
#pragma GCC ivdep
                for (std::int64_t i = begin; i < end; ++i) {
                    const float lead = static_cast<float>(sign) * (a[i] - b[i]);
                    const float share = lead > 0.0f ? 1.0f : lead < 0.0f ? 0.0f : 0.5f;
                    const float slope = dy[i];
                    da[i] = slope * share;
                    db[i] = slope * (1.0f - share);
                }
            });
        });
    })};
}

} // namespace

void binaryCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Add", &add);
    table.add(DeviceKind::Cpu, "Subtract", &subtract);
    table.add(DeviceKind::Cpu, "Multiply", &multiply);
    table.add(DeviceKind::Cpu, "Divide", &divide);
    table.add(DeviceKind::Cpu, "Maximum", &maximum);
    table.add(DeviceKind::Cpu, "Minimum", &minimum);
    table.add(DeviceKind::Cpu, "MaximumGradient", &extremumGradient<1>);
    table.add(DeviceKind::Cpu, "MinimumGradient", &extremumGradient<-1>);
}

} // namespace weft
