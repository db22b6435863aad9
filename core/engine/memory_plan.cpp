#include "core/engine/memory_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace weft {

namespace {

constexpr std::size_t alignment = 64;

std::size_t aligned(std::size_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

bool overlapInTime(const ArenaBlock& a, const ArenaBlock& b)
{
    return a.first <= b.last && b.first <= a.last;
}

/// The start of the smallest gap between `neighbours` (ordered by offset) that holds `bytes`; the end
/// of the last one when none does.
std::size_t bestGap(const std::vector<const ArenaBlock*>& neighbours, std::size_t bytes)
{
    std::size_t best = 0;
    std::size_t bestSize = std::numeric_limits<std::size_t>::max();
    std::size_t end = 0;
    for (const ArenaBlock* block : neighbours) {
        if (block->offset >= end + bytes && block->offset - end < bestSize) {
            bestSize = block->offset - end;
            best = end;
        }
        end = std::max(end, block->offset + aligned(block->bytes));
    }
    return bestSize == std::numeric_limits<std::size_t>::max() ? end : best;
}

} // namespace

std::size_t planMemory(std::vector<ArenaBlock>& blocks)
{
    std::vector<std::size_t> order(blocks.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return blocks[a].bytes > blocks[b].bytes; });

    std::size_t total = 0;
    std::vector<const ArenaBlock*> placed; // Ordered by offset.
    std::vector<const ArenaBlock*> neighbours;
    for (const std::size_t index : order) {
        ArenaBlock& block = blocks[index];
        neighbours.clear();
        std::copy_if(placed.begin(), placed.end(), std::back_inserter(neighbours), [&](const ArenaBlock* other) { return overlapInTime(block, *other); });
        block.offset = bestGap(neighbours, aligned(block.bytes));
        total = std::max(total, block.offset + aligned(block.bytes));
        const auto place
            = std::upper_bound(placed.begin(), placed.end(), &block, [](const ArenaBlock* a, const ArenaBlock* b) { return a->offset < b->offset; });
        placed.insert(place, &block);
    }
    return total;
}

} // namespace weft
