#pragma once

#include "core/ops/support/reference.h"

namespace weft {

inline constexpr const char* normLimitAttribute = "limit"; ///< of LossScaleFactor

/// False for infinities and NaN.
template <class T> constexpr bool isNumber(T x)
{
    return x - x == T(0);
}

/// As clip_grad_norm_ of PyTorch, after unscale_.
template <class T> constexpr T lossScaleFactorOf(T scale, T norm, double limit)
{
    if (!isNumber(norm))
        return T(-1);
    constexpr double guard = 1e-6;
    const auto by = static_cast<double>(scale);
    const double clip = limit > 0.0 ? limit / (static_cast<double>(norm) / by + guard) : 1.0;
    return static_cast<T>((clip < 1.0 ? clip : 1.0) / by);
}

template <class T> constexpr void noteLossScale(T& scale, T* counts, T norm)
{
    constexpr T interval = 2000, growth = 2, backoff = 0.5;
    constexpr T least = 1.0 / (1 << 20); // where even this gets too large, the loss itself is no number soon
    if (!isNumber(norm)) {
        scale = scale * backoff > least ? scale * backoff : least;
        counts[0] = 0;
        counts[1] += 1;
    } else if ((counts[0] += 1) >= interval) {
        scale = isNumber(scale * growth) ? scale * growth : scale;
        counts[0] = 0;
    }
}

struct LossScaleFactorReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        T* y = outputData<T>(context);
        y[0] = lossScaleFactorOf(*inputData<T>(context, 0), *inputData<T>(context, 2), attributes.real(normLimitAttribute));
        y[1] = inputData<T>(context, 1)[1];
    }
};

struct LossScaleUpdateReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        noteLossScale(*inputData<T>(context, 0), inputData<T>(context, 1), *inputData<T>(context, 2));
    }
};

} // namespace weft
