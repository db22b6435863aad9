#pragma once

#include <cstddef>

namespace weft {

// The memory of the cards that tests run kernels on where there is none: pages of this process that can only be touched
// while their card works. Code of the host that reads or writes them by mistake crashes, as it would with a card, and so does what
// uses memory of another card, or such as was freed: no other block ever lies there.

/// With anything in it, between pages that nobody may touch; null where the card has no more.
void* allocateCardMemory(int card, std::size_t bytes);

enum class CardBlock { None, OfStreams, Plain };

/// What lies at `memory`, where it begins a block of `card`; the call frees it for new work, not for what still waits.
CardBlock giveUpCardMemory(int card, const void* memory);
/// Now nobody uses it.
void freeCardMemory(const void* memory);
/// Such as cudaMallocAsync gives.
void markAsOfStreams(const void* memory);

/// Whether new work of `card` may use these bytes.
bool isCardMemory(int card, const void* memory, std::size_t bytes);

/// Sets to zero as memset does; large blocks at no cost.
void clearCardMemory(void* memory, std::size_t bytes);

/// The card is at work.
class OpenCardMemory {
public:
    explicit OpenCardMemory(int card);
    ~OpenCardMemory();
    OpenCardMemory(const OpenCardMemory&) = delete;
    OpenCardMemory& operator=(const OpenCardMemory&) = delete;

private:
    int m_card;
};

} // namespace weft
