#pragma once

#include <algorithm>
#include <vector>

#include "core/ops/recurrent/cells.h"
#include "core/ops/support/reference.h"
#include "core/ops/support/sequence.h"

namespace weft {

template <class T> struct ExactMath {
    static constexpr T sigmoid(T x) { return T(1) / (T(1) + std::exp(-x)); }
    static constexpr T tanh(T x) { return std::tanh(x); }
};

/// Where the arrays of a recurrent op stand among its inputs: x, kernel, recurrent kernel, bias, recurrent
/// bias, (lengths).
struct RecurrentForward {
    const KernelContext& context;
    std::int64_t samples = context.inputs[0].extent(0), t = context.inputs[0].extent(1), features = context.inputs[0].extent(2);
    std::int64_t units = context.inputs[2].extent(0), width = context.inputs[2].extent(1);
    Lengths lengths{context.inputs.size() > 5 ? &context.inputs[5] : nullptr, t};
};

/// The same for its gradient: (dy), (dLast), recurrent kernel, y, (gates, extra), (lengths).
struct RecurrentBackward {
    const KernelContext& context;
    bool hasDy, hasDLast, keepsExtra;
    std::size_t first = (hasDy ? 1u : 0u) + (hasDLast ? 1u : 0u);
    std::size_t lengthsAt = first + (keepsExtra ? 4 : 2);
    std::int64_t samples = context.inputs[first + 1].extent(0), t = context.inputs[first + 1].extent(1);
    std::int64_t units = context.inputs[first].extent(0), width = context.inputs[first].extent(1);
    Lengths lengths{context.inputs.size() > lengthsAt ? &context.inputs[lengthsAt] : nullptr, t};

    RecurrentBackward(const KernelContext& c, const Attributes& attributes, bool keeps) :
        context(c), hasDy(attributes.flag("hasDy")), hasDLast(attributes.flag("hasDLast")), keepsExtra(keeps)
    {
    }
    template <class T> const T* dy() const { return hasDy ? context.inputs[0].as<const T>() : nullptr; }
    template <class T> const T* dLast() const { return hasDLast ? context.inputs[first - 1].as<const T>() : nullptr; }
    template <class T> const T* recurrentKernel() const { return context.inputs[first].as<const T>(); }
    template <class T> const T* y() const { return context.inputs[first + 1].as<const T>(); }
    /// SimpleRnn keeps neither gates nor extra.
    template <class T> const T* gates() const { return keepsExtra ? context.inputs[first + 2].as<const T>() : nullptr; }
    template <class T> const T* extra() const { return keepsExtra ? context.inputs[first + 3].as<const T>() : nullptr; }
};

template <template <class, class> class Cell> struct RecurrentReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        using C = Cell<T, ExactMath<T>>;
        const RecurrentForward p{context};
        const Walk walk{p.t, attributes.flag("reverse")};
        const T *x = inputData<T>(context, 0), *kernel = inputData<T>(context, 1), *recurrent = inputData<T>(context, 2);
        const T *bias = inputData<T>(context, 3), *recurrentBias = inputData<T>(context, 4);
        T* y = outputData<T>(context, 0);
        const bool keeps = context.outputs.size() > 2;
        for (const Array& output : context.outputs)
            std::fill_n(output.as<T>(), output.count(), T(0));
        const std::size_t units = static_cast<std::size_t>(p.units);
        std::vector<T> gates(static_cast<std::size_t>(p.width)), extra(units), extraBefore(units), zeros(units);
        for (std::int64_t n = 0; n < p.samples; ++n) {
            const std::int64_t length = p.lengths.of(n);
            std::fill(extraBefore.begin(), extraBefore.end(), T(0));
            for (std::int64_t turn = 0; turn < p.t; ++turn) {
                const std::int64_t t = walk.step(turn);
                if (t >= length)
                    continue;
                const std::int64_t row = n * p.t + t, before = walk.before(t, length);
                const T* state = before < 0 ? zeros.data() : y + (n * p.t + before) * p.units;
                for (std::int64_t column = 0; column < p.width; ++column) {
                    const double ofX = dot(x + row * p.features, kernel + column, p.features, p.width) + static_cast<double>(bias[column]);
                    const double ofState = dot(state, recurrent + column, p.units, p.width) + static_cast<double>(recurrentBias[column]);
                    // The last gate of a Gru keeps what comes from the state apart.
                    const bool isApart = C::gates == 3 && column >= 2 * p.units;
                    gates[static_cast<std::size_t>(column)] = static_cast<T>(isApart ? ofX : ofX + ofState);
                    if (isApart)
                        extra[static_cast<std::size_t>(column - 2 * p.units)] = static_cast<T>(ofState);
                }
                T* const to = y + row * p.units;
                if (C::gates == 1)
                    std::copy_n(gates.data(), p.units, to);
                stepForward<C, T>({gates.data(), extra.data(), to, state, extraBefore.data()}, p.units);
                if (C::gates == 4)
                    extraBefore = extra;
                if (keeps) {
                    std::copy_n(gates.data(), p.width, outputData<T>(context, 2) + row * p.width);
                    std::copy_n(extra.data(), p.units, outputData<T>(context, 3) + row * p.units);
                }
            }
            std::copy_n(y + (n * p.t + walk.last(length)) * p.units, p.units, outputData<T>(context, 1) + n * p.units);
        }
    }

    /// Σ a[i] · column[i · step].
    template <class T> static double dot(const T* a, const T* column, std::int64_t count, std::int64_t step)
    {
        double sum = 0;
        for (std::int64_t i = 0; i < count; ++i)
            sum += static_cast<double>(a[i]) * static_cast<double>(column[i * step]);
        return sum;
    }
};

/// outputs: dGates [N, T, G·H], dRecurrentKernel [H, G·H], dBias [G·H], dRecurrentBias [G·H].
template <template <class, class> class Cell> struct RecurrentGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        using C = Cell<T, ExactMath<T>>;
        const RecurrentBackward p(context, attributes, C::keepsExtra);
        const Walk walk{p.t, attributes.flag("reverse")};
        for (const Array& output : context.outputs)
            std::fill_n(output.as<T>(), output.count(), T(0));
        const std::size_t units = static_cast<std::size_t>(p.units);
        std::vector<T> dState(units), dCell(units), zeros(units), dRecurrent(static_cast<std::size_t>(p.width));
        for (std::int64_t n = 0; n < p.samples; ++n) {
            const std::int64_t length = p.lengths.of(n);
            std::fill(dCell.begin(), dCell.end(), T(0));
            std::fill(dState.begin(), dState.end(), T(0));
            if (p.hasDLast)
                std::copy_n(p.dLast<T>() + n * p.units, p.units, dState.data());
            for (std::int64_t turn = p.t; turn-- > 0;) {
                const std::int64_t t = walk.step(turn);
                if (t >= length)
                    continue;
                const std::int64_t row = n * p.t + t, before = walk.before(t, length), rowBefore = n * p.t + before;
                const auto at
                    = [&](const T* values, std::int64_t r) { return values && (r == row || before >= 0) ? values + r * p.units : zeros.data(); };
                T* const dGates = outputData<T>(context, 0) + row * p.width;
                stepBackward<C, T>({p.keepsExtra ? p.gates<T>() + row * p.width : nullptr, at(p.extra<T>(), row), at(p.y<T>(), row), at(p.y<T>(), rowBefore),
                             at(p.extra<T>(), rowBefore), at(p.dy<T>(), row), dState.data(), dCell.data(), dGates,
                             C::gates == 3 ? dRecurrent.data() : dGates},
                            p.units);
                carryOn(p, context, C::gates == 3 ? dRecurrent.data() : dGates, dGates, at(p.y<T>(), rowBefore), dState.data());
            }
        }
    }

private:
    /// Adds this step to the slopes of the weights, and dRecurrent · Rᵀ to the slope of the state before.
    template <class T>
    static void carryOn(const RecurrentBackward& p, const KernelContext& context, const T* dRecurrent, const T* dGates, const T* before, T* dState)
    {
        for (std::int64_t column = 0; column < p.width; ++column) {
            outputData<T>(context, 2)[column] += dGates[column];
            outputData<T>(context, 3)[column] += dRecurrent[column];
        }
        for (std::int64_t unit = 0; unit < p.units; ++unit) {
            double sum = 0;
            for (std::int64_t column = 0; column < p.width; ++column) {
                sum += static_cast<double>(dRecurrent[column]) * static_cast<double>(p.recurrentKernel<T>()[unit * p.width + column]);
                outputData<T>(context, 1)[unit * p.width + column] += before[unit] * dRecurrent[column];
            }
            dState[unit] += static_cast<T>(sum);
        }
    }
};

} // namespace weft
