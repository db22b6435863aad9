// NCCL among cards of the host: sums are those of the ranks' own collectives, taken when their stream gets to them.
#include "tests/cuda_host/host_nccl.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/device/cuda/nccl_library.h"

namespace {

/// What sums in a stream know of their communicator, which may go before they come: then they end at once.
struct Membership {
    weft::Collectives* ranks;
    std::atomic<ncclResult_t> outcome = ncclSuccess;
    std::atomic<bool> hasLeft = false;

    void add(const void* from, void* to, std::size_t count);
};

} // namespace

/// As NCCL's without blocking: a call is through only when its state has been asked for, and what it does in a stream
/// comes there no sooner.
struct HostRanks {
    std::shared_ptr<Membership> member;
    std::function<void()> begun;
    int questions = 0; ///< until what was begun is through
    bool isFinalized = false;

    bool isUnderWay() const { return questions > 0; }
    ncclResult_t begin(std::function<void()> work)
    {
        if (isUnderWay())
            return ncclInvalidUsage;
        begun = std::move(work);
        questions = 2;
        return ncclInProgress;
    }
    ncclResult_t state()
    {
        if (!isUnderWay())
            return member->outcome;
        if (--questions == 0 && begun)
            std::exchange(begun, nullptr)();
        return isUnderWay() ? ncclInProgress : member->outcome.load();
    }
};

namespace {

thread_local weft::Collectives* others = nullptr;
constexpr char idOfRanks[] = "the id of rank 0";
constexpr int never = std::numeric_limits<int>::max();

/// The rank whose number stands in an environment variable, -1 where it is not set.
int rankIn(const char* variable)
{
    const char* rank = std::getenv(variable);
    return rank ? std::stoi(rank) : -1;
}

/// Where a rank is lost the sum never ends. With WEFT_TEST_NCCL_TELLS only who asks the communicator hears of it, else the host by
/// its own ways.
void Membership::add(const void* from, void* to, std::size_t count)
{
    if (hasLeft)
        return;
    if (outcome != ncclSuccess)
        throw weft::HostStall();
    const auto* own = static_cast<const float*>(from);
    std::vector<float> sum(own, own + count);
    try {
        ranks->startSum(sum.data(), static_cast<std::int64_t>(count), weft::WireFormat::Float32);
        ranks->finishSum(sum.data());
    } catch (const weft::Error&) {
        outcome = ncclRemoteError;
        if (std::getenv("WEFT_TEST_NCCL_TELLS"))
            throw weft::HostStall();
        throw;
    }
    std::copy(sum.begin(), sum.end(), static_cast<float*>(to));
}

} // namespace

namespace weft {

void setHostRanks(Collectives& ranks)
{
    others = &ranks;
}

const NcclLibrary& ncclLibrary()
{
    static const NcclLibrary library{ncclGetUniqueId,       ncclCommInitRankConfig, ncclCommFinalize,   ncclCommDestroy, ncclCommAbort,
                                     ncclCommGetAsyncError, ncclAllReduce,          ncclGetErrorString, ncclGetLastError};
    if (rankIn("WEFT_TEST_WITHOUT_NCCL") == others->rank())
        throw Error(WEFT_TEXT("Cuda", "Several ranks on graphics cards need NVIDIA's NCCL, which cannot be opened here: %1."), "libnccl.so.2");
    return library;
}

} // namespace weft

ncclResult_t ncclGetUniqueId(ncclUniqueId* id)
{
    std::memcpy(id->internal, idOfRanks, sizeof idOfRanks);
    return ncclSuccess;
}

/// The rank in WEFT_TEST_NCCL_FAULT fails, and the others never hear of it.
ncclResult_t ncclCommInitRankConfig(ncclComm_t* ranks, int size, ncclUniqueId id, int rank, ncclConfig_t* config)
{
    if (std::memcmp(id.internal, idOfRanks, sizeof idOfRanks) != 0 || size != others->size() || rank != others->rank() || config->blocking != 0)
        return ncclInvalidArgument;
    *ranks = new HostRanks{std::make_shared<Membership>(), {}, 1};
    (*ranks)->member->ranks = others;
    const int faulty = rankIn("WEFT_TEST_NCCL_FAULT");
    if (faulty == rank)
        (*ranks)->member->outcome = ncclSystemError;
    else if (faulty >= 0)
        (*ranks)->questions = never;
    return ncclInProgress;
}

ncclResult_t ncclCommFinalize(ncclComm_t ranks)
{
    return ranks->begin([ranks] { ranks->isFinalized = true; });
}

ncclResult_t ncclCommDestroy(ncclComm_t ranks)
{
    if (!ranks->isFinalized)
        std::abort(); // NCCL would block here.
    delete ranks;
    return ncclSuccess;
}

ncclResult_t ncclCommAbort(ncclComm_t ranks)
{
    ranks->member->hasLeft = true;
    delete ranks;
    return ncclSuccess;
}

ncclResult_t ncclCommGetAsyncError(ncclComm_t ranks, ncclResult_t* result)
{
    *result = ranks->state();
    return ncclSuccess;
}

ncclResult_t ncclAllReduce(const void* from, void* to, std::size_t count, ncclDataType_t, ncclRedOp_t, ncclComm_t ranks, cudaStream_t stream)
{
    return ranks->begin([=, member = ranks->member] {
        if (weft::enqueueOnHost(stream, [=] { member->add(from, to, count); }) != cudaSuccess)
            member->outcome = ncclUnhandledCudaError;
    });
}

const char* ncclGetErrorString(ncclResult_t)
{
    return "an error of the host";
}

const char* ncclGetLastError(ncclComm_t)
{
    return "";
}
