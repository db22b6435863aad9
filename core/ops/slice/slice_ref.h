#pragma once

#include <algorithm>

#include "core/ops/support/reference.h"

namespace weft {

/// Copies between an array and its part begin ≤ i < end of `axis`. `isGradient`: from the part into
/// an array of zeros, else from the array.
template <bool isGradient> struct SliceReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& whole = isGradient ? context.outputs[0] : context.inputs[0];
        const Array& part = isGradient ? context.inputs[0] : context.outputs[0];
        const std::size_t axis = static_cast<std::size_t>(attributes.integer("axis"));
        const Index strides = stridesOf(whole.type.extents);
        const std::int64_t first = attributes.integer("begin") * strides[axis];
        if constexpr (isGradient)
            std::fill(whole.as<T>(), whole.as<T>() + whole.count(), T(0));
        forEachIndex(part.type.extents, [&](std::int64_t flat, const Index& index) {
            T& inWhole = whole.as<T>()[first + offsetOf(index, strides)];
            T& inPart = part.as<T>()[flat];
            if constexpr (isGradient)
                inWhole = inPart;
            else
                inPart = inWhole;
        });
    }
};

} // namespace weft
