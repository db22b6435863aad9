#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/event.h"
#include "core/device/cuda/nccl_communicator.h"
#include "core/device/cuda/rank_exchange.h"

namespace weft {

namespace {

/// Sums of a communicator in a stream of their own. Streams meet by events alone, so that a CUDA graph can hold it all.
class NcclExchange : public RankExchange {
public:
    NcclExchange(int ranks, const ncclUniqueId& id, int rank, cudaStream_t compute, std::chrono::milliseconds patience) :
        m_ranks(ranks, id, rank, patience), m_compute(compute)
    {
        checkCuda(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "a stream");
    }
    ~NcclExchange() override
    {
        // Sums that never end, for a rank is gone, would keep the end waiting.
        const bool isIdle = cudaStreamQuery(m_stream) == cudaSuccess;
        cudaGetLastError(); // "Not ready" is no fault.
        if (m_areAllJoined && isIdle)
            m_ranks.close();
        cudaStreamDestroy(m_stream);
    }
    NcclExchange(const NcclExchange&) = delete;
    NcclExchange& operator=(const NcclExchange&) = delete;

    void allHaveJoined() { m_areAllJoined = true; }

    void start(float* data, std::int64_t count) override
    {
        Sum& sum = m_sums[data];
        sum.isReady.order(m_compute, m_stream);
        m_ranks.sum(data, static_cast<std::size_t>(count), m_stream);
        sum.isDone.record(m_stream);
    }
    void finish(const float* data) override { m_sums.at(data).isDone.await(m_compute); }
    void check() override { m_ranks.check(); }

private:
    struct Sum {
        CudaEvent isReady;
        CudaEvent isDone;
    };

    NcclCommunicator m_ranks;
    bool m_areAllJoined = false;
    cudaStream_t m_compute;
    cudaStream_t m_stream = nullptr;
    std::map<const float*, Sum> m_sums; ///< by address: plans use the same ones in each run
};

/// What `step` throws on one rank is thrown on all: nobody goes on alone. Rank 0 says who failed and why; who only waited in
/// vain for another is named where nobody knows more.
void together(Collectives& ranks, const std::function<void()>& step)
{
    std::string fault, waiting;
    try {
        step();
    } catch (const LostRankError& error) {
        waiting = error.what();
    } catch (const Error& error) {
        fault = error.what();
    }
    double faults[] = {fault.empty() && waiting.empty() ? 0.0 : 1.0};
    ranks.sum(faults);
    if (faults[0] == 0.0)
        return;
    std::vector<std::string> texts = ranks.gather(fault);
    const std::vector<std::string> ofWaiting = ranks.gather(waiting);
    texts.insert(texts.end(), ofWaiting.begin(), ofWaiting.end());
    const auto first = std::find_if(texts.begin(), texts.end(), [](const std::string& text) { return !text.empty(); });
    if (first != texts.end())
        throw Error(WEFT_TEXT("Cuda", "Rank %1 cannot train with the others: %2"), (first - texts.begin()) % ranks.size(), *first);
    // The others wait until rank 0 has told it and ends them.
    std::vector<std::byte> nothing;
    ranks.broadcast(nothing);
    throw Error(WEFT_TEXT("Cuda", "The ranks cannot train together."));
}

} // namespace

std::unique_ptr<RankExchange> joinCards(Collectives& ranks, void* stream, std::chrono::milliseconds patience)
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
    std::unique_ptr<NcclExchange> exchange;
    together(ranks, [&] { exchange = std::make_unique<NcclExchange>(ranks.size(), id, ranks.rank(), static_cast<cudaStream_t>(stream), patience); });
    exchange->allHaveJoined();
    return exchange;
}

} // namespace weft
