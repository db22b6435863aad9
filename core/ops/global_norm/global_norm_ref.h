#pragma once

#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

struct GlobalNormReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        double sum = 0;
        for (std::size_t input = 0; input < context.inputs.size(); ++input) {
            const T* x = inputData<T>(context, input);
            for (std::int64_t i = 0, count = context.inputs[input].count(); i < count; ++i)
                sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
        }
        outputData<T>(context)[0] = static_cast<T>(std::sqrt(sum));
    }
};

} // namespace weft
