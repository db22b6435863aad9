#include "core/device/kernel.h"

#include <cassert>

#include "core/device/kernel_table.h"

namespace weft {

const char* nameOf(DeviceKind kind)
{
    switch (kind) {
    case DeviceKind::Reference: return "reference";
    case DeviceKind::Cpu: return "cpu";
    case DeviceKind::Cuda: return "cuda";
    }
    assert(false);
    return "";
}

const char* nameOf(Precision precision)
{
    switch (precision) {
    case Precision::Tf32: return "tf32";
    case Precision::BFloat16: return "bf16";
    case Precision::Float16: return "fp16";
    case Precision::Float32: break;
    }
    return "fp32";
}

KernelOption rowMajorOption(const KernelRequest& request, const char* name, double microseconds, std::function<void(const KernelContext&)> function,
                            std::size_t scratch)
{
    KernelOption option;
    option.inputLayouts.assign(request.inputs.size(), Layout::RowMajor);
    option.outputLayouts.assign(request.outputs.size(), Layout::RowMajor);
    option.microseconds = microseconds;
    option.name = name;
    option.prepare = [function = std::move(function), scratch] { return std::make_unique<FunctionKernel>(function, scratch); };
    return option;
}

} // namespace weft
