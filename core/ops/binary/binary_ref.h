#pragma once

#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// y = Function::of(a, b) with broadcasting.
template <class Function> struct BinaryReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.outputs[0].type.extents;
        const Index aStrides = stretchedStrides(context.inputs[0].type.extents, extents);
        const Index bStrides = stretchedStrides(context.inputs[1].type.extents, extents);
        const T* a = inputData<T>(context, 0);
        const T* b = inputData<T>(context, 1);
        T* y = outputData<T>(context);
        forEachIndex(extents, [&](std::int64_t flat, const Index& index) {
            y[flat] = Function::of(a[offsetOf(index, aStrides)], b[offsetOf(index, bStrides)]);
        });
    }
};

/// The winner gets dy; equal operands share it in halves. `sign` 1: maximum, −1: minimum.
template <int sign> struct ExtremumGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const T* dy = inputData<T>(context, 0);
        const T* a = inputData<T>(context, 1);
        const T* b = inputData<T>(context, 2);
        T* da = outputData<T>(context, 0);
        T* db = outputData<T>(context, 1);
        for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i) {
            const T lead = T(sign) * (a[i] - b[i]);
            const T share = lead > T(0) ? T(1) : lead < T(0) ? T(0) : T(0.5);
            da[i] = dy[i] * share;
            db[i] = dy[i] * (T(1) - share);
        }
    }
};

struct AddFunction {
    template <class T> static constexpr T of(T a, T b) { return a + b; }
};
struct SubtractFunction {
    template <class T> static constexpr T of(T a, T b) { return a - b; }
};
struct MultiplyFunction {
    template <class T> static constexpr T of(T a, T b) { return a * b; }
};
struct DivideFunction {
    template <class T> static constexpr T of(T a, T b) { return a / b; }
};
// A NaN wins, as in PyTorch.
struct MaximumFunction {
    template <class T> static constexpr T of(T a, T b) { return a > b || std::isnan(a) ? a : b; }
};
struct MinimumFunction {
    template <class T> static constexpr T of(T a, T b) { return a < b || std::isnan(a) ? a : b; }
};

} // namespace weft
