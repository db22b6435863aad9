#pragma once

#include <algorithm>

#include "core/ops/support/reference.h"

namespace weft {

struct BroadcastToReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.outputs[0].type.extents;
        const Index strides = stretchedStrides(context.inputs[0].type.extents, extents);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachIndex(extents, [&](std::int64_t flat, const Index& index) { y[flat] = x[offsetOf(index, strides)]; });
    }
};

/// Sums in the element type, in row-major order of x.
struct SumToReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.inputs[0].type.extents;
        const Index strides = stretchedStrides(context.outputs[0].type.extents, extents);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        std::fill(y, y + context.outputs[0].count(), T(0));
        forEachIndex(extents, [&](std::int64_t flat, const Index& index) { y[offsetOf(index, strides)] += x[flat]; });
    }
};

} // namespace weft
