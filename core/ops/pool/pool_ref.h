#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// Sizes of a pooling with three spatial axes; fewer have leading ones.
struct PoolSizes {
    using Triple = std::array<std::int64_t, 3>;
    std::int64_t planes = 0;
    Triple in{1, 1, 1}, out{1, 1, 1}, kernel{1, 1, 1}, strides{1, 1, 1}, pad{0, 0, 0}, padEnd{0, 0, 0};

    PoolSizes(const Extents& x, const Extents& y, const Attributes& attributes) : planes(x[0] * x[1])
    {
        const std::size_t axes = x.size() - 2;
        for (std::size_t i = 0; i < axes; ++i) {
            const std::size_t to = 3 - axes + i;
            in[to] = x[i + 2];
            out[to] = y[i + 2];
            kernel[to] = attributes.integers("kernel")[i];
            strides[to] = attributes.integers("strides")[i];
            pad[to] = attributes.integers("padBegin")[i];
            padEnd[to] = attributes.integers("padEnd")[i];
        }
    }

    /// One window cut to the array: begin ≤ i < end along each axis; `area` counts the padding as well.
    struct Window {
        Triple begin{}, end{};
        std::int64_t area = 1;
    };

    /// Calls visit(yOffset, xOffset of the plane, window) for every window.
    template <class Visit> void forEachWindow(Visit visit) const
    {
        forEachIndex({planes, out[0], out[1], out[2]}, [&](std::int64_t flat, const Index& index) {
            visit(flat, index[0] * in[0] * in[1] * in[2], windowAt({index[1], index[2], index[3]}));
        });
    }

    constexpr Window windowAt(const Triple& position) const
    {
        Window window;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t first = position[axis] * strides[axis] - pad[axis];
            const std::int64_t last = std::min(first + kernel[axis], in[axis] + padEnd[axis]);
            window.area *= last - first;
            window.begin[axis] = std::max<std::int64_t>(first, 0);
            window.end[axis] = std::min(last, in[axis]);
        }
        return window;
    }

    /// The window of element `flat` of y.
    constexpr Window windowOf(std::int64_t flat) const
    {
        return windowAt({flat / (out[2] * out[1]) % out[0], flat / out[2] % out[1], flat % out[2]});
    }
    /// The offset of the plane of x that element `flat` of y looks at.
    constexpr std::int64_t planeOf(std::int64_t flat) const { return flat / (out[0] * out[1] * out[2]) * (in[0] * in[1] * in[2]); }

    /// Calls visit(flat of y, window) for every window that holds element `flat` of x, in the order of y.
    template <class Visit> constexpr void forEachWindowOver(std::int64_t flat, Visit visit) const
    {
        const Triple place{flat / (in[2] * in[1]) % in[0], flat / in[2] % in[1], flat % in[2]};
        Triple first{}, last{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t padded = place[axis] + pad[axis];
            first[axis] = padded < kernel[axis] ? 0 : (padded - kernel[axis]) / strides[axis] + 1;
            last[axis] = std::min(padded / strides[axis], out[axis] - 1);
        }
        const std::int64_t plane = flat / (in[0] * in[1] * in[2]) * (out[0] * out[1] * out[2]);
        for (std::int64_t a = first[0]; a <= last[0]; ++a) {
            for (std::int64_t b = first[1]; b <= last[1]; ++b) {
                for (std::int64_t c = first[2]; c <= last[2]; ++c)
                    visit(plane + (a * out[1] + b) * out[2] + c, windowAt({a, b, c}));
            }
        }
    }

    /// Calls visit(offset in the plane) for each element of a window, row by row.
    template <class Visit> constexpr void forEachElement(const Window& window, Visit visit) const
    {
        for (std::int64_t a = window.begin[0]; a < window.end[0]; ++a) {
            for (std::int64_t b = window.begin[1]; b < window.end[1]; ++b) {
                for (std::int64_t c = window.begin[2]; c < window.end[2]; ++c)
                    visit((a * in[1] + b) * in[2] + c);
            }
        }
    }

    /// Offset in the plane of the first maximum of a window; a NaN wins. `plane[offset]` is an element.
    template <class Plane> constexpr std::int64_t firstMaximum(const Plane& plane, const Window& window) const
    {
        std::int64_t best = -1;
        forEachElement(window, [&](std::int64_t i) {
            if (best < 0 || plane[i] > plane[best] || (std::isnan(plane[i]) && !std::isnan(plane[best])))
                best = i;
        });
        return best;
    }
};

struct MaxPoolReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes(context.inputs[0].type.extents, context.outputs[0].type.extents, attributes);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        sizes.forEachWindow(
            [&](std::int64_t to, std::int64_t plane, const PoolSizes::Window& window) { y[to] = x[plane + sizes.firstMaximum(x + plane, window)]; });
    }
};

struct MaxPoolGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dx = context.outputs[0];
        const PoolSizes sizes(dx.type.extents, context.inputs[0].type.extents, attributes);
        const T* dy = inputData<T>(context, 0);
        const T* x = inputData<T>(context, 1);
        std::fill(dx.as<T>(), dx.as<T>() + dx.count(), T(0));
        sizes.forEachWindow([&](std::int64_t from, std::int64_t plane, const PoolSizes::Window& window) {
            dx.as<T>()[plane + sizes.firstMaximum(x + plane, window)] += dy[from];
        });
    }
};

struct AveragePoolReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes(context.inputs[0].type.extents, context.outputs[0].type.extents, attributes);
        const bool countPadding = attributes.flag("countPadding");
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        sizes.forEachWindow([&](std::int64_t to, std::int64_t plane, const PoolSizes::Window& window) {
            double sum = 0;
            std::int64_t count = 0;
            sizes.forEachElement(window, [&](std::int64_t i) {
                sum += static_cast<double>(x[plane + i]);
                ++count;
            });
            y[to] = static_cast<T>(sum / static_cast<double>(countPadding ? window.area : count));
        });
    }
};

struct AveragePoolGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dx = context.outputs[0];
        const PoolSizes sizes(dx.type.extents, context.inputs[0].type.extents, attributes);
        const bool countPadding = attributes.flag("countPadding");
        const T* dy = inputData<T>(context, 0);
        std::fill(dx.as<T>(), dx.as<T>() + dx.count(), T(0));
        sizes.forEachWindow([&](std::int64_t from, std::int64_t plane, const PoolSizes::Window& window) {
            std::int64_t count = 0;
            sizes.forEachElement(window, [&](std::int64_t) { ++count; });
            const T share = dy[from] / static_cast<T>(countPadding ? window.area : count);
            sizes.forEachElement(window, [&](std::int64_t i) { dx.as<T>()[plane + i] += share; });
        });
    }
};

} // namespace weft
