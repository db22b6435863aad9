#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/ops/activation/activation_ref.h"
#include "core/ops/unary/unary_ref.h"

namespace weft {

/// What a FusedBatchNorm does to each element at last.
enum class NormActivation { None, Relu, LeakyRelu, ClippedRelu, Silu, HardSwish };

/// The ops that these stand for, by their numbers.
inline constexpr std::array<std::string_view, 6> normActivationOps{"", "Relu", "LeakyRelu", "ClippedRelu", "Silu", "HardSwish"};

/// None where there is none of that name.
inline NormActivation normActivationOf(std::string_view op)
{
    for (std::size_t i = 1; i < normActivationOps.size(); ++i) {
        if (normActivationOps[i] == op)
            return static_cast<NormActivation>(i);
    }
    return NormActivation::None;
}

template <class T> constexpr T activated(NormActivation which, T x, T alpha)
{
    switch (which) {
    case NormActivation::Relu: return ReluFunction::of(x);
    case NormActivation::LeakyRelu: return LeakyReluFunction::value(x, alpha);
    case NormActivation::ClippedRelu: return ClippedReluFunction::value(x, alpha);
    case NormActivation::Silu: return SiluFunction::value(x, alpha);
    case NormActivation::HardSwish: return HardSwishFunction::value(x, alpha);
    case NormActivation::None: break;
    }
    return x;
}

/// The derivative of that at x.
template <class T> constexpr T slopeOfActivated(NormActivation which, T x, T alpha)
{
    switch (which) {
    case NormActivation::Relu: return ReluSlope::of(x);
    case NormActivation::LeakyRelu: return LeakyReluFunction::slope(x, alpha);
    case NormActivation::ClippedRelu: return ClippedReluFunction::slope(x, alpha);
    case NormActivation::Silu: return SiluFunction::slope(x, alpha);
    case NormActivation::HardSwish: return HardSwishFunction::slope(x, alpha);
    case NormActivation::None: break;
    }
    return T(1);
}

} // namespace weft
