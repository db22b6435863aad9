// Streams and events.
#include "tests/cuda_host/host_streams.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_clock.h"

using namespace weft;

/// All that was in a stream when it was recorded.
struct HostEvent {
    bool isTimed = false;
    std::shared_ptr<HostQueue> queue; ///< null: never recorded
    std::uint64_t place = 0;
    std::shared_ptr<HostCapture> capture; ///< recorded in one, of which `place` is one of the branch
    std::size_t branch = 0;
    std::shared_ptr<double> time = std::make_shared<double>(0.0); ///< in milliseconds, when all of it was done
};

namespace weft {

std::atomic<double> clockOnHost = 0;
constexpr double timeOfKernel = 1e-3; ///< in milliseconds, of any

void passOnHost(double milliseconds)
{
    clockOnHost += milliseconds;
}

void HostQueue::add(HostWork next)
{
    work.push_back(std::move(next));
    ++enqueued;
}

void HostQueue::workUntil(std::uint64_t place)
{
    if (done >= place)
        return;
    const OpenCardMemory open(card);
    while (done < place) {
        work.front()(); // It stays where it does not end.
        work.pop_front();
        ++done;
    }
}

std::shared_ptr<HostQueue> queueOf(cudaStream_t stream, cudaError_t& fault)
{
    if (!isAlive(HostThing::Stream, stream)) {
        fault = cudaErrorInvalidResourceHandle;
        return nullptr;
    }
    fault = lossOf(stream->queue->card);
    return fault == cudaSuccess ? stream->queue : nullptr;
}

cudaError_t enqueue(cudaStream_t stream, HostWork work)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (!queue->capture)
        queue->add(std::move(work));
    else if (queue->capture->fault != cudaSuccess)
        return answer(cudaErrorStreamCaptureInvalidated);
    else
        queue->capture->add(queue->branch, {std::move(work), 0, 0});
    return cudaSuccess;
}

int enqueueOnHost(HostStream* stream, HostWork work)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (queue && queue->card != cardAtHand())
        return answer(cudaErrorInvalidResourceHandle);
    if (queue)
        queue->hasRun = true;
    return enqueue(stream, [work = std::move(work)] {
        work();
        passOnHost(timeOfKernel);
    });
}

void launchOnHost(HostStream* stream, HostWork kernel)
{
    enqueueOnHost(stream, std::move(kernel));
}

namespace {

std::atomic<int> waits = 0;

/// On a card the host would wait for ever.
[[noreturn]] void hang()
{
    std::fputs("The host waits for work of a card that never ends.\n", stderr);
    std::abort();
}

cudaError_t wait(HostQueue& queue, std::uint64_t place)
{
    try {
        queue.workUntil(place);
    } catch (const HostStall&) {
        hang();
    }
    if (!std::exchange(queue.hasRun, false))
        return lossOf(queue.card);
    if (++waits != numberIn("WEFT_TEST_CARD_LOST_AT", 0))
        return lossOf(queue.card);
    const cudaError_t fault = numberIn("WEFT_TEST_CARD_FAULT", cudaErrorLaunchFailure);
    lose(queue.card, fault);
    return fault;
}

} // namespace

int waitsOnHost()
{
    return waits;
}

cudaError_t finish(HostQueue& queue)
{
    return wait(queue, queue.enqueued);
}

} // namespace weft

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned)
{
    if (const cudaError_t loss = lossOf(cardAtHand()); loss != cudaSuccess)
        return answer(loss);
    *stream = new HostStream{std::make_shared<HostQueue>()};
    (*stream)->queue->card = cardAtHand();
    isBorn(HostThing::Stream, *stream);
    return cudaSuccess;
}

/// Returns at once: what is in the stream goes on by itself, and nobody can say how far.
cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    if (!isAlive(HostThing::Stream, stream))
        return answer(cudaErrorInvalidResourceHandle);
    if (stream->queue->capture)
        refusedInCapture(*stream->queue);
    const cudaError_t loss = lossOf(stream->queue->card);
    dies(HostThing::Stream, stream);
    delete stream;
    return answer(loss);
}

/// Work has only begun at the first question; a piece of it is done between others.
cudaError_t cudaStreamQuery(cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (queue->capture)
        return answer(refusedInCapture(*queue));
    if (queue->work.empty()) {
        queue->isWatched = false;
        return answer(finish(*queue));
    }
    try {
        if (std::exchange(queue->isWatched, true))
            queue->workUntil(queue->done + 1);
    } catch (const HostStall&) {
        // It is as far as it was.
    }
    return answer(cudaErrorNotReady);
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    return answer(queue->capture ? refusedInCapture(*queue) : finish(*queue));
}

namespace {

cudaError_t makeEvent(cudaEvent_t* event, bool isTimed)
{
    if (const cudaError_t loss = lossOf(cardAtHand()); loss != cudaSuccess)
        return answer(loss);
    *event = new HostEvent;
    (*event)->isTimed = isTimed;
    isBorn(HostThing::Event, *event);
    return cudaSuccess;
}

/// A stream that is recorded waits: only for what is recorded with it.
cudaError_t waitInCapture(HostQueue& queue, const HostEvent& event)
{
    HostCapture& capture = *queue.capture;
    if (event.capture != queue.capture)
        return capture.fault = cudaErrorStreamCaptureIsolation;
    capture.add(queue.branch, {{}, event.branch, static_cast<std::size_t>(event.place)});
    return cudaSuccess;
}

} // namespace

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (!isAlive(HostThing::Event, event))
        return answer(cudaErrorInvalidResourceHandle);
    const HostEvent recorded = *event;
    if (recorded.capture && recorded.capture->queues.empty())
        return answer(cudaErrorCapturedEvent); // which has ended
    if (recorded.capture && !queue->capture)
        recorded.capture->join(queue, recorded.capture);
    if (queue->capture)
        return answer(waitInCapture(*queue, recorded));
    if (recorded.queue)
        queue->add([recorded] { recorded.queue->workUntil(recorded.place); });
    return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags)
{
    return makeEvent(event, (flags & cudaEventDisableTiming) == 0);
}

cudaError_t cudaEventCreate(cudaEvent_t* event)
{
    return makeEvent(event, true);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end)
{
    for (const cudaEvent_t event : {begin, end}) {
        if (!isAlive(HostThing::Event, event) || !event->isTimed || !event->queue)
            return answer(cudaErrorInvalidResourceHandle);
        if (event->queue->done < event->place)
            return answer(cudaErrorNotReady);
    }
    *milliseconds = static_cast<float>(*end->time - *begin->time);
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    if (!dies(HostThing::Event, event))
        return answer(cudaErrorInvalidResourceHandle);
    delete event;
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (!isAlive(HostThing::Event, event))
        return answer(cudaErrorInvalidResourceHandle);
    event->capture = queue->capture;
    event->branch = queue->branch;
    if (queue->capture) {
        event->place = queue->capture->branches[queue->branch].size();
        return cudaSuccess;
    }
    if (event->isTimed)
        queue->add([time = event->time] { *time = clockOnHost; });
    event->queue = queue;
    event->place = queue->enqueued;
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
    if (!isAlive(HostThing::Event, event))
        return answer(cudaErrorInvalidResourceHandle);
    if (event->capture)
        return answer(cudaErrorCapturedEvent);
    return answer(event->queue ? wait(*event->queue, event->place) : cudaSuccess);
}
