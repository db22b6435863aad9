#include "core/device/cpu/peak.h"

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "core/device/cpu/simd.h"

namespace weft {

namespace {

/// Enough independent sums to hide the latency of an FMA (4 cycles) in two units.
constexpr int chains = 12;

#if defined(__x86_64__)
[[gnu::target("avx512f")]] float sumsAvx512(std::int64_t rounds)
{
    __m512 sums[chains];
    for (__m512& sum : sums)
        sum = _mm512_set1_ps(1.0f);
    const __m512 factor = _mm512_set1_ps(0.999f);
    const __m512 term = _mm512_set1_ps(0.001f);
    for (std::int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (__m512& sum : sums)
            sum = _mm512_fmadd_ps(sum, factor, term);
    }
    float total = 0;
    for (const __m512& sum : sums)
        total += _mm512_cvtss_f32(sum);
    return total;
}

[[gnu::target("avx2,fma")]] float sumsAvx2(std::int64_t rounds)
{
    __m256 sums[chains];
    for (__m256& sum : sums)
        sum = _mm256_set1_ps(1.0f);
    const __m256 factor = _mm256_set1_ps(0.999f);
    const __m256 term = _mm256_set1_ps(0.001f);
    for (std::int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (__m256& sum : sums)
            sum = _mm256_fmadd_ps(sum, factor, term);
    }
    float total = 0;
    for (const __m256& sum : sums)
        total += _mm256_cvtss_f32(sum);
    return total;
}
#endif

/// Four lanes each, as vectors of plain x86-64 and of 64-bit ARM have.
float sumsBaseline(std::int64_t rounds)
{
    using Vector [[gnu::vector_size(16)]] = float;
    Vector sums[chains];
    for (Vector& sum : sums)
        sum = Vector{1, 1, 1, 1};
    for (std::int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (Vector& sum : sums)
            sum = sum * 0.999f + 0.001f;
    }
    float total = 0;
    for (const Vector& sum : sums)
        total += sum[0];
    return total;
}

struct Loop {
    float (*run)(std::int64_t rounds);
    int lanes;
};

Loop loopOfThisProcessor()
{
#if defined(__x86_64__)
    switch (simdLevel()) {
    case SimdLevel::Avx512: return {sumsAvx512, 16};
    case SimdLevel::Avx2: return {sumsAvx2, 8};
    case SimdLevel::Baseline: break;
    }
#endif
    return {sumsBaseline, 4};
}

} // namespace

double measurePeakFlops(int threads)
{
    constexpr std::int64_t rounds = 2'000'000;
    const Loop loop = loopOfThisProcessor();
    double best = 0;
    volatile float sink = 0;
    // The first rounds wake the threads and raise the clock.
    for (int attempt = 0; attempt < 5; ++attempt) {
        const auto before = std::chrono::steady_clock::now();
        float total = 0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
        total += loop.run(rounds);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;
        sink = total;
        const double flops = 2.0 * chains * loop.lanes * static_cast<double>(rounds) * threads / seconds.count();
        best = flops > best ? flops : best;
    }
    static_cast<void>(sink);
    return best;
}

} // namespace weft
