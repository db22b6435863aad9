#pragma once

#include <algorithm>

#include "core/ops/support/reference.h"

namespace weft {

template <class T> void markCorrect(const KernelContext& context)
{
    const std::int64_t samples = context.inputs[0].extent(0), classes = context.inputs[0].extent(1);
    const std::int32_t* target = inputData<std::int32_t>(context, 1);
    for (std::int64_t n = 0; n < samples; ++n) {
        const T* row = inputData<T>(context, 0) + n * classes;
        outputData<float>(context)[n] = std::max_element(row, row + classes) - row == target[n] ? 1.0f : 0.0f;
    }
}

} // namespace weft
