#include "core/device/cuda/fetching.h"

#include <cstring>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/parallel.h"

namespace weft {

namespace {

constexpr std::size_t mostBytes = std::size_t(1) << 20; ///< the copy on the host would cost more than the wait
constexpr std::size_t mostOfKernel = 4096; ///< a card's engine for copies is faster beyond, and slower to begin
constexpr std::size_t mostAtOnce = 4; ///< arrays that the kernel takes

std::size_t aligned(std::size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

std::size_t bytesOf(std::span<const HostCopy> copies)
{
    std::size_t bytes = 0;
    for (const HostCopy& copy : copies)
        bytes += aligned(copy.bytes);
    return bytes;
}

/// Copies as one kernel makes them.
struct SmallCopies {
    const std::byte* from[mostAtOnce];
    std::byte* to[mostAtOnce];
    std::size_t ends[mostAtOnce]; ///< of their bytes, counted together
    std::size_t count;
    std::size_t bytes;

    bool hasRoomFor(std::size_t more) const { return count < mostAtOnce && bytes + more <= mostOfKernel; }
    void add(const HostCopy& copy, std::byte* place)
    {
        bytes += copy.bytes;
        from[count] = static_cast<const std::byte*>(copy.from);
        to[count] = place;
        ends[count++] = bytes;
    }
};

void copySmall(const KernelContext& context, const SmallCopies& copies)
{
    forEach(context, static_cast<std::int64_t>(copies.bytes), [=] WEFT_DEVICE(std::int64_t i) {
        const auto at = static_cast<std::size_t>(i);
        std::size_t copy = 0, begin = 0;
        for (; at >= copies.ends[copy]; ++copy)
            begin = copies.ends[copy];
        copies.to[copy][at - begin] = copies.from[copy][at - begin];
    });
}

} // namespace

Fetching::~Fetching()
{
    for (const Way& way : m_ways) {
        if (way.arrived)
            cudaFreeHost(way.arrived);
    }
}

cudaStream_t Fetching::stream() const
{
    return static_cast<cudaStream_t>(queueOf(m_context).stream);
}

bool Fetching::makeRoom(Way& way, std::size_t bytes)
{
    if (bytes <= way.bytes)
        return true;
    if (way.arrived)
        cudaFreeHost(way.arrived);
    way.bytes = 0;
    void* arrived = nullptr;
    if (cudaHostAlloc(&arrived, bytes, cudaHostAllocDefault) != cudaSuccess)
        cudaGetLastError(); // The next call shall not find it.
    way.arrived = static_cast<std::byte*>(arrived);
    if (way.arrived)
        way.bytes = bytes;
    return way.arrived;
}

void Fetching::enqueue(const Way& way)
{
    SmallCopies small{};
    std::byte* place = way.arrived;
    for (const HostCopy& copy : way.copies) {
        if (small.hasRoomFor(copy.bytes))
            small.add(copy, place);
        else
            checkCuda(cudaMemcpyAsync(place, copy.from, copy.bytes, cudaMemcpyDeviceToHost, stream()), "a copy from it");
        place += aligned(copy.bytes);
    }
    copySmall(m_context, small);
}

bool Fetching::begin(std::span<const HostCopy> copies)
{
    const std::size_t bytes = bytesOf(copies);
    Way& way = m_ways[m_begun % m_ways.size()];
    if (bytes > mostBytes || !makeRoom(way, bytes))
        return false;
    way.copies.assign(copies.begin(), copies.end());
    enqueue(way);
    way.isThere.record(stream());
    ++m_begun;
    return true;
}

void Fetching::end()
{
    const Way& way = m_ways[m_ended++ % m_ways.size()];
    way.isThere.synchronize("to finish its work");
    const std::byte* place = way.arrived;
    for (const HostCopy& copy : way.copies) {
        std::memcpy(copy.to, place, copy.bytes);
        place += aligned(copy.bytes);
    }
}

} // namespace weft
