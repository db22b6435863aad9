#pragma once

#include <algorithm>
#include <cmath>

#include "core/ops/support/reference.h"
#include "core/ops/support/sequence.h"

namespace weft {

/// Calls visit(offset of the first element, step, length) for every line along the attribute `axis`.
template <class Visit> void forEachLine(const Extents& extents, const Attributes& attributes, Visit visit)
{
    const std::size_t axis = static_cast<std::size_t>(attributes.integer("axis"));
    const Index strides = stridesOf(extents);
    Extents others = extents;
    others[axis] = 1;
    forEachIndex(others, [&](std::int64_t, const Index& index) { visit(offsetOf(index, strides), strides[axis], extents[axis]); });
}

struct SoftmaxReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachLine(context.outputs[0].type.extents, attributes, [&](std::int64_t first, std::int64_t step, std::int64_t length) {
            double largest = static_cast<double>(x[first]);
            for (std::int64_t i = 1; i < length; ++i)
                largest = std::max(largest, static_cast<double>(x[first + i * step]));
            double sum = 0;
            for (std::int64_t i = 0; i < length; ++i)
                sum += std::exp(static_cast<double>(x[first + i * step]) - largest);
            for (std::int64_t i = 0; i < length; ++i)
                y[first + i * step] = static_cast<T>(std::exp(static_cast<double>(x[first + i * step]) - largest) / sum);
        });
    }
};

struct SoftmaxGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const T* dy = inputData<T>(context, 0);
        const T* y = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        forEachLine(context.outputs[0].type.extents, attributes, [&](std::int64_t first, std::int64_t step, std::int64_t length) {
            double sum = 0;
            for (std::int64_t i = 0; i < length; ++i)
                sum += static_cast<double>(dy[first + i * step]) * static_cast<double>(y[first + i * step]);
            for (std::int64_t i = 0; i < length; ++i)
                dx[first + i * step] = static_cast<T>(static_cast<double>(y[first + i * step]) * (static_cast<double>(dy[first + i * step]) - sum));
        });
    }
};

/// Rows of scores [N, ..., queries, keys], and how many of their keys count.
struct ScoreRows {
    std::int64_t keys, queries, rowsPerSample;
    bool isCausal;
    Lengths lengths;

    ScoreRows(const KernelContext& context, bool causal) :
        keys(context.inputs[0].type.extents.back()), queries(context.inputs[0].type.extents[context.inputs[0].type.extents.size() - 2]),
        rowsPerSample(context.inputs[0].count() / std::max<std::int64_t>(1, keys * context.inputs[0].extent(0))), isCausal(causal),
        lengths(context.inputs.size() > 1 ? &context.inputs[1] : nullptr, keys)
    {
    }
    constexpr std::int64_t count(std::int64_t row) const
    {
        const std::int64_t real = lengths.of(row / rowsPerSample);
        return isCausal ? std::min(real, row % queries + 1) : real;
    }
};

struct MaskedSoftmaxReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ScoreRows rows(context, attributes.flag("causal"));
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        for (std::int64_t row = 0; row * rows.keys < context.inputs[0].count(); ++row, x += rows.keys, y += rows.keys) {
            const std::int64_t count = rows.count(row);
            const double largest = static_cast<double>(*std::max_element(x, x + count));
            double sum = 0;
            for (std::int64_t i = 0; i < count; ++i)
                sum += std::exp(static_cast<double>(x[i]) - largest);
            for (std::int64_t i = 0; i < rows.keys; ++i)
                y[i] = i < count ? static_cast<T>(std::exp(static_cast<double>(x[i]) - largest) / sum) : T(0);
        }
    }
};

} // namespace weft
