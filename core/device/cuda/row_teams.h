#pragma once

#include "core/device/cuda/parallel.h"

// Teams that hold a row in registers: of as many threads as that takes, each of which has few numbers to add up. Tests put a header of the
// same name in the place of this one (tests/cuda_host).

namespace weft {

inline constexpr std::int64_t mostThreadsOfRow = cuda::mostThreadsOfTeam;

/// Has each of `values` be its sum over the threads of a team, in float32 and in one order: all are added in one meeting.
template <int n> WEFT_DEVICE inline void sumEach(const Team&, float (&values)[n])
{
    __shared__ float slots[n][cuda::mostThreadsOfTeam / 32];
    for (float& value : values) {
        for (int step = 16; step > 0; step /= 2)
            value += __shfl_down_sync(0xffffffffu, value, step);
    }
    if (blockDim.x == 32) {
        for (float& value : values)
            value = __shfl_sync(0xffffffffu, value, 0);
        return;
    }
    __syncthreads(); // the slots may still be read from the last time
    for (int i = 0; i < n; ++i) {
        if (threadIdx.x % 32 == 0)
            slots[i][threadIdx.x / 32] = values[i];
    }
    __syncthreads();
    for (int i = 0; i < n; ++i) {
        values[i] = 0;
        for (unsigned warp = 0; warp < blockDim.x / 32; ++warp)
            values[i] += slots[i][warp];
    }
}

/// Calls body(i, team) for 0 ≤ i < count with teams of `threads`, or a few more.
template <class Body> void forEachTeamOf(const KernelContext& context, std::int64_t count, std::int64_t threads, Body body)
{
    if (count <= 0)
        return;
    const std::int64_t warps = std::clamp<std::int64_t>((threads + 31) / 32, 1, mostThreadsOfRow / 32);
    cuda::runTeams<<<static_cast<unsigned>(std::min(cuda::mostBlocks, count)), static_cast<unsigned>(32 * warps), 0,
                     static_cast<cudaStream_t>(queueOf(context).stream)>>>(count, body);
    checkCuda(cudaGetLastError(), "a kernel");
}

} // namespace weft
