#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/device/cuda/event.h"
#include "core/device/device.h"

namespace weft {

/// Brings a few small arrays of a card to the host at the price of one kernel and one wait: the card writes them to memory of the
/// host that it reaches by itself. A copy to any other memory would be waited for by CUDA.
class Fetching {
public:
    /// `context` is what kernels of the card get, which is selected.
    explicit Fetching(const KernelContext& context) : m_context(context) {}
    ~Fetching();
    Fetching(const Fetching&) = delete;
    Fetching& operator=(const Fetching&) = delete;

    /// Enqueues the copies. False, and nothing is enqueued, where they are large or the memory for them is missing.
    bool begin(std::span<const HostCopy> copies);
    /// Waits for the copies that were begun first, and hands them over.
    void end();

private:
    /// Copies on their way, and where they come to.
    struct Way {
        std::vector<HostCopy> copies;
        std::byte* arrived = nullptr;
        std::size_t bytes = 0;
        CudaEvent isThere;
    };

    cudaStream_t stream() const;
    static bool makeRoom(Way& way, std::size_t bytes);
    void enqueue(const Way& way);

    KernelContext m_context;
    std::array<Way, Device::fetchesAtOnce> m_ways;
    std::size_t m_begun = 0;
    std::size_t m_ended = 0;
};

} // namespace weft
