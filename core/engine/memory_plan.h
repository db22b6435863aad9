#pragma once

#include <cstddef>
#include <vector>

namespace weft {

/// A block of an arena that is in use from step `first` to step `last`, both included.
struct ArenaBlock {
    std::size_t bytes = 0;
    int first = 0;
    int last = 0;
    std::size_t offset = 0; ///< set by planMemory, a multiple of 64
};

/// Places blocks so that those in use at the same step do not overlap, largest first into the
/// smallest gap that fits. Returns the bytes of the arena.
std::size_t planMemory(std::vector<ArenaBlock>& blocks);

} // namespace weft
