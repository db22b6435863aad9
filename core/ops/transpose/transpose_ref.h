#pragma once

#include "core/ops/support/reference.h"

namespace weft {

struct TransposeReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::vector<std::int64_t>& permutation = attributes.integers("permutation");
        const Index own = stridesOf(context.inputs[0].type.extents);
        Index strides{};
        for (std::size_t i = 0; i < permutation.size(); ++i)
            strides[i] = own[static_cast<std::size_t>(permutation[i])];
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachIndex(context.outputs[0].type.extents, [&](std::int64_t flat, const Index& index) { y[flat] = x[offsetOf(index, strides)]; });
    }
};

} // namespace weft
