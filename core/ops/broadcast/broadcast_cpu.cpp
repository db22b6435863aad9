#include "core/device/cpu/elementwise.h"
#include "core/device/cpu/reduction.h"
#include "core/device/cpu/strided.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

using Options = std::vector<KernelOption>;

Options broadcastTo(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const Extents& y = request.outputs[0].extents;
    const std::vector<std::int64_t> strides = broadcastStrides(request.inputs[0].extents, y);
    std::vector<bool> isStretched;
    for (std::size_t axis = 0; axis < y.size(); ++axis)
        isStretched.push_back(strides[axis] == 0);
    return {stretchOption(request, y, isStretched, 1.0f)};
}

Options sumTo(const KernelRequest& request)
{
    if (!allFloat32(request))
        return {};
    const Extents& x = request.inputs[0].extents;
    const std::vector<std::int64_t> strides = broadcastStrides(request.outputs[0].extents, x);
    std::vector<bool> isReduced;
    for (std::size_t axis = 0; axis < x.size(); ++axis)
        isReduced.push_back(strides[axis] == 0);
    return {reductionOption(request, x, isReduced, Reduction::Sum, 1.0f)};
}

} // namespace

void broadcastCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "BroadcastTo", &broadcastTo);
    table.add(DeviceKind::Cpu, "SumTo", &sumTo);
}

} // namespace weft
