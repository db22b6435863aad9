#pragma once

#include "core/ops/support/reference.h"
#include "core/ops/support/sequence.h"

namespace weft {

/// x [N, T, ...] as samples of `t` steps of `width` numbers.
struct StepsOf {
    std::int64_t samples, t, width = 1;

    explicit StepsOf(const Extents& x) : samples(x[0]), t(x[1])
    {
        for (std::size_t axis = 2; axis < x.size(); ++axis)
            width *= x[axis];
    }
    /// Offset of step t of sample n.
    constexpr std::int64_t at(std::int64_t n, std::int64_t step) const { return (n * t + step) * width; }
};

/// The lengths among the inputs, which are behind `before` others.
inline Lengths lengthsBehind(const KernelContext& context, std::size_t before, std::int64_t t)
{
    return {context.inputs.size() > before ? &context.inputs[before] : nullptr, t};
}

struct MeanOverTimeReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf x(context.inputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, x.t);
        for (std::int64_t n = 0; n < x.samples; ++n) {
            for (std::int64_t i = 0; i < x.width; ++i) {
                double sum = 0;
                for (std::int64_t t = 0; t < lengths.of(n); ++t)
                    sum += static_cast<double>(inputData<T>(context, 0)[x.at(n, t) + i]);
                outputData<T>(context)[n * x.width + i] = static_cast<T>(sum / static_cast<double>(lengths.of(n)));
            }
        }
    }
};

struct MeanOverTimeGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf x(context.outputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, x.t);
        for (std::int64_t n = 0; n < x.samples; ++n)
            for (std::int64_t t = 0; t < x.t; ++t)
                for (std::int64_t i = 0; i < x.width; ++i) {
                    const double dy = static_cast<double>(inputData<T>(context, 0)[n * x.width + i]);
                    outputData<T>(context)[x.at(n, t) + i] = t < lengths.of(n) ? static_cast<T>(dy / static_cast<double>(lengths.of(n))) : T(0);
                }
    }
};

/// The step of the first maximum of element `i`; the first NaN where there is one.
template <class T> constexpr std::int64_t firstMaximum(const T* x, const StepsOf& steps, std::int64_t n, std::int64_t i, std::int64_t length)
{
    std::int64_t best = 0;
    for (std::int64_t t = 1; t < length; ++t) {
        const T held = x[steps.at(n, best) + i];
        const T value = x[steps.at(n, t) + i];
        if (held == held && (value > held || value != value))
            best = t;
    }
    return best;
}

struct MaxOverTimeReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.inputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 1, steps.t);
        const T* x = inputData<T>(context, 0);
        for (std::int64_t n = 0; n < steps.samples; ++n)
            for (std::int64_t i = 0; i < steps.width; ++i)
                outputData<T>(context)[n * steps.width + i] = x[steps.at(n, firstMaximum(x, steps, n, i, lengths.of(n))) + i];
    }
};

struct MaxOverTimeGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const StepsOf steps(context.outputs[0].type.extents);
        const Lengths lengths = lengthsBehind(context, 2, steps.t);
        const T* dy = inputData<T>(context, 0);
        const T* x = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        std::fill_n(dx, context.outputs[0].count(), T(0));
        for (std::int64_t n = 0; n < steps.samples; ++n)
            for (std::int64_t i = 0; i < steps.width; ++i)
                dx[steps.at(n, firstMaximum(x, steps, n, i, lengths.of(n))) + i] = dy[n * steps.width + i];
    }
};

} // namespace weft
