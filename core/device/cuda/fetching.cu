#include "core/device/cuda/fetching.h"

#include <cstring>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"

namespace weft {

namespace {

constexpr std::size_t mostBytes = std::size_t(1) << 20; ///< the copy on the host would cost more than the wait

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

} // namespace

Fetching::~Fetching()
{
    if (m_arrived)
        cudaFreeHost(m_arrived);
}

bool Fetching::begin(std::span<const HostCopy> copies)
{
    const std::size_t bytes = bytesOf(copies);
    if (bytes > mostBytes)
        return false;
    if (bytes > m_bytes) {
        if (m_arrived)
            cudaFreeHost(m_arrived);
        m_bytes = 0;
        void* arrived = nullptr;
        if (cudaHostAlloc(&arrived, bytes, cudaHostAllocDefault) != cudaSuccess)
            cudaGetLastError(); // The next call shall not find it.
        m_arrived = static_cast<std::byte*>(arrived);
        if (!m_arrived)
            return false;
        m_bytes = bytes;
    }
    std::byte* place = m_arrived;
    for (const HostCopy& copy : copies) {
        checkCuda(cudaMemcpyAsync(place, copy.from, copy.bytes, cudaMemcpyDeviceToHost, static_cast<cudaStream_t>(m_stream)), "a copy from it");
        place += aligned(copy.bytes);
    }
    return true;
}

void Fetching::end(std::span<const HostCopy> copies) const
{
    const std::byte* place = m_arrived;
    for (const HostCopy& copy : copies) {
        std::memcpy(copy.to, place, copy.bytes);
        place += aligned(copy.bytes);
    }
}

} // namespace weft
