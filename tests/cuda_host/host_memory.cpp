// Memory of cards, memory of the host that cards reach by themselves, and copies between them.
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <utility>

#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_streams.h"

using namespace weft;

namespace {

/// Memory of the host that stays in place, by address.
std::map<std::uintptr_t, std::size_t> pinned;
std::mutex mutex;

bool isPinned(const void* memory, std::size_t bytes)
{
    const std::scoped_lock lock(mutex);
    auto block = pinned.upper_bound(reinterpret_cast<std::uintptr_t>(memory));
    if (block == pinned.begin())
        return false;
    --block;
    const std::size_t begin = reinterpret_cast<std::uintptr_t>(memory) - block->first;
    return begin <= block->second && bytes <= block->second - begin;
}

cudaError_t allocateFor(HostQueue* queue, void** memory, std::size_t bytes)
{
    *memory = bytes == 0 ? nullptr : allocateCardMemory(cardAtHand(), bytes);
    if (!*memory && bytes > 0 && queue) {
        // What was freed in this stream comes back when it gets there.
        queue->workUntil(queue->enqueued);
        *memory = allocateCardMemory(cardAtHand(), bytes);
    }
    return *memory || bytes == 0 ? cudaSuccess : cudaErrorMemoryAllocation;
}

} // namespace

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int)
{
    static char one;
    *pool = reinterpret_cast<cudaMemPool_t>(&one);
    return answer(lossOf(cardAtHand()));
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*)
{
    return answer(lossOf(cardAtHand()));
}

/// While a stream is recorded it would be memory of the graph, there while that is replayed and gone behind it: none that we use.
cudaError_t cudaMallocAsync(void** memory, std::size_t bytes, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (queue->card != cardAtHand())
        return answer(cudaErrorInvalidValue);
    if (queue->capture)
        return answer(refusedInCapture(*queue));
    const cudaError_t code = allocateFor(queue.get(), memory, bytes);
    if (*memory)
        markAsOfStreams(*memory);
    return answer(code);
}

cudaError_t cudaFreeAsync(void* memory, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (queue->capture)
        return answer(refusedInCapture(*queue));
    if (giveUpCardMemory(queue->card, memory) != CardBlock::OfStreams)
        return answer(cudaErrorInvalidValue);
    return enqueue(stream, [memory] { freeCardMemory(memory); });
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes)
{
    if (const cudaError_t fault = refusedWhileRecording(); fault != cudaSuccess)
        return answer(fault);
    return answer(allocateFor(nullptr, memory, bytes));
}

/// Waits for nobody: CUDA says that it may.
cudaError_t cudaFree(void* memory)
{
    if (const cudaError_t fault = refusedWhileRecording(); fault != cudaSuccess)
        return answer(fault);
    if (!memory)
        return cudaSuccess;
    for (int card = 0; card < hostCards; ++card) {
        if (giveUpCardMemory(card, memory) == CardBlock::Plain) {
            freeCardMemory(memory);
            return cudaSuccess;
        }
    }
    return answer(cudaErrorInvalidValue);
}

cudaError_t cudaHostAlloc(void** memory, std::size_t bytes, unsigned)
{
    if (const cudaError_t fault = refusedWhileRecording(); fault != cudaSuccess)
        return answer(fault);
    *memory = bytes == 0 ? nullptr : ::operator new(bytes);
    if (!*memory)
        return cudaSuccess;
    const std::scoped_lock lock(mutex);
    pinned[reinterpret_cast<std::uintptr_t>(*memory)] = bytes;
    isBorn(HostThing::PinnedMemory, *memory);
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory)
{
    const cudaError_t fault = refusedWhileRecording();
    if (memory && !dies(HostThing::PinnedMemory, memory))
        return answer(cudaErrorInvalidValue);
    if (memory) {
        const std::scoped_lock lock(mutex);
        pinned.erase(reinterpret_cast<std::uintptr_t>(memory));
        ::operator delete(memory);
    }
    return answer(fault);
}

namespace {

/// By the card itself: it reads and writes the host when it gets there, and what is not there any more ends its work.
void copyPinned(int card, void* to, const void* from, std::size_t bytes, const void* ofHost)
{
    if (isPinned(ofHost, bytes))
        std::memcpy(to, from, bytes);
    else
        lose(card, cudaErrorIllegalAddress);
}

/// A graph keeps the place, not what lay there: it has to be there, as it was, at each replay.
cudaError_t recordCopy(cudaStream_t stream, int card, void* to, const void* from, std::size_t bytes)
{
    const auto* first = static_cast<const char*>(from);
    return enqueue(stream, [=, asRecorded = std::vector<char>(first, first + bytes)] {
        if (std::memcmp(from, asRecorded.data(), bytes) != 0)
            lose(card, cudaErrorIllegalAddress);
        std::memcpy(to, from, bytes);
    });
}

/// Pageable memory is read before the call returns; a card that needs no help for it may come later.
cudaError_t copyFromPageable(cudaStream_t stream, HostQueue& queue, void* to, const void* from, std::size_t bytes)
{
    if (queue.capture)
        return recordCopy(stream, queue.card, to, from, bytes);
    if (readsHost())
        return enqueue(stream, [=] { std::memcpy(to, from, bytes); });
    const auto* first = static_cast<const char*>(from);
    return enqueue(stream, [to, staged = std::vector<char>(first, first + bytes)] { std::memcpy(to, staged.data(), staged.size()); });
}

/// The call returns when all is there.
cudaError_t copyToPageable(HostQueue& queue, void* to, const void* from, std::size_t bytes)
{
    if (queue.capture)
        return answer(refusedInCapture(queue));
    queue.add([=] { std::memcpy(to, from, bytes); });
    return answer(finish(queue));
}

} // namespace

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (bytes == 0)
        return cudaSuccess;
    const int card = queue->card;
    const bool isFromCard = kind != cudaMemcpyHostToDevice, isToCard = kind != cudaMemcpyDeviceToHost;
    if (isFromCard != isCardMemory(card, from, bytes) || isToCard != isCardMemory(card, to, bytes))
        return answer(cudaErrorInvalidValue);
    if (isFromCard && isToCard)
        return enqueue(stream, [=] { std::memcpy(to, from, bytes); });
    const void* ofHost = isFromCard ? to : from;
    if (isPinned(ofHost, bytes))
        return enqueue(stream, [=] { copyPinned(card, to, from, bytes, ofHost); });
    return isFromCard ? copyToPageable(*queue, to, from, bytes) : copyFromPageable(stream, *queue, to, from, bytes);
}

cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t stream)
{
    cudaError_t fault = cudaSuccess;
    const std::shared_ptr<HostQueue> queue = queueOf(stream, fault);
    if (!queue)
        return answer(fault);
    if (bytes == 0)
        return cudaSuccess;
    if (!isCardMemory(queue->card, memory, bytes))
        return answer(cudaErrorInvalidValue);
    return enqueue(stream, [=] {
        if (value == 0)
            clearCardMemory(memory, bytes);
        else
            std::memset(memory, value, bytes);
    });
}
