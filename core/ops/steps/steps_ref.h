#pragma once

#include <numeric>

#include "core/ops/support/reference.h"

namespace weft {

struct StepsReference {
    static void run(const KernelContext& context, const Attributes&)
    {
        std::int32_t* y = outputData<std::int32_t>(context);
        std::iota(y, y + context.outputs[0].count(), 0);
    }
};

struct LessReference {
    static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.outputs[0].type.extents;
        const Index ofA = stretchedStrides(context.inputs[0].type.extents, extents);
        const Index ofB = stretchedStrides(context.inputs[1].type.extents, extents);
        const std::int32_t *a = inputData<std::int32_t>(context, 0), *b = inputData<std::int32_t>(context, 1);
        forEachIndex(extents, [&](std::int64_t flat, const Index& index) {
            outputData<std::uint8_t>(context)[flat] = a[offsetOf(index, ofA)] < b[offsetOf(index, ofB)] ? 1 : 0;
        });
    }
};

} // namespace weft
