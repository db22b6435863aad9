#pragma once

#include "core/ops/support/reference.h"

namespace weft {

/// A scalar operand: float32 as the trainer feeds it, or the graph's own type.
inline double blendFactor(const KernelContext& context, std::size_t index)
{
    const Array& array = context.inputs[index];
    return array.type.dtype == DType::Float64 ? array.as<double>()[0] : static_cast<double>(array.as<float>()[0]);
}

struct BlendUpdateReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const T keep = static_cast<T>(blendFactor(context, 0));
        const T fresh = static_cast<T>(blendFactor(context, 1));
        for (std::size_t target = 2; target < context.inputs.size(); target += 2) {
            T* variable = inputData<T>(context, target);
            const T* value = inputData<T>(context, target + 1);
            for (std::int64_t i = 0, count = context.inputs[target].count(); i < count; ++i)
                variable[i] = keep == T(0) ? fresh * value[i] : keep * variable[i] + fresh * value[i];
        }
    }
};

} // namespace weft
