#include <cstdint>
#include <cstring>
#include <deque>
#include <new>

#include <cuda_runtime.h>

#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_clock.h"
#include "tests/cuda_host/host_recording.h"

/// Work that waits, and how much of it came and went.
struct HostStream {
    std::deque<std::function<void()>> work;
    std::uint64_t enqueued = 0;
    std::uint64_t done = 0;
};

/// All that was in a stream when it was recorded.
struct HostEvent {
    bool isTimed = false;
    HostStream* stream = nullptr;
    std::uint64_t place = 0;
    float time = 0; ///< in milliseconds, when all of it was done
};

namespace {

void workUntil(HostStream* stream, std::uint64_t place)
{
    while (stream && stream->done < place) {
        const std::function<void()> next = std::move(stream->work.front());
        stream->work.pop_front();
        ++stream->done;
        next();
    }
}

} // namespace

namespace weft {

namespace {

thread_local std::vector<std::function<void()>>* recording = nullptr;

} // namespace

float clockOnHost = 0;

void passOnHost(float milliseconds)
{
    clockOnHost += milliseconds;
}

void submitOnHost(std::function<void()> work)
{
    if (recording)
        recording->push_back(std::move(work));
    else
        work();
}

std::vector<std::function<void()>> recordedOnHost(const std::function<void()>& enqueue)
{
    std::vector<std::function<void()>> work;
    recording = &work;
    try {
        enqueue();
    } catch (...) {
        recording = nullptr;
        throw;
    }
    recording = nullptr;
    return work;
}

void enqueueOnHost(cudaStream_t stream, std::function<void()> work)
{
    submitOnHost([stream, work = std::move(work)] {
        if (!stream)
            return work();
        stream->work.push_back(work);
        ++stream->enqueued;
    });
}

} // namespace weft

cudaError_t cudaGetDevice(int* card)
{
    *card = 0;
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int)
{
    *properties = {"the host"};
    return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned)
{
    *stream = new HostStream;
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream)
{
    delete stream;
    return cudaSuccess;
}

cudaError_t cudaStreamQuery(cudaStream_t stream)
{
    return !stream || stream->work.empty() ? cudaSuccess : cudaErrorNotReady;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event)
{
    weft::submitOnHost([=] {
        const HostEvent recorded = *event;
        if (!stream)
            return workUntil(recorded.stream, recorded.place);
        stream->work.push_back([recorded] { workUntil(recorded.stream, recorded.place); });
        ++stream->enqueued;
    });
    return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned)
{
    *event = new HostEvent;
    return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event)
{
    *event = new HostEvent{.isTimed = true};
    return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end)
{
    *milliseconds = end->time - begin->time;
    return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    delete event;
    return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    if (event->isTimed)
        weft::enqueueOnHost(stream, [=] { event->time = weft::clockOnHost; });
    weft::submitOnHost([=] {
        event->stream = stream;
        event->place = stream ? stream->enqueued : 0;
    });
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
    workUntil(event->stream, event->place);
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind, cudaStream_t stream)
{
    weft::enqueueOnHost(stream, [=] {
        const weft::OpenCardMemory open;
        std::memcpy(to, from, bytes);
    });
    return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t stream)
{
    weft::enqueueOnHost(stream, [=] {
        const weft::OpenCardMemory open;
        std::memset(memory, value, bytes);
    });
    return cudaSuccess;
}

cudaError_t cudaGetLastError()
{
    return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes)
{
    *memory = weft::allocateCardMemory(bytes);
    return cudaSuccess;
}

cudaError_t cudaFree(void* memory)
{
    weft::freeCardMemory(memory, 0);
    return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, std::size_t bytes, unsigned)
{
    *memory = ::operator new(bytes);
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory)
{
    ::operator delete(memory);
    return cudaSuccess;
}
