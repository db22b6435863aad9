#pragma once

#include <cstddef>
#include <span>

#include "core/device/device.h"

namespace weft {

/// Brings a few small arrays of a card to the host at the price of one wait: by way of memory that the card writes by itself,
/// since a copy to any other memory is waited for by CUDA.
class Fetching {
public:
    /// `stream` is the cudaStream_t of the kernels.
    explicit Fetching(void* stream) : m_stream(stream) {}
    ~Fetching();
    Fetching(const Fetching&) = delete;
    Fetching& operator=(const Fetching&) = delete;

    /// Enqueues the copies. False, and nothing is enqueued, where they are large or the memory for them is missing.
    bool begin(std::span<const HostCopy> copies);
    /// Hands over what has arrived; the stream has been waited for.
    void end(std::span<const HostCopy> copies) const;

private:
    void* m_stream;
    std::byte* m_arrived = nullptr;
    std::size_t m_bytes = 0;
};

} // namespace weft
