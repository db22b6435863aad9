#include "core/ops/loss_scale/loss_scale_ref.h"

namespace weft {

// A few numbers a step: plain arithmetic does.
void lossScaleCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "LossScaleFactor", &referenceFactory<LossScaleFactorReference>);
    table.add(DeviceKind::Cpu, "LossScaleUpdate", &referenceFactory<LossScaleUpdateReference>);
}

} // namespace weft
