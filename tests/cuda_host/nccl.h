#pragma once

#include <cstddef>

#include <cuda_runtime.h>

// Stands in for NCCL's header, as cuda_runtime.h beside it does for CUDA's.

using ncclResult_t = int;
inline constexpr ncclResult_t ncclSuccess = 0, ncclUnhandledCudaError = 1, ncclSystemError = 2, ncclInvalidArgument = 4, ncclInvalidUsage = 5,
                              ncclRemoteError = 6, ncclInProgress = 7;
using ncclComm_t = struct HostRanks*;
struct ncclUniqueId {
    char internal[128];
};
struct ncclConfig_t {
    int blocking = 1;
};
#define NCCL_CONFIG_INITIALIZER                                                                                                                      \
    {                                                                                                                                                \
    }
enum ncclDataType_t { ncclFloat32 };
enum ncclRedOp_t { ncclSum };

ncclResult_t ncclGetUniqueId(ncclUniqueId* id);
ncclResult_t ncclCommInitRankConfig(ncclComm_t* ranks, int size, ncclUniqueId id, int rank, ncclConfig_t* config);
ncclResult_t ncclCommFinalize(ncclComm_t ranks);
ncclResult_t ncclCommDestroy(ncclComm_t ranks);
ncclResult_t ncclCommAbort(ncclComm_t ranks);
ncclResult_t ncclCommGetAsyncError(ncclComm_t ranks, ncclResult_t* result);
ncclResult_t ncclAllReduce(const void* from, void* to, std::size_t count, ncclDataType_t type, ncclRedOp_t op, ncclComm_t ranks, cudaStream_t stream);
const char* ncclGetErrorString(ncclResult_t result);
const char* ncclGetLastError(ncclComm_t ranks);
