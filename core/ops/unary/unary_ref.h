#pragma once

#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// y = Function::of(x) for each element.
template <class Function> struct UnaryReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            y[i] = Function::of(x[i]);
    }
};

/// dx = dy · Function::of(y) for each element.
template <class Function> struct UnaryGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const T* dy = inputData<T>(context, 0);
        const T* y = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            dx[i] = dy[i] * Function::of(y[i]);
    }
};

struct AffineReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T scale = static_cast<T>(attributes.real("scale"));
        const T shift = static_cast<T>(attributes.real("shift"));
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
            y[i] = scale * x[i] + shift;
    }
};

struct ReluFunction {
    /// A NaN stays a NaN, so that training can report it.
    template <class T> static constexpr T of(T x) { return x > T(0) || std::isnan(x) ? x : T(0); }
};
struct SigmoidFunction {
    /// Written so that exp never overflows.
    template <class T> static constexpr T of(T x)
    {
        const T e = std::exp(-std::abs(x));
        return x >= T(0) ? T(1) / (T(1) + e) : e / (T(1) + e);
    }
};
struct TanhFunction {
    template <class T> static constexpr T of(T x) { return std::tanh(x); }
};
struct ExpFunction {
    template <class T> static constexpr T of(T x) { return std::exp(x); }
};
struct LogFunction {
    template <class T> static constexpr T of(T x) { return std::log(x); }
};
struct SqrtFunction {
    template <class T> static constexpr T of(T x) { return std::sqrt(x); }
};
struct SquareFunction {
    template <class T> static constexpr T of(T x) { return x * x; }
};
struct NegateFunction {
    template <class T> static constexpr T of(T x) { return -x; }
};

// Slopes as functions of the result.
struct ReluSlope {
    template <class T> static constexpr T of(T y) { return y > T(0) ? T(1) : T(0); }
};
struct SigmoidSlope {
    template <class T> static constexpr T of(T y) { return y * (T(1) - y); }
};
struct TanhSlope {
    template <class T> static constexpr T of(T y) { return T(1) - y * y; }
};

} // namespace weft
