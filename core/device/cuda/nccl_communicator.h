#pragma once

#include <chrono>

#include <nccl.h>

#include "core/device/cuda/nccl_library.h"

namespace weft {

/// A communicator of NCCL none of whose calls blocks: what a call begins is awaited with an eye on its faults and on the
/// clock, so that a rank that fails leaves no other one waiting inside NCCL.
class NcclCommunicator {
public:
    using Patience = std::chrono::milliseconds;

    /// Joins all ranks. Throws LostRankError where they do not all come within `patience`, Error for a fault of this rank.
    NcclCommunicator(int ranks, const ncclUniqueId& id, int rank, Patience patience);
    /// Leaves at once, whatever is under way, unless `close` has been called.
    ~NcclCommunicator();
    NcclCommunicator(const NcclCommunicator&) = delete;
    NcclCommunicator& operator=(const NcclCommunicator&) = delete;

    /// Adds up over all ranks, in place; once this returns `stream` holds the sum, and may be recorded and waited for.
    void sum(float* data, std::size_t count, cudaStream_t stream);
    /// Throws LostRankError where another rank can no longer be reached.
    void check() const;
    /// The end of a run in which all ranks are still there and no sum is under way.
    void close();

private:
    void settle(ncclResult_t begun, Patience patience) const;

    const NcclLibrary& m_nccl = ncclLibrary();
    ncclComm_t m_handle = nullptr;
    Patience m_patience;
};

/// Throws Error, in NCCL's own words, for a call that failed.
void checkNccl(ncclResult_t result);

} // namespace weft
