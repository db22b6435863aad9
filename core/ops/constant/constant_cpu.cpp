#include "core/device/kernel_table.h"

namespace weft {

/// A plan writes a constant once, when it is made: the plain loop does.
void constantCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Constant", table.find(DeviceKind::Reference, "Constant"));
}

} // namespace weft
