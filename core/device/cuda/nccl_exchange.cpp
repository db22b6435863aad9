#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/nccl_library.h"
#include "core/device/cuda/rank_exchange.h"

namespace weft {

namespace {

void checkNccl(ncclResult_t result)
{
    if (result != ncclSuccess)
        throw Error(WEFT_TEXT("Cuda", "NCCL could not add up gradients: %1. %2"), ncclLibrary().getErrorString(result),
                    ncclLibrary().getLastError(nullptr));
}

/// An event without a time, which two streams meet by.
class Event {
public:
    Event() { checkCuda(cudaEventCreateWithFlags(&m_event, cudaEventDisableTiming), "an event"); }
    ~Event() { cudaEventDestroy(m_event); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    /// What comes into `later` waits for what is in `earlier` now.
    void order(cudaStream_t earlier, cudaStream_t later) const
    {
        record(earlier);
        await(later);
    }
    void record(cudaStream_t stream) const { checkCuda(cudaEventRecord(m_event, stream), "an event"); }
    void await(cudaStream_t stream) const { checkCuda(cudaStreamWaitEvent(stream, m_event), "to wait for an event"); }

private:
    cudaEvent_t m_event = nullptr;
};

/// Sums of a communicator in a stream of their own. Streams meet by events alone, so that a CUDA graph can hold it all.
class NcclExchange : public RankExchange {
public:
    NcclExchange(int ranks, const ncclUniqueId& id, int rank, cudaStream_t compute) : m_compute(compute)
    {
        checkNccl(m_nccl.commInitRank(&m_ranks, ranks, id, rank));
        checkCuda(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "a stream");
    }
    ~NcclExchange() override
    {
        // Sums that never end, for a rank is gone, would keep the end waiting.
        const bool isIdle = cudaStreamQuery(m_stream) == cudaSuccess;
        cudaGetLastError(); // "Not ready" is no fault.
        isIdle ? m_nccl.commDestroy(m_ranks) : m_nccl.commAbort(m_ranks);
        cudaStreamDestroy(m_stream);
    }
    NcclExchange(const NcclExchange&) = delete;
    NcclExchange& operator=(const NcclExchange&) = delete;

    void start(float* data, std::int64_t count) override
    {
        Sum& sum = m_sums[data];
        sum.isReady.order(m_compute, m_stream);
        checkNccl(m_nccl.allReduce(data, data, static_cast<std::size_t>(count), ncclFloat32, ncclSum, m_ranks, m_stream));
        sum.isDone.record(m_stream);
    }
    void finish(const float* data) override { m_sums.at(data).isDone.await(m_compute); }

    void check() override
    {
        ncclResult_t result = ncclSuccess;
        m_nccl.commGetAsyncError(m_ranks, &result);
        if (result != ncclSuccess && result != ncclInProgress)
            throw LostRankError(WEFT_TEXT("Cuda", "The card of another rank can no longer be reached: %1. %2"), m_nccl.getErrorString(result),
                                m_nccl.getLastError(m_ranks));
    }

private:
    struct Sum {
        Event isReady;
        Event isDone;
    };

    const NcclLibrary& m_nccl = ncclLibrary();
    ncclComm_t m_ranks = nullptr;
    cudaStream_t m_compute;
    cudaStream_t m_stream = nullptr;
    std::map<const float*, Sum> m_sums; ///< by address: plans use the same ones in each run
};

/// What `step` throws on one rank is thrown on all: nobody goes on alone. Rank 0 says who failed and why.
void together(Collectives& ranks, const std::function<void()>& step)
{
    std::string fault;
    try {
        step();
    } catch (const Error& error) {
        fault = error.what();
    }
    double faults[] = {fault.empty() ? 0.0 : 1.0};
    ranks.sum(faults);
    if (faults[0] == 0.0)
        return;
    const std::vector<std::string> texts = ranks.gather(fault);
    for (std::size_t rank = 0; rank < texts.size(); ++rank) {
        if (!texts[rank].empty())
            throw Error(WEFT_TEXT("Cuda", "Rank %1 cannot train with the others: %2"), rank, texts[rank]);
    }
    // The others wait until rank 0 has told it and ends them.
    std::vector<std::byte> nothing;
    ranks.broadcast(nothing);
    throw Error(WEFT_TEXT("Cuda", "The ranks cannot train together."));
}

} // namespace

std::unique_ptr<RankExchange> joinCards(Collectives& ranks, void* stream)
{
    together(ranks, [] { ncclLibrary(); });
    std::vector<std::byte> bytes(sizeof(ncclUniqueId));
    together(ranks, [&] {
        ncclUniqueId fresh{};
        if (ranks.rank() == 0)
            checkNccl(ncclLibrary().getUniqueId(&fresh));
        std::memcpy(bytes.data(), &fresh, sizeof fresh);
    });
    ranks.broadcast(bytes);
    ncclUniqueId id{};
    std::memcpy(&id, bytes.data(), sizeof id);
    std::unique_ptr<RankExchange> exchange;
    together(ranks, [&] { exchange = std::make_unique<NcclExchange>(ranks.size(), id, ranks.rank(), static_cast<cudaStream_t>(stream)); });
    return exchange;
}

} // namespace weft
