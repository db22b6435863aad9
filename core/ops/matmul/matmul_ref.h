#pragma once

#include "core/ops/support/reference.h"

namespace weft {

struct MatMulReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& a = context.inputs[0];
        const Array& b = context.inputs[1];
        const Array& y = context.outputs[0];
        const bool transposeA = attributes.flag("transposeA");
        const bool transposeB = attributes.flag("transposeB");
        const int rank = static_cast<int>(y.type.extents.size());
        const std::int64_t m = y.extent(rank - 2);
        const std::int64_t n = y.extent(rank - 1);
        const std::int64_t k = a.extent(transposeA ? rank - 2 : rank - 1);
        const std::int64_t batch = m * n == 0 ? 0 : y.count() / (m * n);
        const std::int64_t bStep = b.type.extents.size() == 2 ? 0 : k * n;
        for (std::int64_t i = 0; i < batch; ++i)
            product(a.as<T>() + i * m * k, transposeA, b.as<T>() + i * bStep, transposeB, y.as<T>() + i * m * n, m, n, k);
    }

private:
    template <class T>
    static void product(const T* a, bool transposeA, const T* b, bool transposeB, T* y, std::int64_t m, std::int64_t n, std::int64_t k)
    {
        for (std::int64_t row = 0; row < m; ++row) {
            for (std::int64_t column = 0; column < n; ++column) {
                double sum = 0;
                for (std::int64_t i = 0; i < k; ++i) {
                    const T left = transposeA ? a[i * m + row] : a[row * k + i];
                    const T right = transposeB ? b[column * k + i] : b[i * n + column];
                    sum += static_cast<double>(left) * static_cast<double>(right);
                }
                y[row * n + column] = static_cast<T>(sum);
            }
        }
    }
};

} // namespace weft
