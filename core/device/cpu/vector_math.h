#pragma once

#include <bit>
#include <cstdint>

namespace weft {

// Functions of single floats, written without branches and library calls so that the compiler can
// vectorise a loop around them. A NaN gives a NaN.

/// e^x to 2 units in the last place. Method: x = k·ln 2 + r, a polynomial of degree 6 in r (Cephes,
/// Moshier 1989), scaled by 2^k in two steps so that overflow and underflow come out as they should.
inline float vectorExp(float x)
{
    const float low = x < -104.0f ? -104.0f : x;
    const float clamped = low > 89.0f ? 89.0f : low;
    constexpr float rounder = 12582912.0f; // 1.5 · 2^23: adding it leaves the nearest integer in the low bits
    const float shifted = clamped * 1.44269504088896341f + rounder;
    const float k = shifted - rounder;
    const float r = (clamped - k * 0.693359375f) + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const auto exponent = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(rounder));
    const std::int32_t half = exponent >> 1;
    const auto power = [](std::int32_t e) { return std::bit_cast<float>((static_cast<std::uint32_t>(e) + 127u) << 23); };
    return p * power(half) * power(exponent - half);
}

/// 1 / (1 + e^−x).
inline float vectorSigmoid(float x)
{
    return 1.0f / (1.0f + vectorExp(-x));
}

/// tanh x: an odd polynomial near zero, where the formula by exp cancels (Cephes), else by exp.
inline float vectorTanh(float x)
{
    const float magnitude = x < 0.0f ? -x : x;
    const float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    const float nearZero = p * z * x + x;
    const float far = 1.0f - 2.0f / (vectorExp(2.0f * magnitude) + 1.0f);
    const float signedFar = x < 0.0f ? -far : far;
    return magnitude < 0.625f ? nearZero : signedFar;
}

/// ln x of a normal positive x, to 1 unit in the last place (Cephes).
inline float vectorLog(float x)
{
    // x = m · 2^k with m in [√½, √2).
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const std::uint32_t shifted = bits - 0x3f3504f3u;
    const float k = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float m = std::bit_cast<float>((shifted & 0x007fffffu) + 0x3f3504f3u);
    const float r = m - 1.0f;
    const float z = r * r;
    float p = 7.0376836292e-2f;
    p = p * r - 1.1514610310e-1f;
    p = p * r + 1.1676998740e-1f;
    p = p * r - 1.2420140846e-1f;
    p = p * r + 1.4249322787e-1f;
    p = p * r - 1.6668057665e-1f;
    p = p * r + 2.0000714765e-1f;
    p = p * r - 2.4999993993e-1f;
    p = p * r + 3.3333331174e-1f;
    const float tail = p * r * z + k * -2.12194440e-4f - 0.5f * z;
    return r + tail + k * 0.693359375f;
}

/// ln(1 + e^x) without overflow; relative accuracy also where the result is small.
inline float vectorSoftplus(float x)
{
    const float e = vectorExp(x < 0.0f ? x : -x);
    // ln(1 + e) from the rounded sum and what rounding it lost (Kahan).
    const float sum = 1.0f + e;
    const float lost = e - (sum - 1.0f);
    const float log = vectorLog(sum) + lost / sum;
    const float above = x + log;
    return x < 0.0f ? log : above;
}

/// e^x − 1 for x ≤ 0: a series near zero, where the difference cancels.
inline float vectorExpm1(float x)
{
    float p = 1.0f / 40320.0f;
    p = p * x + 1.0f / 5040.0f;
    p = p * x + 1.0f / 720.0f;
    p = p * x + 1.0f / 120.0f;
    p = p * x + 1.0f / 24.0f;
    p = p * x + 1.0f / 6.0f;
    p = p * x + 0.5f;
    const float nearZero = p * x * x + x;
    const float far = vectorExp(x) - 1.0f;
    return x > -0.5f ? nearZero : far;
}

/// The error function to 2e-7 (Abramowitz & Stegun 7.1.26), given e^(−x²).
inline float vectorErf(float x, float bell)
{
    const float magnitude = x < 0.0f ? -x : x;
    const float t = 1.0f / (1.0f + 0.3275911f * magnitude);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    const float y = 1.0f - p * t * bell;
    return x < 0.0f ? -y : y;
}

inline float vectorErf(float x)
{
    return vectorErf(x, vectorExp(-x * x));
}

} // namespace weft
