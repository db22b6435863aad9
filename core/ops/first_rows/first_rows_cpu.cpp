#include "core/device/kernel_table.h"

namespace weft {

/// Rows lie one behind the other: the plain copy is as fast as memory.
void firstRowsCpuKernels(KernelTable& table)
{
    for (const char* op : {"FirstRows", "FirstRowsGradient"})
        table.add(DeviceKind::Cpu, op, table.find(DeviceKind::Reference, op));
}

} // namespace weft
