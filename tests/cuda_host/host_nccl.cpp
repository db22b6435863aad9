// NCCL among cards of the host: sums are those of the ranks' own collectives, taken when their stream gets to them.
#include "tests/cuda_host/host_nccl.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/device/cuda/nccl_library.h"
#include "tests/cuda_host/card_memory.h"

struct HostRanks {
    weft::Collectives* ranks;
};

namespace {

thread_local weft::Collectives* others = nullptr;
constexpr char idOfRanks[] = "the id of rank 0";

/// A rank whose number stands in this variable has no NCCL.
bool isWithoutNccl()
{
    const char* rank = std::getenv("WEFT_TEST_WITHOUT_NCCL");
    return rank && std::stoi(rank) == others->rank();
}

} // namespace

namespace weft {

void setHostRanks(Collectives& ranks)
{
    others = &ranks;
}

const NcclLibrary& ncclLibrary()
{
    static const NcclLibrary library{ncclGetUniqueId, ncclCommInitRank,   ncclCommDestroy, ncclCommAbort, ncclCommGetAsyncError,
                                     ncclAllReduce,   ncclGetErrorString, ncclGetLastError};
    if (isWithoutNccl())
        throw Error(WEFT_TEXT("Cuda", "Several ranks on graphics cards need NVIDIA's NCCL, which cannot be opened here: %1."), "libnccl.so.2");
    return library;
}

} // namespace weft

ncclResult_t ncclGetUniqueId(ncclUniqueId* id)
{
    std::memcpy(id->internal, idOfRanks, sizeof idOfRanks);
    return ncclSuccess;
}

ncclResult_t ncclCommInitRank(ncclComm_t* ranks, int size, ncclUniqueId id, int rank)
{
    constexpr ncclResult_t invalidArgument = 4;
    if (std::memcmp(id.internal, idOfRanks, sizeof idOfRanks) != 0 || size != others->size() || rank != others->rank())
        return invalidArgument;
    *ranks = new HostRanks{others};
    return ncclSuccess;
}

ncclResult_t ncclCommDestroy(ncclComm_t ranks)
{
    delete ranks;
    return ncclSuccess;
}

ncclResult_t ncclCommAbort(ncclComm_t ranks)
{
    delete ranks;
    return ncclSuccess;
}

ncclResult_t ncclCommGetAsyncError(ncclComm_t, ncclResult_t* result)
{
    *result = ncclSuccess;
    return ncclSuccess;
}

ncclResult_t ncclAllReduce(const void* from, void* to, std::size_t count, ncclDataType_t, ncclRedOp_t, ncclComm_t ranks, cudaStream_t stream)
{
    weft::enqueueOnHost(stream, [=] {
        std::vector<float> sum(count);
        {
            const weft::OpenCardMemory open;
            std::copy_n(static_cast<const float*>(from), count, sum.data());
        }
        ranks->ranks->startSum(sum.data(), static_cast<std::int64_t>(count), weft::WireFormat::Float32);
        ranks->ranks->finishSum(sum.data());
        const weft::OpenCardMemory open;
        std::copy(sum.begin(), sum.end(), static_cast<float*>(to));
    });
    return ncclSuccess;
}

const char* ncclGetErrorString(ncclResult_t)
{
    return "an error of the host";
}

const char* ncclGetLastError(ncclComm_t)
{
    return "";
}
