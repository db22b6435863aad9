#include "core/device/cuda/nccl_communicator.h"

#include <algorithm>
#include <thread>

#include "core/base/error.h"
#include "core/device/collectives.h"

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;

constexpr NcclCommunicator::Patience farewell = std::chrono::seconds(10);

/// Most calls are through after some microseconds; joining takes seconds, and needs no core for it.
void pauseBefore(int question)
{
    constexpr int eagerQuestions = 1000;
    if (question < eagerQuestions)
        std::this_thread::yield();
    else
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

} // namespace

void checkNccl(ncclResult_t result)
{
    if (result != ncclSuccess)
        throw Error(WEFT_TEXT("Cuda", "NCCL could not add up gradients: %1. %2"), ncclLibrary().getErrorString(result),
                    ncclLibrary().getLastError(nullptr));
}

NcclCommunicator::NcclCommunicator(int ranks, const ncclUniqueId& id, int rank, Patience patience) : m_patience(patience)
{
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    try {
        settle(m_nccl.commInitRankConfig(&m_handle, ranks, id, rank, &config), m_patience);
    } catch (const Error&) {
        if (m_handle)
            m_nccl.commAbort(m_handle);
        throw;
    }
}

NcclCommunicator::~NcclCommunicator()
{
    if (m_handle)
        m_nccl.commAbort(m_handle);
}

void NcclCommunicator::sum(float* data, std::size_t count, cudaStream_t stream)
{
    // Until the call has settled the sum may not be in the stream yet: an event recorded there would come before it.
    settle(m_nccl.allReduce(data, data, count, ncclFloat32, ncclSum, m_handle, stream), m_patience);
}

void NcclCommunicator::check() const
{
    ncclResult_t result = ncclSuccess;
    m_nccl.commGetAsyncError(m_handle, &result);
    if (result != ncclSuccess && result != ncclInProgress)
        throw LostRankError(WEFT_TEXT("Cuda", "The card of another rank can no longer be reached: %1. %2"), m_nccl.getErrorString(result),
                            m_nccl.getLastError(m_handle));
}

void NcclCommunicator::close()
{
    try {
        settle(m_nccl.commFinalize(m_handle), std::min(farewell, m_patience));
    } catch (const Error&) {
        return; // The destructor leaves without a farewell.
    }
    m_nccl.commDestroy(m_handle);
    m_handle = nullptr;
}

void NcclCommunicator::settle(ncclResult_t begun, Patience patience) const
{
    const Clock::time_point end = Clock::now() + patience;
    for (int question = 0; begun == ncclInProgress; ++question) {
        if (Clock::now() > end)
            throw LostRankError(WEFT_TEXT("Cuda",
                                          "The cards of the ranks did not come together within %1 s. See whether another rank has ended, and "
                                          "whether a firewall lies between the machines."),
                                std::chrono::duration_cast<std::chrono::seconds>(patience).count());
        pauseBefore(question);
        checkNccl(m_nccl.commGetAsyncError(m_handle, &begun));
    }
    checkNccl(begun);
}

} // namespace weft
