#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "tests/cuda_host/host_runtime.h"

namespace weft {

/// Work of a graph, or that it waits for another branch to get to a place.
struct HostNode {
    HostWork work;
    std::size_t branch = 0;
    std::size_t place = 0;
};
using HostBranches = std::vector<std::vector<HostNode>>;

struct HostCapture;

/// The work of a stream that waits, how much of it came and went, and who records it. Events and graphs may know it for longer
/// than the stream lives: what nobody waited for by then may never be seen.
struct HostQueue {
    int card = 0;
    std::deque<HostWork> work;
    std::uint64_t enqueued = 0;
    std::uint64_t done = 0;
    bool hasRun = false; ///< kernels that nobody has waited for
    bool isWatched = false; ///< the host asks how far it is
    std::shared_ptr<HostCapture> capture;
    std::size_t branch = 0; ///< of the capture

    void add(HostWork next);
    void workUntil(std::uint64_t place);
};

/// Streams that are recorded together: each is a branch, the first that of the stream where it began.
struct HostCapture {
    HostBranches branches;
    std::vector<std::shared_ptr<HostQueue>> queues;
    cudaError_t fault = cudaSuccess; ///< it went wrong, and can only be ended

    /// Adds what is next in a branch; returns the place behind it.
    void add(std::size_t branch, HostNode node) { branches[branch].push_back(std::move(node)); }
    /// The branch of a stream that joins.
    void join(const std::shared_ptr<HostQueue>& queue, const std::shared_ptr<HostCapture>& self);
};

/// Does the work of `branch` up to a place, and before it what it waits for.
void workBranch(const HostBranches& branches, std::vector<std::size_t>& done, std::size_t branch, std::size_t place);

/// The queue of a stream, null where it is none of this process, with the fault to answer with.
std::shared_ptr<HostQueue> queueOf(cudaStream_t stream, cudaError_t& fault);

/// Adds work to a stream or to who records it.
cudaError_t enqueue(cudaStream_t stream, HostWork work);

/// All work of a stream is done. What the card says to that.
cudaError_t finish(HostQueue& queue);

/// What must not be done while this thread records is done: the recording is spoilt.
cudaError_t refusedWhileRecording();

/// A call that is not for a stream which is recorded: it spoils that.
cudaError_t refusedInCapture(HostQueue& queue);

} // namespace weft

struct HostStream {
    std::shared_ptr<weft::HostQueue> queue;
};
