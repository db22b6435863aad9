#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/ops/support/reference.h"

namespace weft {

struct KeepLargestReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        const std::int64_t count = context.inputs[0].count();
        std::vector<T> magnitudes(static_cast<std::size_t>(count));
        for (std::int64_t i = 0; i < count; ++i)
            magnitudes[static_cast<std::size_t>(i)] = magnitude(x[i]);
        const std::int64_t kept = std::min(attributes.integer("count"), count);
        if (kept == 0)
            return;
        std::nth_element(magnitudes.begin(), magnitudes.begin() + (kept - 1), magnitudes.end(), std::greater<T>());
        for (std::int64_t i = 0; i < count; ++i)
            y[i] = magnitude(x[i]) >= magnitudes[static_cast<std::size_t>(kept - 1)] ? x[i] : T(0);
    }

private:
    template <class T> static T magnitude(T x)
    {
        const T size = x < T(0) ? -x : x;
        return size == size ? size : std::numeric_limits<T>::infinity();
    }
};

} // namespace weft
