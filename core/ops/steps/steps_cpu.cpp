#include "core/device/kernel_table.h"

namespace weft {

/// These ops stand only in models that are read back to be checked: the plain loops do.
void stepsCpuKernels(KernelTable& table)
{
    for (const char* op : {"Steps", "Less"})
        table.add(DeviceKind::Cpu, op, table.find(DeviceKind::Reference, op));
}

} // namespace weft
