#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/support/reference.h"

namespace weft {

/// Strides of a reduced array as read with an index of the unreduced one: 0 along reduced axes.
inline Index reducedStrides(const Extents& extents, const Attributes& attributes)
{
    Extents kept = extents;
    for (const std::int64_t axis : attributes.integers("axes"))
        kept[static_cast<std::size_t>(axis)] = 1;
    return stretchedStrides(kept, extents);
}

template <bool isMean> struct ReduceSumReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& x = context.inputs[0];
        const Array& y = context.outputs[0];
        const Index strides = reducedStrides(x.type.extents, attributes);
        std::fill(y.as<T>(), y.as<T>() + y.count(), T(0));
        forEachIndex(x.type.extents, [&](std::int64_t flat, const Index& index) { y.as<T>()[offsetOf(index, strides)] += x.as<T>()[flat]; });
        if constexpr (isMean) {
            const T count = static_cast<T>(x.count()) / static_cast<T>(y.count());
            for (std::int64_t i = 0; i < y.count(); ++i)
                y.as<T>()[i] /= count;
        }
    }
};

struct ReduceMeanGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dy = context.inputs[0];
        const Array& dx = context.outputs[0];
        const Index strides = reducedStrides(dx.type.extents, attributes);
        const T share = static_cast<T>(dy.count()) / static_cast<T>(dx.count());
        forEachIndex(dx.type.extents,
                     [&](std::int64_t flat, const Index& index) { dx.as<T>()[flat] = dy.as<T>()[offsetOf(index, strides)] * share; });
    }
};

/// A NaN wins, as in pooling.
struct ReduceMaxReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& x = context.inputs[0];
        const Array& y = context.outputs[0];
        const Index strides = reducedStrides(x.type.extents, attributes);
        std::fill(y.as<T>(), y.as<T>() + y.count(), -std::numeric_limits<T>::infinity());
        forEachIndex(x.type.extents, [&](std::int64_t flat, const Index& index) {
            T& best = y.as<T>()[offsetOf(index, strides)];
            if (x.as<T>()[flat] > best || std::isnan(x.as<T>()[flat]))
                best = x.as<T>()[flat];
        });
    }
};

/// The first maximum gets the gradient. The scratch says which groups have found theirs.
struct ReduceMaxGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dy = context.inputs[0];
        const Array& x = context.inputs[1];
        const Array& y = context.inputs[2];
        const Array& dx = context.outputs[0];
        const Index strides = reducedStrides(x.type.extents, attributes);
        bool* isTaken = static_cast<bool*>(context.scratch);
        std::fill(isTaken, isTaken + y.count(), false);
        forEachIndex(x.type.extents, [&](std::int64_t flat, const Index& index) {
            const std::int64_t group = offsetOf(index, strides);
            const bool isFirst = !isTaken[group] && x.as<T>()[flat] == y.as<T>()[group];
            dx.as<T>()[flat] = isFirst ? dy.as<T>()[group] : T(0);
            isTaken[group] = isTaken[group] || isFirst;
        });
    }
    static std::size_t scratchBytes(const KernelRequest& request) { return static_cast<std::size_t>(elementCount(request.inputs[2].extents)); }
};

} // namespace weft
