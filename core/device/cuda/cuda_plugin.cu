// The one export of libweft_cuda.so.
#include "core/device/cuda/cuda_device.h"
#include "core/device/plugin.h"
#include "weft_build_id.h"

namespace weft {

void registerCudaKernels(KernelTable& table); // generated

} // namespace weft

extern "C" __attribute__((visibility("default"))) const char* weftPlugin(const char* buildId, weft::KernelTable& table,
                                                                         weft::RefusalArguments& arguments)
{
    if (const char* reason = weft::pluginRefusal(buildId, WEFT_BUILD_ID))
        return reason;
    if (const char* reason = weft::cudaRefusal(arguments))
        return reason;
    table.addDevices(weft::DeviceKind::Cuda, {weft::listCudaDevices, weft::openCudaDevice});
    weft::registerCudaKernels(table);
    return nullptr;
}
