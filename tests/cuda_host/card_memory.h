#pragma once

#include <cstddef>

namespace weft {

// The memory of the card that tests run kernels on where there is none: pages of this process that can only be touched
// while an OpenCardMemory lives. Code of the host that reads or writes them by mistake crashes, as it would with a card.

void* allocateCardMemory(std::size_t bytes);
void freeCardMemory(void* memory, std::size_t bytes);

class OpenCardMemory {
public:
    OpenCardMemory();
    ~OpenCardMemory();
    OpenCardMemory(const OpenCardMemory&) = delete;
    OpenCardMemory& operator=(const OpenCardMemory&) = delete;
};

} // namespace weft
