#pragma once

#include <cstring>

#include "core/ops/support/reference.h"

namespace weft {

struct ConcatReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& y = context.outputs[0];
        const std::int64_t axis = attributes.integer("axis");
        std::int64_t after = 1, before = 1;
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(y.type.extents.size()); ++i)
            (i < axis ? before : after) *= i == axis ? 1 : y.extent(static_cast<int>(i));
        const std::int64_t width = y.extent(static_cast<int>(axis)) * after;
        std::int64_t column = 0;
        for (const Array& x : context.inputs) {
            const std::int64_t own = x.extent(static_cast<int>(axis)) * after;
            for (std::int64_t row = 0; row < before; ++row)
                std::memcpy(y.as<T>() + row * width + column, x.as<T>() + row * own, static_cast<std::size_t>(own) * sizeof(T));
            column += own;
        }
    }
};

} // namespace weft
