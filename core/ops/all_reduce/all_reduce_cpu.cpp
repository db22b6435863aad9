#include "core/ops/all_reduce/all_reduce_ref.h"

namespace weft {

// The work is the ranks' to send; what is left is a copy at most, for which plain loops do.
void allReduceCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "AllReduceStart", &referenceFactory<AllReduceStartReference>);
    table.add(DeviceKind::Cpu, "AllReduceFinish", &referenceFactory<AllReduceFinishReference>);
}

} // namespace weft
