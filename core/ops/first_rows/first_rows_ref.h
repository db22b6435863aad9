#pragma once

#include <algorithm>

#include "core/ops/support/reference.h"

namespace weft {

/// Copies the rows that both arrays have; further rows of the result are zeros. Serves the op and its gradient.
struct FirstRowsReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t common = std::min(context.inputs[0].count(), context.outputs[0].count());
        T* y = outputData<T>(context);
        std::copy_n(inputData<T>(context, 0), common, y);
        std::fill_n(y + common, context.outputs[0].count() - common, T(0));
    }
};

} // namespace weft
