// Streams that are recorded, and the graphs that come of it. What a graph's work reads by a pointer is what lies there when it
// is replayed; its branches know of each other what was waited for when they were recorded.
#include <set>
#include <thread>
#include <utility>

#include "tests/cuda_host/host_streams.h"

using namespace weft;

struct HostGraphOfWork {
    std::shared_ptr<const HostBranches> branches;
};

struct HostExecutable {
    std::shared_ptr<const HostBranches> branches;
};

namespace weft {

namespace {

/// What this thread began to record.
thread_local std::set<std::shared_ptr<HostCapture>> recordings;

/// Whether the first branch has waited for all that is in the others.
bool isJoined(const HostBranches& branches)
{
    std::vector<std::size_t> reached(branches.size());
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, branches[0].size()}};
    while (!open.empty()) {
        const auto [branch, place] = open.back();
        open.pop_back();
        for (; reached[branch] < place; ++reached[branch]) {
            if (const HostNode& node = branches[branch][reached[branch]]; !node.work)
                open.emplace_back(node.branch, node.place);
        }
    }
    for (std::size_t branch = 0; branch < branches.size(); ++branch) {
        // Behind its last work a branch may only wait.
        for (std::size_t place = reached[branch]; place < branches[branch].size(); ++place) {
            if (branches[branch][place].work)
                return false;
        }
    }
    return true;
}

} // namespace

void HostCapture::join(const std::shared_ptr<HostQueue>& queue, const std::shared_ptr<HostCapture>& self)
{
    queue->capture = self;
    queue->branch = branches.size();
    branches.emplace_back();
    queues.push_back(queue);
}

void workBranch(const HostBranches& branches, std::vector<std::size_t>& done, std::size_t branch, std::size_t place)
{
    while (done[branch] < place) {
        const HostNode& node = branches[branch][done[branch]++];
        if (node.work)
            node.work();
        else
            workBranch(branches, done, node.branch, node.place);
    }
}

cudaError_t refusedWhileRecording()
{
    if (recordings.empty())
        return lossOf(cardAtHand());
    for (const std::shared_ptr<HostCapture>& capture : recordings)
        capture->fault = cudaErrorStreamCaptureUnsupported;
    return cudaErrorStreamCaptureUnsupported;
}

cudaError_t refusedInCapture(HostQueue& queue)
{
    return queue.capture->fault = cudaErrorStreamCaptureUnsupported;
}

} // namespace weft

/// The stand-in knows recordings that forbid one thread what could spoil them.
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (mode != cudaStreamCaptureModeThreadLocal || queue->capture)
        return answer(queue->capture ? cudaErrorIllegalState : cudaErrorInvalidValue);
    const auto capture = std::make_shared<HostCapture>();
    capture->join(queue, capture);
    recordings.insert(capture);
    isBorn(HostThing::Capture, capture.get());
    return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph)
{
    *graph = nullptr;
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    const std::shared_ptr<HostCapture> capture = queue->capture;
    if (!capture)
        return answer(cudaErrorIllegalState);
    if (recordings.count(capture) == 0)
        return answer(cudaErrorStreamCaptureWrongThread);
    if (queue->branch != 0)
        return answer(capture->fault = cudaErrorStreamCaptureUnmatched);
    recordings.erase(capture);
    dies(HostThing::Capture, capture.get());
    for (const std::shared_ptr<HostQueue>& one : std::exchange(capture->queues, {}))
        one->capture = nullptr;
    if (capture->fault != cudaSuccess)
        return answer(cudaErrorStreamCaptureInvalidated);
    if (!isJoined(capture->branches))
        return answer(cudaErrorStreamCaptureUnjoined);
    *graph = new HostGraphOfWork{std::make_shared<const HostBranches>(std::move(capture->branches))};
    isBorn(HostThing::Graph, *graph);
    return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long)
{
    if (!isAlive(HostThing::Graph, graph))
        return answer(cudaErrorInvalidValue);
    if (const cudaError_t fault = lossOf(cardAtHand()); fault != cudaSuccess)
        return answer(fault);
    *executable = new HostExecutable{graph->branches};
    isBorn(HostThing::Executable, *executable);
    return cudaSuccess;
}

/// A graph within a recording is none that we know.
cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (!isAlive(HostThing::Executable, executable))
        return answer(cudaErrorInvalidValue);
    if (queue->capture)
        return answer(refusedInCapture(*queue));
    queue->hasRun = true;
    queue->add([branches = executable->branches] {
        std::vector<std::size_t> done(branches->size());
        workBranch(*branches, done, 0, branches->front().size());
    });
    return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
    if (!dies(HostThing::Graph, graph))
        return answer(cudaErrorInvalidValue);
    delete graph;
    return cudaSuccess;
}

/// What was launched goes on.
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable)
{
    if (!dies(HostThing::Executable, executable))
        return answer(cudaErrorInvalidValue);
    delete executable;
    return cudaSuccess;
}
