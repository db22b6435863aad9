#pragma once

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>

#include "core/device/cuda/queue.h"

// How kernels spread over a card: `forEach` for results that do not know of each other, `forEachTeam` where many
// threads make one result. Their bodies are lambdas marked WEFT_DEVICE. Tests put a header of the same name in the place
// of this one (tests/cuda_host), and run the same bodies on the host.

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"

#define WEFT_DEVICE __device__

namespace weft {

/// The threads of a block. All of them must come to each call, which gives all the same result, in the same order of
/// additions whatever the card.
class Team {
public:
    __device__ std::int64_t index() const { return threadIdx.x; }
    __device__ std::int64_t size() const { return blockDim.x; }
    /// What any of the threads wrote before is there for all behind it.
    __device__ void sync() const { __syncthreads(); }
    __device__ double sum(double value) const
    {
        return combine(value, 0.0, [](double a, double b) { return a + b; });
    }
    __device__ std::int64_t sum(std::int64_t value) const
    {
        return combine(static_cast<long long>(value), 0LL, [](long long a, long long b) { return a + b; });
    }
    /// A NaN wins.
    __device__ float max(float value) const
    {
        return combine(value, -INFINITY, [](float a, float b) { return a > b || isnan(a) ? a : b; });
    }
    __device__ std::int64_t min(std::int64_t value) const
    {
        return combine(static_cast<long long>(value), LLONG_MAX, [](long long a, long long b) { return a < b ? a : b; });
    }
    /// The sum of what the threads before this one gave.
    __device__ std::int64_t sumBefore(std::int64_t value) const
    {
        __shared__ long long values[1024];
        __syncthreads();
        values[threadIdx.x] = value;
        __syncthreads();
        long long sum = 0;
        for (unsigned i = 0; i < threadIdx.x; ++i)
            sum += values[i];
        return sum;
    }

private:
    template <class T, class Combine> __device__ T combine(T value, T neutral, Combine with) const
    {
        __shared__ T slots[32];
        value = withinWarp(value, with);
        __syncthreads(); // the slots may still be read from the last time
        if (threadIdx.x % 32 == 0)
            slots[threadIdx.x / 32] = value;
        __syncthreads();
        if (threadIdx.x < 32) {
            value = withinWarp(threadIdx.x < blockDim.x / 32 ? slots[threadIdx.x] : neutral, with);
            if (threadIdx.x == 0)
                slots[0] = value;
        }
        __syncthreads();
        return slots[0];
    }
    template <class T, class Combine> __device__ static T withinWarp(T value, Combine with)
    {
        for (int step = 16; step > 0; step /= 2)
            value = with(value, __shfl_down_sync(0xffffffffu, value, step));
        return value;
    }
};

namespace cuda {

constexpr std::int64_t threadsOfBlock = 256;
constexpr std::int64_t mostThreadsOfTeam = 512;
constexpr std::int64_t mostBlocks = 1 << 16;

// The bounds keep the compiler to as many registers as so many threads can have: a launch that wants more is refused.

template <class Body> __global__ void __launch_bounds__(threadsOfBlock) runEach(std::int64_t count, Body body)
{
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride)
        body(i);
}

template <class Body> __global__ void __launch_bounds__(mostThreadsOfTeam) runTeams(std::int64_t count, Body body)
{
    for (std::int64_t i = blockIdx.x; i < count; i += gridDim.x) {
        body(i, Team());
        __syncthreads();
    }
}

} // namespace cuda

/// Calls body(i) for 0 ≤ i < count, in any order.
template <class Body> void forEach(const KernelContext& context, std::int64_t count, Body body)
{
    if (count <= 0)
        return;
    const std::int64_t blocks = std::min(cuda::mostBlocks, (count + cuda::threadsOfBlock - 1) / cuda::threadsOfBlock);
    cuda::runEach<<<static_cast<unsigned>(blocks), static_cast<unsigned>(cuda::threadsOfBlock), 0,
                    static_cast<cudaStream_t>(queueOf(context).stream)>>>(count, body);
    checkCuda(cudaGetLastError(), "a kernel");
}

/// Calls body(i, team) for 0 ≤ i < count with as many threads as `work`, what a team has to share out, is worth.
template <class Body> void forEachTeam(const KernelContext& context, std::int64_t count, std::int64_t work, Body body)
{
    if (count <= 0)
        return;
    std::int64_t threads = 32;
    while (threads < work && threads < cuda::mostThreadsOfTeam)
        threads *= 2;
    cuda::runTeams<<<static_cast<unsigned>(std::min(cuda::mostBlocks, count)), static_cast<unsigned>(threads), 0,
                     static_cast<cudaStream_t>(queueOf(context).stream)>>>(count, body);
    checkCuda(cudaGetLastError(), "a kernel");
}

} // namespace weft
