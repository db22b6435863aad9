#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/device/cuda/event.h"
#include "core/device/device.h"

namespace weft {

struct CudaQueue;

/// What a plan is fed, with the state of its run and the indices of its samples, in one place of a card. It gets there from memory
/// that the card reads by itself: beside the run at hand in a stream of its own to a landing on the card, and from there in one copy
/// once the kernels are done with what lay there; or in the stream of the kernels, where nothing was sent ahead.
class CudaInbox : public Inbox {
public:
    /// `queue` is that of the kernels on the card of number `card`, `copies` the stream of copies beside them. The card is selected.
    /// Throws Error when it is full.
    CudaInbox(Device& device, int card, CudaQueue& queue, cudaStream_t copies, std::size_t feedBytes, std::int64_t samples);
    ~CudaInbox() override;
    CudaInbox(const CudaInbox&) = delete;
    CudaInbox& operator=(const CudaInbox&) = delete;

    std::byte* place() override { return m_place; }
    void put(std::size_t offset, const void* from, std::size_t bytes) override;
    void send() override;
    void open(const StepState& state) override;

private:
    /// From one offset to another.
    struct Range {
        std::size_t begin = 0, end = 0;

        bool isEmpty() const { return begin == end; }
        bool meets(const Range& other) const { return begin < other.end && other.begin < end; }
        void add(const Range& other);
    };
    /// A copy that may still read the host's memory.
    struct Sending {
        Range range;
        CudaEvent isDone;
    };

    cudaStream_t kernels() const;
    void select() const;
    bool hasLanding();
    void wait(Sending& sending);
    void copy(std::byte* to, cudaStream_t stream);
    void arrive();

    Device& m_device;
    int m_card;
    CudaQueue& m_queue;
    cudaStream_t m_copies;
    std::size_t m_stateAt, m_indicesAt; ///< offsets behind the feeds
    std::size_t m_indexBytes;
    std::size_t m_bytes;
    std::array<Sending, 2> m_sendings; ///< the batch, and what a run is told at its start
    CudaEvent m_isTaken; ///< the kernels' stream has taken what had landed
    std::byte* m_place = nullptr;
    std::byte* m_landing = nullptr; ///< made for the first batch that is sent ahead
    bool m_isFull = false; ///< the card has no room for a landing
    std::byte* m_onHost = nullptr;
    bool m_isPinned = true;
    Range m_put; ///< and not sent
    Range m_landed; ///< or on the way there
    std::size_t m_last = 0; ///< of the sendings
};

} // namespace weft
