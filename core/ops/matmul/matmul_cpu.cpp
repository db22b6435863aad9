#include "core/device/cpu/matmul_options.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

std::vector<KernelOption> matMul(const KernelRequest& request)
{
    return matMulOptions(request, false);
}

} // namespace

void matmulCpuKernels(KernelTable& table)
{
    table.add(DeviceKind::Cpu, "MatMul", &matMul);
}

} // namespace weft
