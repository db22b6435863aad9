#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/reduction.h"
#include "core/device/kernel_table.h"
#include "core/ops/reduce/reduce_ref.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

std::vector<bool> reducedAxes(const Extents& x, const Attributes& attributes)
{
    std::vector<bool> isReduced(x.size(), false);
    for (const std::int64_t axis : attributes.integers("axes"))
        isReduced[static_cast<std::size_t>(axis)] = true;
    return isReduced;
}

Options reduce(const KernelRequest& request, Reduction reduction, bool isMean)
{
    const Extents& x = request.inputs[0].extents;
    const std::int64_t count = elementCount(x);
    if (!allFloat32(request) || count == 0)
        return {};
    const float scale = isMean ? static_cast<float>(elementCount(request.outputs[0].extents)) / static_cast<float>(count) : 1.0f;
    return {reductionOption(request, x, reducedAxes(x, request.attributes), reduction, scale)};
}

Options reduceSum(const KernelRequest& request)
{
    return reduce(request, Reduction::Sum, false);
}
Options reduceMean(const KernelRequest& request)
{
    return reduce(request, Reduction::Sum, true);
}
Options reduceMax(const KernelRequest& request)
{
    return reduce(request, Reduction::Max, false);
}

Options reduceMeanGradient(const KernelRequest& request)
{
    const Extents& dx = request.outputs[0].extents;
    const std::int64_t count = elementCount(dx);
    if (!allFloat32(request) || count == 0)
        return {};
    const float share = static_cast<float>(elementCount(request.inputs[0].extents)) / static_cast<float>(count);
    return {stretchOption(request, dx, reducedAxes(dx, request.attributes), share)};
}

} // namespace

void reduceCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "ReduceSum", &reduceSum);
    table.add(DeviceKind::Cpu, "ReduceMean", &reduceMean);
    table.add(DeviceKind::Cpu, "ReduceMax", &reduceMax);
    table.add(DeviceKind::Cpu, "ReduceMeanGradient", &reduceMeanGradient);
    // Rare and bound by memory: the plain loop does.
    table.add(DeviceKind::Cpu, "ReduceMaxGradient", &referenceFactory<ReduceMaxGradientReference>);
}

} // namespace weft
