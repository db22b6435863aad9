#pragma once

#include <algorithm>
#include <limits>

#include "core/ops/support/reference.h"

namespace weft {

struct EmbeddingReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array& table = context.inputs[0];
        const std::int64_t rows = table.extent(0), width = table.extent(1);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        T* y = outputData<T>(context);
        for (std::int64_t i = 0; i < context.inputs[1].count(); ++i, y += width) {
            if (tokens[i] >= 0 && tokens[i] < rows)
                std::copy_n(table.as<T>() + tokens[i] * width, width, y);
            else
                std::fill_n(y, width, std::numeric_limits<T>::quiet_NaN());
        }
    }
};

struct EmbeddingGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& dTable = context.outputs[0];
        const std::int64_t rows = dTable.extent(0), width = dTable.extent(1), padding = attributes.integer("padding");
        const T* dy = inputData<T>(context, 0);
        const std::int32_t* tokens = inputData<std::int32_t>(context, 1);
        std::fill_n(dTable.as<T>(), dTable.count(), T(0));
        for (std::int64_t i = 0; i < context.inputs[1].count(); ++i) {
            if (tokens[i] < 0 || tokens[i] >= rows || tokens[i] == padding)
                continue;
            T* row = dTable.as<T>() + tokens[i] * width;
            for (std::int64_t d = 0; d < width; ++d)
                row[d] += dy[i * width + d];
        }
    }
};

} // namespace weft
