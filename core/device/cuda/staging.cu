#include "core/device/cuda/staging.h"

#include <cstring>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"

namespace weft {

namespace {

cudaStream_t stream(void* handle)
{
    return static_cast<cudaStream_t>(handle);
}

} // namespace

struct Staging::Way {
    Way(std::size_t size, cudaEvent_t taken) : bytes(size), isTaken(taken)
    {
        checkCuda(cudaEventCreateWithFlags(&isThere, cudaEventDisableTiming), "an event");
        if (cudaHostAlloc(&onHost, bytes, cudaHostAllocDefault) != cudaSuccess || cudaMalloc(&onCard, bytes) != cudaSuccess)
            cudaGetLastError(); // The next call shall not find it.
    }
    ~Way()
    {
        // The copies to the card and on it may still be under way.
        cudaEventSynchronize(isThere);
        cudaEventSynchronize(isTaken);
        cudaEventDestroy(isThere);
        cudaFree(onCard);
        if (onHost)
            cudaFreeHost(onHost);
    }
    Way(const Way&) = delete;
    Way& operator=(const Way&) = delete;

    std::size_t bytes;
    std::size_t sent = 0; ///< of them, by the copy under way: the last batch of an epoch may be smaller
    void* onHost = nullptr;
    void* onCard = nullptr;
    cudaEvent_t isThere = nullptr;
    cudaEvent_t isTaken; ///< of all ways
    bool isUnderWay = false;
};

Staging::Staging(void* compute) : m_compute(compute)
{
    cudaStream_t copies = nullptr;
    checkCuda(cudaStreamCreateWithFlags(&copies, cudaStreamNonBlocking), "a stream");
    m_stream = copies;
    cudaEvent_t taken = nullptr;
    checkCuda(cudaEventCreateWithFlags(&taken, cudaEventDisableTiming), "an event");
    m_taken = taken;
}

Staging::~Staging()
{
    m_ways.clear();
    cudaEventDestroy(static_cast<cudaEvent_t>(m_taken));
    cudaStreamDestroy(stream(m_stream));
}

bool Staging::begin(void* to, const void* from, std::size_t bytes)
{
    std::unique_ptr<Way>& way = m_ways[to];
    if (!way || way->bytes < bytes)
        way = std::make_unique<Way>(bytes, static_cast<cudaEvent_t>(m_taken));
    if (!way->onCard)
        return false;
    // The last copy has mostly ended long ago: a run lies between.
    checkCuda(cudaEventSynchronize(way->isThere), "to finish a copy");
    std::memcpy(way->onHost, from, bytes);
    checkCuda(cudaStreamWaitEvent(stream(m_stream), static_cast<cudaEvent_t>(m_taken)), "to wait for an event");
    checkCuda(cudaMemcpyAsync(way->onCard, way->onHost, bytes, cudaMemcpyHostToDevice, stream(m_stream)), "a copy to it");
    checkCuda(cudaEventRecord(way->isThere, stream(m_stream)), "an event");
    way->sent = bytes;
    way->isUnderWay = true;
    return true;
}

void Staging::arrive()
{
    bool isAny = false;
    for (const auto& [to, way] : m_ways) {
        if (!way->isUnderWay)
            continue;
        checkCuda(cudaStreamWaitEvent(stream(m_compute), way->isThere), "to wait for an event");
        checkCuda(cudaMemcpyAsync(const_cast<void*>(to), way->onCard, way->sent, cudaMemcpyDeviceToDevice, stream(m_compute)), "a copy");
        way->isUnderWay = false;
        isAny = true;
    }
    if (isAny)
        checkCuda(cudaEventRecord(static_cast<cudaEvent_t>(m_taken), stream(m_compute)), "an event");
}

void Staging::forget(const void* to)
{
    m_ways.erase(to);
}

} // namespace weft
