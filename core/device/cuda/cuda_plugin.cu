// The one export of libweft_cuda.so.
#include <string>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"
#include "core/device/plugin.h"
#include "weft_build_id.h"

namespace weft {

void registerCudaKernels(KernelTable& table); // generated

namespace {

/// Why CUDA cannot run here, or nullptr. The driver is asked first: without one every call fails alike.
const char* cudaRefusal()
{
    int count = 0;
    switch (const cudaError_t code = cudaGetDeviceCount(&count)) {
    case cudaSuccess: return nullptr;
    case cudaErrorInsufficientDriver: return "the NVIDIA driver is missing or older than the CUDA toolkit this was built with.";
    case cudaErrorNoDevice: return "there is a driver, but no NVIDIA GPU.";
    default: {
        static std::string reason;
        reason = std::string("CUDA says: ") + cudaGetErrorString(code) + ".";
        return reason.c_str();
    }
    }
}

} // namespace

} // namespace weft

extern "C" __attribute__((visibility("default"))) const char* weftPlugin(const char* buildId, weft::KernelTable& table)
{
    if (const char* reason = weft::pluginRefusal(buildId, WEFT_BUILD_ID))
        return reason;
    if (const char* reason = weft::cudaRefusal())
        return reason;
    table.addDevices(weft::DeviceKind::Cuda, {weft::listCudaDevices, weft::openCudaDevice});
    weft::registerCudaKernels(table);
    return nullptr;
}
