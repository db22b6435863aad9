#pragma once

#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// y = Function::value(x), dx = dy · Function::slope(x); `alpha` is 0 for functions without a parameter.
template <class Function> struct ActivationReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T alpha = static_cast<T>(attributes.real("alpha"));
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            y[i] = Function::value(x[i], alpha);
    }
};

template <class Function> struct ActivationGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T alpha = static_cast<T>(attributes.real("alpha"));
        const T* dy = inputData<T>(context, 0);
        const T* x = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            dx[i] = dy[i] * Function::slope(x[i], alpha);
    }
};

template <class T> constexpr T logistic(T x)
{
    const T e = std::exp(-std::abs(x));
    return x >= T(0) ? T(1) / (T(1) + e) : e / (T(1) + e);
}
/// Written so that exp never overflows.
template <class T> constexpr T softplusOf(T x)
{
    return (x > T(0) ? x : x - x) + std::log1p(std::exp(-std::abs(x)));
}

struct LeakyReluFunction {
    template <class T> static constexpr T value(T x, T alpha) { return x > T(0) ? x : alpha * x; }
    template <class T> static constexpr T slope(T x, T alpha) { return x > T(0) ? T(1) : alpha; }
};
struct EluFunction {
    template <class T> static constexpr T value(T x, T alpha) { return x > T(0) ? x : alpha * std::expm1(x); }
    template <class T> static constexpr T slope(T x, T alpha) { return x > T(0) ? T(1) : alpha * std::exp(x); }
};
struct SoftplusFunction {
    template <class T> static constexpr T value(T x, T) { return softplusOf(x); }
    template <class T> static constexpr T slope(T x, T) { return logistic(x); }
};
struct GeluFunction {
    static constexpr double inverseRoot2 = 0.70710678118654752440;
    static constexpr double inverseRoot2Pi = 0.39894228040143267794;
    template <class T> static constexpr T phi(T x) { return T(0.5) * (T(1) + std::erf(x * static_cast<T>(inverseRoot2))); }
    template <class T> static constexpr T value(T x, T) { return x * phi(x); }
    template <class T> static constexpr T slope(T x, T) { return phi(x) + x * static_cast<T>(inverseRoot2Pi) * std::exp(T(-0.5) * x * x); }
};
struct SiluFunction {
    template <class T> static constexpr T value(T x, T) { return x * logistic(x); }
    template <class T> static constexpr T slope(T x, T)
    {
        const T s = logistic(x);
        return s * (T(1) + x * (T(1) - s));
    }
};
struct MishFunction {
    template <class T> static constexpr T value(T x, T) { return x * std::tanh(softplusOf(x)); }
    template <class T> static constexpr T slope(T x, T)
    {
        const T t = std::tanh(softplusOf(x));
        return t + x * logistic(x) * (T(1) - t * t);
    }
};
struct HardSwishFunction {
    template <class T> static constexpr T value(T x, T) { return x <= T(-3) ? T(0) : x >= T(3) ? x : x * (x + T(3)) / T(6); }
    template <class T> static constexpr T slope(T x, T) { return x < T(-3) ? T(0) : x > T(3) ? T(1) : x / T(3) + T(0.5); }
};
struct ClippedReluFunction {
    template <class T> static constexpr T value(T x, T alpha) { return x <= T(0) ? T(0) : x >= alpha ? alpha : x; }
    template <class T> static constexpr T slope(T x, T alpha) { return x <= T(0) || x >= alpha ? T(0) : T(1); }
};

struct ErfFunction {
    static constexpr double twoOverRootPi = 1.12837916709551257390;
    template <class T> static constexpr T value(T x, T) { return std::erf(x); }
    template <class T> static constexpr T slope(T x, T) { return static_cast<T>(twoOverRootPi) * std::exp(-x * x); }
};

} // namespace weft
