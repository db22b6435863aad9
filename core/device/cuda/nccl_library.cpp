#include "core/device/cuda/nccl_library.h"

#include <filesystem>
#include <string>

#include <dlfcn.h>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr const char* fileName = "libnccl.so.2";

/// Beside the CUDA runtime, where the linker's own ways do not lead.
std::string besideCuda()
{
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(&cudaGetDeviceCount), &info) == 0 || !info.dli_fname)
        return fileName;
    return (std::filesystem::path(info.dli_fname).parent_path() / fileName).string();
}

void* opened()
{
    if (void* library = dlopen(fileName, RTLD_NOW | RTLD_LOCAL))
        return library;
    const char* reason = dlerror();
    const std::string first = reason ? reason : "";
    if (void* library = dlopen(besideCuda().c_str(), RTLD_NOW | RTLD_LOCAL))
        return library;
    throw Error(WEFT_TEXT("Cuda", "Several ranks on graphics cards need NVIDIA's NCCL, which cannot be opened here: %1."), first);
}

template <class Function> void find(void* library, const char* name, Function& function)
{
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function)
        throw Error(WEFT_TEXT("Cuda", "NCCL is too old here: it has no %1."), name);
}

NcclLibrary loaded()
{
    void* library = opened();
    NcclLibrary all;
    find(library, "ncclGetUniqueId", all.getUniqueId);
    find(library, "ncclCommInitRankConfig", all.commInitRankConfig);
    find(library, "ncclCommFinalize", all.commFinalize);
    find(library, "ncclCommDestroy", all.commDestroy);
    find(library, "ncclCommAbort", all.commAbort);
    find(library, "ncclCommGetAsyncError", all.commGetAsyncError);
    find(library, "ncclAllReduce", all.allReduce);
    find(library, "ncclGetErrorString", all.getErrorString);
    find(library, "ncclGetLastError", all.getLastError);
    return all;
}

} // namespace

const NcclLibrary& ncclLibrary()
{
    static const NcclLibrary library = loaded();
    return library;
}

} // namespace weft
