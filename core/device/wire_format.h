#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace weft {

/// How ranks write the numbers that they send each other. Float16 scales each array by a power of two, so that its
/// largest number lies near the top of the range: what small gradients lose is below the rounding of large ones. Sparse sends
/// what is not zero, with its place, where a network carries it: as it is, in float32.
enum class WireFormat : std::uint8_t { Float32, BFloat16, Float16, Sparse };

/// Of a name: "bfloat16", "float16", "topK"; Float32 for any other.
WireFormat wireFormat(const std::string& name);

/// Whether numbers are rounded to 16 bits on their way.
constexpr bool isPacked(WireFormat format)
{
    return format == WireFormat::BFloat16 || format == WireFormat::Float16;
}

/// 16-bit words that an array of `count` numbers takes in a format of 16 bits: they and, before them, their scale.
constexpr std::int64_t packedWords(std::int64_t count)
{
    return count + 2;
}

/// Rounds to nearest, ties to even: an error of at most 2⁻⁸ (BFloat16) or 2⁻¹¹ (Float16) of each number, plus 2⁻³⁹ of
/// the largest one with Float16. NaN and infinity stay what they are. `format` is one of 16 bits.
void pack(WireFormat format, const float* from, std::int64_t count, std::uint16_t* to);
void unpack(WireFormat format, const std::uint16_t* from, std::int64_t count, float* to);
/// Adds the numbers to those of `sum`.
void addPacked(WireFormat format, const std::uint16_t* from, std::int64_t count, float* sum);

} // namespace weft
