#include "tests/cuda_host/card_memory.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>

#include <sys/mman.h>

#include "tests/cuda_host/host_runtime.h"

namespace weft {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t strewn = 16 * page; ///< of a new block so much is not zero

struct Block {
    std::size_t bytes = 0;
    bool isGivenUp = false;
    bool isOfStreams = false;

    std::size_t pages() const { return (std::max<std::size_t>(bytes, 1) + page - 1) / page * page; }
};

struct Memory {
    std::map<std::uintptr_t, Block> blocks;
    std::size_t used = 0;
    int openings = 0;

    void protect(int access) const
    {
        for (const auto& [address, block] : blocks)
            mprotect(reinterpret_cast<void*>(address), block.pages(), access);
    }
};

std::array<Memory, hostCards> cards;
std::mutex mutex;

std::uintptr_t addressOf(const void* memory)
{
    return reinterpret_cast<std::uintptr_t>(memory);
}

} // namespace

void* allocateCardMemory(int card, std::size_t bytes)
{
    const std::scoped_lock lock(mutex);
    Memory& memory = cards[static_cast<std::size_t>(card)];
    const Block block{bytes, false, false};
    if (block.pages() > memoryOfCard() || memory.used > memoryOfCard() - block.pages())
        return nullptr;
    void* place = mmap(nullptr, block.pages() + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        return nullptr;
    mprotect(place, block.pages(), PROT_READ | PROT_WRITE);
    std::memset(place, 0xcd, std::min(bytes, strewn));
    if (memory.openings == 0)
        mprotect(place, block.pages(), PROT_NONE);
    memory.blocks[addressOf(place)] = block;
    memory.used += block.pages();
    isBorn(HostThing::CardMemory, place);
    return place;
}

void markAsOfStreams(const void* memory)
{
    const std::scoped_lock lock(mutex);
    for (Memory& card : cards) {
        if (const auto block = card.blocks.find(addressOf(memory)); block != card.blocks.end())
            block->second.isOfStreams = true;
    }
}

CardBlock giveUpCardMemory(int card, const void* memory)
{
    const std::scoped_lock lock(mutex);
    auto& blocks = cards[static_cast<std::size_t>(card)].blocks;
    const auto block = blocks.find(addressOf(memory));
    if (block == blocks.end() || block->second.isGivenUp)
        return CardBlock::None;
    block->second.isGivenUp = true;
    return block->second.isOfStreams ? CardBlock::OfStreams : CardBlock::Plain;
}

/// The address stays taken: who still uses it is to crash.
void freeCardMemory(const void* memory)
{
    const std::scoped_lock lock(mutex);
    for (Memory& card : cards) {
        const auto block = card.blocks.find(addressOf(memory));
        if (block == card.blocks.end())
            continue;
        const std::size_t pages = block->second.pages();
        mmap(reinterpret_cast<void*>(block->first), pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        card.used -= pages;
        card.blocks.erase(block);
        dies(HostThing::CardMemory, memory);
    }
}

bool isCardMemory(int card, const void* memory, std::size_t bytes)
{
    const std::scoped_lock lock(mutex);
    const auto& blocks = cards[static_cast<std::size_t>(card)].blocks;
    auto block = blocks.upper_bound(addressOf(memory));
    if (block == blocks.begin())
        return false;
    --block;
    const std::size_t begin = addressOf(memory) - block->first;
    return !block->second.isGivenUp && begin <= block->second.bytes && bytes <= block->second.bytes - begin;
}

void clearCardMemory(void* memory, std::size_t bytes)
{
    const std::uintptr_t begin = addressOf(memory), end = begin + bytes;
    const std::uintptr_t firstPage = (begin + page - 1) / page * page, lastPage = end / page * page;
    if (lastPage < firstPage + strewn) {
        std::memset(memory, 0, bytes);
        return;
    }
    std::memset(memory, 0, firstPage - begin);
    madvise(reinterpret_cast<void*>(firstPage), lastPage - firstPage, MADV_DONTNEED);
    std::memset(reinterpret_cast<void*>(lastPage), 0, end - lastPage);
}

OpenCardMemory::OpenCardMemory(int card) : m_card(card)
{
    const std::scoped_lock lock(mutex);
    Memory& memory = cards[static_cast<std::size_t>(card)];
    if (memory.openings++ == 0)
        memory.protect(PROT_READ | PROT_WRITE);
}

OpenCardMemory::~OpenCardMemory()
{
    const std::scoped_lock lock(mutex);
    Memory& memory = cards[static_cast<std::size_t>(m_card)];
    if (--memory.openings == 0)
        memory.protect(PROT_NONE);
}

} // namespace weft
