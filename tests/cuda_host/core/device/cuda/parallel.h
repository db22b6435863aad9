#pragma once

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>

#include "core/device/cuda/queue.h"
#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_recording.h"

// Stands in for the header of this name where the kernels of the CUDA plugin are built without nvcc: bodies run on the
// host, one after the other, a team has one thread. So tests check every index, size and place of a kernel without a
// card; what only many threads at once can spoil they cannot see.

#define WEFT_DEVICE

namespace weft {

class Team {
public:
    static constexpr std::int64_t index() { return 0; }
    static constexpr std::int64_t size() { return 1; }
    static constexpr void sync() {}
    static constexpr double sum(double value) { return value; }
    static constexpr std::int64_t sum(std::int64_t value) { return value; }
    static constexpr float max(float value) { return value; }
    static constexpr std::int64_t min(std::int64_t value) { return value; }
    static constexpr std::int64_t sumBefore(std::int64_t) { return 0; }
};

inline void lowerTo(std::int32_t* to, std::int32_t value)
{
    *to = std::min(*to, value);
}

template <class Body> void forEach(const KernelContext&, std::int64_t count, Body body)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        for (std::int64_t i = 0; i < count; ++i)
            body(i);
    });
}

template <class Body> void forEachTeam(const KernelContext&, std::int64_t count, std::int64_t, Body body)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        for (std::int64_t i = 0; i < count; ++i)
            body(i, Team());
    });
}

} // namespace weft
