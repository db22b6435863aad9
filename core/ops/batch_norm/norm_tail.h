#pragma once

#include <cmath>

#include "core/ops/batch_norm/norm_activation.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// What a fused BatchNorm does on a card behind the normalisation: y = activation(normal + addend). A plain one has none of it.
template <class T> struct NormTail {
    NormActivation activation = NormActivation::None;
    float alpha = 0;
    const T* addend = nullptr;

    /// With the input of that number as the addend, where there is one.
    NormTail(const KernelContext& context, const Attributes& attributes, std::size_t ofAddend = SIZE_MAX)
    {
        if (!attributes.has("activation"))
            return;
        activation = normActivationOf(attributes.text("activation"));
        alpha = static_cast<float>(attributes.real("alpha"));
        if (ofAddend < context.inputs.size())
            addend = inputData<const T>(context, ofAddend);
    }
    /// The slope of what the activation was given.
    constexpr float slope(float dy, float normal) const
    {
        return activation == NormActivation::None ? dy : dy * slopeOfActivated(activation, normal, alpha);
    }
};

/// The line of each channel, from its statistics: normal = factor · (x − mean) + shift.
struct NormLine {
    const float *scale, *mean, *variance, *shift;
    double count, epsilon; ///< elements a channel

    WEFT_DEVICE double inverseDeviation(std::int64_t c) const
    {
        const double biased = static_cast<double>(variance[c]) * (count > 2.0 ? count - 1.0 : 1.0) / count;
        return 1.0 / std::sqrt(biased + epsilon);
    }
    WEFT_DEVICE float factorOf(std::int64_t c) const { return static_cast<float>(static_cast<double>(scale[c]) * inverseDeviation(c)); }
};

} // namespace weft
