// Stands in for the library of the driver where there is none: cuDNN takes it to load what it compiled for a card whose
// properties it was told. Nothing can be run; what asks for a card hears that there is none.

namespace {

constexpr int success = 0, noDevice = 100;

int give(void** handle)
{
    static char something;
    *handle = &something;
    return success;
}

} // namespace

#define WEFT_GIVES(name)                                                                                                                             \
    extern "C" int name(void** handle)                                                                                                               \
    {                                                                                                                                                \
        return give(handle);                                                                                                                         \
    }
#define WEFT_ANSWERS(name, code)                                                                                                                     \
    extern "C" int name()                                                                                                                            \
    {                                                                                                                                                \
        return code;                                                                                                                                 \
    }

WEFT_GIVES(cuLibraryLoadData)
WEFT_GIVES(cuLibraryGetKernel)
WEFT_GIVES(cuModuleLoadData)
WEFT_GIVES(cuModuleLoadDataEx)
WEFT_GIVES(cuModuleGetFunction)
WEFT_ANSWERS(cuLibraryUnload, success)
WEFT_ANSWERS(cuModuleUnload, success)
WEFT_ANSWERS(cuKernelSetAttribute, success)
WEFT_ANSWERS(cuFuncSetAttribute, success)

WEFT_ANSWERS(cuCtxGetCurrent, noDevice)
WEFT_ANSWERS(cuCtxGetDevice, noDevice)
WEFT_ANSWERS(cuCtxGetLimit, noDevice)
WEFT_ANSWERS(cuCtxPopCurrent, noDevice)
WEFT_ANSWERS(cuCtxPushCurrent, noDevice)
WEFT_ANSWERS(cuDeviceGet, noDevice)
WEFT_ANSWERS(cuDeviceGetAttribute, noDevice)
WEFT_ANSWERS(cuDeviceGetCount, noDevice)
WEFT_ANSWERS(cuDevicePrimaryCtxRelease, noDevice)
WEFT_ANSWERS(cuDevicePrimaryCtxReset, noDevice)
WEFT_ANSWERS(cuDevicePrimaryCtxRetain, noDevice)
WEFT_ANSWERS(cuDriverGetVersion, noDevice)
WEFT_ANSWERS(cuFuncGetAttribute, noDevice)
WEFT_ANSWERS(cuGetErrorName, noDevice)
WEFT_ANSWERS(cuGetErrorString, noDevice)
WEFT_ANSWERS(cuInit, noDevice)
WEFT_ANSWERS(cuKernelGetAttribute, noDevice)
WEFT_ANSWERS(cuLaunchCooperativeKernel, noDevice)
WEFT_ANSWERS(cuLaunchKernel, noDevice)
WEFT_ANSWERS(cuLaunchKernelEx, noDevice)
WEFT_ANSWERS(cuLibraryLoadFromFile, noDevice)
WEFT_ANSWERS(cuLinkAddData, noDevice)
WEFT_ANSWERS(cuLinkAddData_v2, noDevice)
WEFT_ANSWERS(cuLinkAddFile_v2, noDevice)
WEFT_ANSWERS(cuLinkComplete, noDevice)
WEFT_ANSWERS(cuLinkCreate, noDevice)
WEFT_ANSWERS(cuLinkCreate_v2, noDevice)
WEFT_ANSWERS(cuLinkDestroy, noDevice)
WEFT_ANSWERS(cuMemcpyDtoH_v2, noDevice)
WEFT_ANSWERS(cuModuleGetGlobal_v2, noDevice)
WEFT_ANSWERS(cuModuleLoadFatBinary, noDevice)
WEFT_ANSWERS(cuOccupancyMaxActiveBlocksPerMultiprocessor, noDevice)
WEFT_ANSWERS(cuOccupancyMaxPotentialClusterSize, noDevice)
WEFT_ANSWERS(cuStreamGetCtx, noDevice)
WEFT_ANSWERS(cuStreamSynchronize, noDevice)
WEFT_ANSWERS(cuTensorMapEncodeTiled, noDevice)
