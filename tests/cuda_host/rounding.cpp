#include "tests/cuda_host/rounding.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "core/device/wire_halves.h"

namespace weft {

float roundedFactor(float x, Precision precision)
{
    const auto keepingBits = [x](int dropped) {
        const auto bits = std::bit_cast<std::uint32_t>(x);
        const std::uint32_t half = (1u << (dropped - 1)) - 1 + (bits >> dropped & 1);
        return std::isfinite(x) ? std::bit_cast<float>((bits + half) >> dropped << dropped) : x;
    };
    switch (precision) {
    case Precision::Tf32: return keepingBits(13);
    case Precision::BFloat16: return keepingBits(16);
    case Precision::Float16: return floatOfHalf(halfOf(x));
    case Precision::Float32: break;
    }
    return x;
}

} // namespace weft
