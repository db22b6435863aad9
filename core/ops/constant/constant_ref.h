#pragma once

#include "core/ops/support/reference.h"

namespace weft {

template <class T> void writeConstant(const KernelContext& context, const std::vector<double>& values)
{
    T* y = outputData<T>(context);
    for (std::int64_t i = 0, count = context.outputs[0].count(); i < count; ++i)
        y[i] = static_cast<T>(values.size() == 1 ? values[0] : values[static_cast<std::size_t>(i)]);
}

} // namespace weft
