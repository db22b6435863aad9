#include "core/device/wire_format.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/device/wire_halves.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace weft {

WireFormat wireFormat(const std::string& name)
{
    return name == "bfloat16" ? WireFormat::BFloat16
        : name == "float16"   ? WireFormat::Float16
        : name == "topK"      ? WireFormat::Sparse
                              : WireFormat::Float32;
}

} // namespace weft

#ifdef __x86_64__
// AVX2 is what Weft asks of such a processor; what has it converts halves. Headers stay above, since their inline functions
// may serve the whole program.
#pragma GCC target("avx,avx2,f16c")
#endif

namespace weft {

namespace {

constexpr std::int64_t scaleWords = packedWords(0);
#ifdef __x86_64__
constexpr std::int64_t lanes = 8;
#endif
constexpr std::int32_t infinityBits = 0x7f800000;

/// The power of two that brings the largest number to between 2¹⁴ and 2¹⁵.
float scaleOf(const float* from, std::int64_t count)
{
    // Sizes are in the order of their bits, whose largest vectors find as whole numbers with a sign; NaN is above infinity and
    // does not count.
    std::int32_t largestBits = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int32_t bits = std::bit_cast<std::int32_t>(from[i]) & 0x7fffffff;
        const std::int32_t counting = bits > infinityBits ? 0 : bits;
        largestBits = counting > largestBits ? counting : largestBits;
    }
    const auto largest = std::bit_cast<float>(largestBits);
    if (largest == 0 || !std::isfinite(largest))
        return 1;
    constexpr int top = 14;
    constexpr int most = 126; // its inverse is a number too
    return std::ldexp(1.0f, std::clamp(top - std::ilogb(largest), -most, most));
}

#ifdef __x86_64__

/// Vectors of the array; returns how many numbers they hold.
std::int64_t packHalfVectors(const float* from, std::int64_t count, float scale, std::uint16_t* to)
{
    const __m256 factor = _mm256_set1_ps(scale);
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i),
                         _mm256_cvtps_ph(_mm256_mul_ps(_mm256_loadu_ps(from + i), factor), _MM_FROUND_TO_NEAREST_INT));
    return i;
}

template <bool isAdded> std::int64_t unpackHalfVectors(const std::uint16_t* from, std::int64_t count, float inverse, float* to)
{
    const __m256 factor = _mm256_set1_ps(inverse);
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const __m256 numbers = _mm256_mul_ps(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))), factor);
        _mm256_storeu_ps(to + i, isAdded ? _mm256_add_ps(_mm256_loadu_ps(to + i), numbers) : numbers);
    }
    return i;
}

#else

// Other processors go through all numbers one by one.

std::int64_t packHalfVectors(const float*, std::int64_t, float, std::uint16_t*)
{
    return 0;
}

template <bool isAdded> std::int64_t unpackHalfVectors(const std::uint16_t*, std::int64_t, float, float*)
{
    return 0;
}

#endif

void packHalves(const float* from, std::int64_t count, float scale, std::uint16_t* to)
{
    for (std::int64_t i = packHalfVectors(from, count, scale, to); i < count; ++i)
        to[i] = halfOf(from[i] * scale);
}

template <bool isAdded> void unpackHalves(const std::uint16_t* from, std::int64_t count, float inverse, float* to)
{
    for (std::int64_t i = unpackHalfVectors<isAdded>(from, count, inverse, to); i < count; ++i) {
        const float number = floatOfHalf(from[i]) * inverse;
        to[i] = isAdded ? to[i] + number : number;
    }
}

void packBFloats(const float* from, std::int64_t count, std::uint16_t* to)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(from[i]);
        const std::uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
        const std::uint32_t quietNan = bits >> 16 | 0x40;
        to[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(bits & 0x7fffffff) > infinityBits ? quietNan : rounded);
    }
}

template <bool isAdded> void unpackBFloats(const std::uint16_t* from, std::int64_t count, float* to)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(from[i]) << 16);
        to[i] = isAdded ? to[i] + number : number;
    }
}

template <bool isAdded> void unpackNumbers(WireFormat format, const std::uint16_t* from, std::int64_t count, float* to)
{
    float scale = 1;
    std::memcpy(&scale, from, sizeof scale);
    if (format == WireFormat::Float16)
        unpackHalves<isAdded>(from + scaleWords, count, 1 / scale, to);
    else
        unpackBFloats<isAdded>(from + scaleWords, count, to);
}

} // namespace

void pack(WireFormat format, const float* from, std::int64_t count, std::uint16_t* to)
{
    const float scale = format == WireFormat::Float16 ? scaleOf(from, count) : 1;
    static_assert(sizeof scale == scaleWords * sizeof *to);
    std::memcpy(to, &scale, sizeof scale);
    if (format == WireFormat::Float16)
        packHalves(from, count, scale, to + scaleWords);
    else
        packBFloats(from, count, to + scaleWords);
}

void unpack(WireFormat format, const std::uint16_t* from, std::int64_t count, float* to)
{
    unpackNumbers<false>(format, from, count, to);
}

void addPacked(WireFormat format, const std::uint16_t* from, std::int64_t count, float* sum)
{
    unpackNumbers<true>(format, from, count, sum);
}

} // namespace weft
