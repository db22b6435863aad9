#pragma once

#include <cstring>

#include "core/ops/support/reference.h"

namespace weft {

struct AssignReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        std::memcpy(inputData<T>(context, 0), inputData<T>(context, 1), static_cast<std::size_t>(context.inputs[0].count()) * sizeof(T));
    }
};

} // namespace weft
