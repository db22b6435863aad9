#pragma once

#include <nccl.h>

namespace weft {

/// The functions of libnccl.so.2, which is opened when several ranks train on cards: nobody else needs its 200 MB.
struct NcclLibrary {
    decltype(&ncclGetUniqueId) getUniqueId = nullptr;
    decltype(&ncclCommInitRankConfig) commInitRankConfig = nullptr;
    decltype(&ncclCommFinalize) commFinalize = nullptr;
    decltype(&ncclCommDestroy) commDestroy = nullptr;
    decltype(&ncclCommAbort) commAbort = nullptr;
    decltype(&ncclCommGetAsyncError) commGetAsyncError = nullptr;
    decltype(&ncclAllReduce) allReduce = nullptr;
    decltype(&ncclGetErrorString) getErrorString = nullptr;
    decltype(&ncclGetLastError) getLastError = nullptr;
};

/// The library of this process. Throws Error when it is not installed.
const NcclLibrary& ncclLibrary();

} // namespace weft
