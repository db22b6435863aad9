#pragma once

#include <bit>
#include <cstdint>

#include "core/base/dtype.h"
#include "core/device/wire_halves.h"

#ifdef __CUDACC__
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#define WEFT_ANYWHERE __host__ __device__
#else
#define WEFT_ANYWHERE
#endif

namespace weft {

// How cards store numbers in 16 bits. They are only stored so: arithmetic is float32, into which they turn by themselves; the
// way back, which rounds to nearest with ties to even, is always written.

/// float32 without its last 16 bits.
struct BFloat16 {
    std::uint16_t bits;

    BFloat16() = default;
    WEFT_ANYWHERE explicit BFloat16(float number) : bits(rounded(number)) {}
    WEFT_ANYWHERE operator float() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

private:
    WEFT_ANYWHERE static std::uint16_t rounded(float number)
    {
#ifdef __CUDA_ARCH__
        return __bfloat16_as_ushort(__float2bfloat16_rn(number));
#else
        const auto own = std::bit_cast<std::uint32_t>(number);
        const bool isNan = (own & 0x7fffffff) > 0x7f800000;
        return static_cast<std::uint16_t>(isNan ? own >> 16 | 0x40 : (own + 0x7fff + (own >> 16 & 1)) >> 16);
#endif
    }
};

/// IEEE's half precision.
struct Float16 {
    std::uint16_t bits;

    Float16() = default;
    WEFT_ANYWHERE explicit Float16(float number) : bits(rounded(number)) {}
    WEFT_ANYWHERE operator float() const
    {
#ifdef __CUDA_ARCH__
        return __half2float(__ushort_as_half(bits));
#else
        return floatOfHalf(bits);
#endif
    }

private:
    WEFT_ANYWHERE static std::uint16_t rounded(float number)
    {
#ifdef __CUDA_ARCH__
        return __half_as_ushort(__float2half_rn(number));
#else
        return halfOf(number);
#endif
    }
};

constexpr bool isSixteenBits(DType type)
{
    return type == DType::BFloat16 || type == DType::Float16;
}

} // namespace weft
