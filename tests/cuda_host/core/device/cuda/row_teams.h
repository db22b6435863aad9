#pragma once

#include "core/device/cuda/parallel.h"

// Stands in for the header of this name where the kernels of the CUDA plugin are built without nvcc: teams are those of all kernels, so that
// most of a row is not held.

namespace weft {

inline constexpr std::int64_t mostThreadsOfRow = 512;

template <int n> void sumEach(const Team& team, float (&values)[n])
{
    for (float& value : values)
        value = static_cast<float>(team.sum(static_cast<double>(value)));
}

template <class Body> void forEachTeamOf(const KernelContext& context, std::int64_t count, std::int64_t threads, Body body)
{
    forEachTeam(context, count, threads, body);
}

} // namespace weft
