#include "tests/cuda_host/card_memory.h"

#include <map>
#include <mutex>
#include <new>

#include <sys/mman.h>

namespace weft {

namespace {

/// All blocks of all cards, by address. Each card has a thread of its own where there are several ranks; the memory of all is
/// open while one of them computes.
std::map<void*, std::size_t>& blocks()
{
    static std::map<void*, std::size_t> all;
    return all;
}

std::mutex& mutex()
{
    static std::mutex one;
    return one;
}

int openings = 0;

void protect(int access)
{
    for (const auto& [memory, bytes] : blocks())
        mprotect(memory, bytes, access);
}

} // namespace

void* allocateCardMemory(std::size_t bytes)
{
    const std::scoped_lock lock(mutex());
    const std::size_t size = (bytes + 4095) / 4096 * 4096 + 4096;
    void* memory = mmap(nullptr, size, openings > 0 ? PROT_READ | PROT_WRITE : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc();
    blocks()[memory] = size;
    return memory;
}

void freeCardMemory(void* memory, std::size_t)
{
    const std::scoped_lock lock(mutex());
    const auto block = blocks().find(memory);
    if (block == blocks().end())
        return;
    munmap(block->first, block->second);
    blocks().erase(block);
}

OpenCardMemory::OpenCardMemory()
{
    const std::scoped_lock lock(mutex());
    if (openings++ == 0)
        protect(PROT_READ | PROT_WRITE);
}

OpenCardMemory::~OpenCardMemory()
{
    const std::scoped_lock lock(mutex());
    if (--openings == 0)
        protect(PROT_NONE);
}

} // namespace weft
