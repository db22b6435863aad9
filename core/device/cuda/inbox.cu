#include "core/device/cuda/inbox.h"

#include <algorithm>
#include <cstring>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/queue.h"

namespace weft {

namespace {

constexpr std::size_t alignment = 64;

std::size_t aligned(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace

void CudaInbox::Range::add(const Range& other)
{
    const bool wasEmpty = isEmpty();
    begin = wasEmpty ? other.begin : std::min(begin, other.begin);
    end = wasEmpty ? other.end : std::max(end, other.end);
}

CudaInbox::CudaInbox(Device& device, int card, CudaQueue& queue, cudaStream_t copies, std::size_t feedBytes, std::int64_t samples) :
    m_device(device), m_card(card), m_queue(queue), m_copies(copies), m_stateAt(aligned(feedBytes)),
    m_indicesAt(m_stateAt + aligned(sizeof(StepState))), m_indexBytes(static_cast<std::size_t>(samples) * sizeof(std::int64_t)),
    m_bytes(m_indicesAt + m_indexBytes), m_place(static_cast<std::byte*>(device.allocate(m_bytes)))
{
    void* onHost = nullptr;
    m_isPinned = cudaHostAlloc(&onHost, m_bytes, cudaHostAllocDefault) == cudaSuccess;
    if (!m_isPinned) {
        cudaGetLastError(); // The next call shall not find it.
        onHost = ::operator new(m_bytes);
    }
    m_onHost = static_cast<std::byte*>(onHost);
}

CudaInbox::~CudaInbox()
{
    // Copies from the host's memory and on the card may still be under way. Where the card is lost there is nobody to tell.
    for (const Sending& sending : m_sendings)
        sending.isDone.synchronize();
    if (m_landing)
        m_device.free(m_landing, m_bytes);
    m_device.free(m_place, m_bytes);
    if (m_isPinned)
        cudaFreeHost(m_onHost);
    else
        ::operator delete(m_onHost);
}

cudaStream_t CudaInbox::kernels() const
{
    return static_cast<cudaStream_t>(m_queue.stream);
}

void CudaInbox::select() const
{
    checkCuda(cudaSetDevice(m_card), "to be selected");
}

void CudaInbox::wait(Sending& sending)
{
    if (!sending.range.isEmpty())
        sending.isDone.synchronize("to finish a copy");
    sending.range = {};
}

void CudaInbox::put(std::size_t offset, const void* from, std::size_t bytes)
{
    const Range part{offset, offset + bytes};
    for (Sending& sending : m_sendings) {
        // It has mostly ended long ago: most of a run lies between.
        if (sending.range.meets(part))
            wait(sending);
    }
    std::memcpy(m_onHost + offset, from, bytes);
    m_put.add(part);
}

void CudaInbox::copy(std::byte* to, cudaStream_t stream)
{
    m_last = 1 - m_last;
    Sending& sending = m_sendings[m_last];
    wait(sending);
    checkCuda(cudaMemcpyAsync(to + m_put.begin, m_onHost + m_put.begin, m_put.end - m_put.begin, cudaMemcpyHostToDevice, stream), "a copy to it");
    sending.isDone.record(stream);
    sending.range = m_put;
    m_put = {};
    if (!m_isPinned)
        wait(sending); // Such memory is read when the card gets there.
}

/// The stream of the copies may use it behind the event.
bool CudaInbox::hasLanding()
{
    if (m_landing || m_isFull)
        return m_landing;
    try {
        m_landing = static_cast<std::byte*>(m_device.allocate(m_bytes));
    } catch (const Error&) {
        m_isFull = true;
        return false;
    }
    m_isTaken.record(kernels());
    return true;
}

void CudaInbox::send()
{
    select();
    if (m_put.isEmpty() || !hasLanding())
        return;
    m_isTaken.await(m_copies);
    m_landed.add(m_put);
    copy(m_landing, m_copies);
}

/// What was sent last is there after all that was sent before.
void CudaInbox::arrive()
{
    m_sendings[m_last].isDone.await(kernels());
    checkCuda(
        cudaMemcpyAsync(m_place + m_landed.begin, m_landing + m_landed.begin, m_landed.end - m_landed.begin, cudaMemcpyDeviceToDevice, kernels()),
        "a copy");
    m_isTaken.record(kernels());
    m_landed = {};
}

void CudaInbox::open(const StepState& state)
{
    StepState onCard = state;
    if (state.sampleIndices) {
        put(m_indicesAt, state.sampleIndices, m_indexBytes);
        onCard.sampleIndices = reinterpret_cast<std::int64_t*>(m_place + m_indicesAt);
    }
    put(m_stateAt, &onCard, sizeof onCard);
    select();
    if (!m_landed.isEmpty()) {
        send();
        arrive();
    } else {
        copy(m_place, kernels());
    }
    m_queue.state = reinterpret_cast<StepState*>(m_place + m_stateAt);
}

} // namespace weft
