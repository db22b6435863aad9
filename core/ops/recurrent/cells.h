#pragma once

#include <cmath>
#include <cstdint>

namespace weft {

// What recurrent cells compute for one step of one sample, and the way back: one definition for all kernels.
// T is the element type, Math gives sigmoid and tanh. A cell says what happens to unit j of `units`.

/// One step forwards. `gates` [G·H] holds x·W + b (+ c + h·R, but for what `extra` holds) and becomes the
/// gates; null-free: before the first step h and the cell are rows of zeros.
template <class T> struct ForwardStep {
    T* gates;
    T* extra; ///< [H], Lstm: the cell after the step; Gru: holds h·R + c of the gate n
    T* y; ///< [H], the state after the step
    const T* before; ///< [H], the state before it
    const T* extraBefore; ///< [H], Lstm: the cell before it
};

/// One step backwards.
template <class T> struct BackwardStep {
    const T* gates; ///< [G·H]
    const T* extra; ///< [H]
    const T* y; ///< [H]
    const T* before; ///< [H]
    const T* extraBefore; ///< [H]
    const T* dy; ///< [H], the slope that the step's output gets from outside
    T* dState; ///< [H], the slope of the state after the step; becomes what goes past the gates to the state before it
    T* dCell; ///< [H], Lstm: the slope of the cell, likewise
    T* dGates; ///< [G·H], the slope of x·W + b
    T* dRecurrent; ///< [G·H], the slope of h·R + c; the same memory as dGates but for Gru
};

/// Runs a cell over all units, so that the loop vectorises.
template <class Cell, class T> void stepForward(const ForwardStep<T>& s, std::int64_t units)
{
#pragma GCC ivdep
    for (std::int64_t j = 0; j < units; ++j)
        Cell::forward(s, units, j);
}
template <class Cell, class T> void stepBackward(const BackwardStep<T>& s, std::int64_t units)
{
#pragma GCC ivdep
    for (std::int64_t j = 0; j < units; ++j)
        Cell::backward(s, units, j);
}

template <class T, class Math> struct SimpleRnnCell {
    static constexpr int gates = 1;
    static constexpr bool keepsExtra = false;

    /// `gates` and `y` are the same memory.
    [[gnu::always_inline]] static constexpr void forward(const ForwardStep<T>& s, std::int64_t, std::int64_t j) { s.y[j] = Math::tanh(s.y[j]); }
    [[gnu::always_inline]] static constexpr void backward(const BackwardStep<T>& s, std::int64_t, std::int64_t j)
    {
        s.dGates[j] = (s.dState[j] + s.dy[j]) * (T(1) - s.y[j] * s.y[j]);
        s.dState[j] = T(0);
    }
};

template <class T, class Math> struct LstmCell {
    static constexpr int gates = 4;
    static constexpr bool keepsExtra = true;

    [[gnu::always_inline]] static constexpr void forward(const ForwardStep<T>& s, std::int64_t units, std::int64_t j)
    {
        T *const i = s.gates, *const f = i + units, *const g = f + units, *const o = g + units;
        const T in = Math::sigmoid(i[j]), forget = Math::sigmoid(f[j]), fresh = Math::tanh(g[j]), out = Math::sigmoid(o[j]);
        const T cell = forget * s.extraBefore[j] + in * fresh;
        i[j] = in;
        f[j] = forget;
        g[j] = fresh;
        o[j] = out;
        s.extra[j] = cell;
        s.y[j] = out * Math::tanh(cell);
    }
    [[gnu::always_inline]] static constexpr void backward(const BackwardStep<T>& s, std::int64_t units, std::int64_t j)
    {
        const T *const i = s.gates, *const f = i + units, *const g = f + units, *const o = g + units;
        T *const di = s.dGates, *const df = di + units, *const dg = df + units, *const dOut = dg + units;
        const T dState = s.dState[j] + s.dy[j];
        const T bent = Math::tanh(s.extra[j]);
        const T dCell = s.dCell[j] + dState * o[j] * (T(1) - bent * bent);
        di[j] = dCell * g[j] * i[j] * (T(1) - i[j]);
        df[j] = dCell * s.extraBefore[j] * f[j] * (T(1) - f[j]);
        dg[j] = dCell * i[j] * (T(1) - g[j] * g[j]);
        dOut[j] = dState * bent * o[j] * (T(1) - o[j]);
        s.dCell[j] = dCell * f[j];
        s.dState[j] = T(0);
    }
};

template <class T, class Math> struct GruCell {
    static constexpr int gates = 3;
    static constexpr bool keepsExtra = true;

    [[gnu::always_inline]] static constexpr void forward(const ForwardStep<T>& s, std::int64_t units, std::int64_t j)
    {
        T *const r = s.gates, *const z = r + units, *const n = z + units;
        const T reset = Math::sigmoid(r[j]), keep = Math::sigmoid(z[j]);
        const T fresh = Math::tanh(n[j] + reset * s.extra[j]);
        r[j] = reset;
        z[j] = keep;
        n[j] = fresh;
        s.y[j] = fresh + keep * (s.before[j] - fresh);
    }
    [[gnu::always_inline]] static constexpr void backward(const BackwardStep<T>& s, std::int64_t units, std::int64_t j)
    {
        const T *const r = s.gates, *const z = r + units, *const n = z + units;
        T *const dr = s.dGates, *const dz = dr + units, *const dn = dz + units;
        T *const hr = s.dRecurrent, *const hz = hr + units, *const hn = hz + units;
        const T dState = s.dState[j] + s.dy[j];
        const T dFresh = dState * (T(1) - z[j]) * (T(1) - n[j] * n[j]);
        const T dReset = dFresh * s.extra[j] * r[j] * (T(1) - r[j]);
        const T dKeep = dState * (s.before[j] - n[j]) * z[j] * (T(1) - z[j]);
        dr[j] = dReset;
        dz[j] = dKeep;
        dn[j] = dFresh;
        hr[j] = dReset;
        hz[j] = dKeep;
        hn[j] = dFresh * r[j];
        s.dState[j] = dState * z[j];
    }
};

/// The order in which a direction walks a sequence of `length` real steps out of t.
struct Walk {
    std::int64_t t;
    bool isReverse;

    constexpr std::int64_t step(std::int64_t turn) const { return isReverse ? t - 1 - turn : turn; }
    /// The step walked before `step`, or −1.
    constexpr std::int64_t before(std::int64_t step, std::int64_t length) const
    {
        if (isReverse)
            return step + 1 < length ? step + 1 : -1;
        return step - 1;
    }
    constexpr std::int64_t last(std::int64_t length) const { return isReverse ? 0 : length - 1; }
};

} // namespace weft
