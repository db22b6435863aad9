#include "core/device/cpu/conv_options.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

std::vector<KernelOption> conv(const KernelRequest& request)
{
    ConvProblem p = convProblem(request.attributes, request.inputs[0].extents, request.inputs[1].extents, request.outputs[0].extents);
    p.hasBias = request.inputs.size() > 2;
    return convForwardOptions(request, p);
}

std::vector<KernelOption> convInputGradient(const KernelRequest& request)
{
    return convInputGradientOptions(
        request, convProblem(request.attributes, request.outputs[0].extents, request.inputs[1].extents, request.inputs[0].extents));
}

std::vector<KernelOption> convKernelGradient(const KernelRequest& request)
{
    ConvProblem p = convProblem(request.attributes, request.inputs[0].extents, request.outputs[0].extents, request.inputs[1].extents);
    p.hasBias = request.attributes.flag("hasBias");
    return convKernelGradientOptions(request, p);
}

} // namespace

void convCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Conv", &conv);
    table.add(DeviceKind::Cpu, "ConvInputGradient", &convInputGradient);
    table.add(DeviceKind::Cpu, "ConvKernelGradient", &convKernelGradient);
}

} // namespace weft
