#pragma once

#include <bit>
#include <cstdint>

namespace weft {

// Half-precision numbers by plain arithmetic, for processors without instructions for them and for what is left of vectors.
// The same bits as those instructions give: rounded to nearest, ties to even, NaN made quiet.

constexpr std::uint16_t halfOf(float number)
{
    constexpr int fractionBits = 23, halfFractionBits = 10;
    constexpr int dropped = fractionBits - halfFractionBits;
    constexpr std::uint32_t infinity = 0x7c00;
    const auto bits = std::bit_cast<std::uint32_t>(number);
    const std::uint32_t sign = bits >> 16 & 0x8000;
    const std::uint32_t size = bits & 0x7fffffff;
    const auto made = [&](std::uint32_t half) { return static_cast<std::uint16_t>(sign | half); };
    // What lies above half of the last place rounds up, exactly half of it to even; a carry into the exponent is right.
    const auto rounded = [](std::uint32_t value, int places) { return (value + (1u << (places - 1)) - 1 + (value >> places & 1)) >> places; };
    if (size > 0x7f800000)
        return made(infinity | 0x200 | (size >> dropped & 0x3ff));
    constexpr std::uint32_t rebias = 127 - 15;
    const std::uint32_t exponent = size >> fractionBits;
    if (exponent > rebias) {
        const std::uint32_t half = rounded(size - (rebias << fractionBits), dropped);
        return made(half < infinity ? half : infinity);
    }
    // Below 2⁻¹⁴ halves have steps of 2⁻²⁴, and all below half of one is zero.
    constexpr std::uint32_t least = rebias - halfFractionBits;
    if (exponent < least)
        return made(0);
    const std::uint32_t fraction = (size & 0x7fffff) | 0x800000;
    return made(rounded(fraction, dropped + static_cast<int>(rebias + 1 - exponent)));
}

constexpr float floatOfHalf(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
    const std::uint32_t size = half & 0x7fff;
    if (size > 0x7c00)
        return std::bit_cast<float>(sign | 0x7fc00000 | size << 13);
    if (size == 0x7c00)
        return std::bit_cast<float>(sign | 0x7f800000);
    if (size >= 0x400)
        return std::bit_cast<float>(sign | ((size << 13) + ((127u - 15) << 23)));
    constexpr float step = 1.0f / (1 << 24);
    const float number = static_cast<float>(size) * step;
    return sign != 0 ? -number : number;
}

} // namespace weft
