#include "core/device/kernel_table.h"

namespace weft {

/// Plans treat a reshape as a view; the copy serves whoever asks the table.
void reshapeCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "Reshape", table.find(DeviceKind::Reference, "Reshape"));
}

} // namespace weft
