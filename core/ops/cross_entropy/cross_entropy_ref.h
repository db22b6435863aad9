#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/support/reference.h"

namespace weft {

/// log Σ exp(row), against overflow: the largest element is taken out of the exponent.
template <class T> double logSumExp(const T* row, std::int64_t classes)
{
    const double largest = static_cast<double>(*std::max_element(row, row + classes));
    double sum = 0;
    for (std::int64_t c = 0; c < classes; ++c)
        sum += std::exp(static_cast<double>(row[c]) - largest);
    return largest + std::log(sum);
}

struct SoftmaxCrossEntropyReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t samples = context.inputs[0].extent(0), classes = context.inputs[0].extent(1);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        T* loss = outputData<T>(context);
        for (std::int64_t n = 0; n < samples; ++n) {
            const T* row = inputData<T>(context, 0) + n * classes;
            const bool isKnown = target[n] >= 0 && target[n] < classes;
            loss[n] = isKnown ? static_cast<T>(logSumExp(row, classes) - static_cast<double>(row[target[n]])) : std::numeric_limits<T>::quiet_NaN();
        }
    }
};

struct SoftmaxCrossEntropyGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t samples = context.inputs[1].extent(0), classes = context.inputs[1].extent(1);
        const T* dy = inputData<T>(context, 0);
        const std::int32_t* target = inputData<std::int32_t>(context, 2);
        for (std::int64_t n = 0; n < samples; ++n) {
            const T* row = inputData<T>(context, 1) + n * classes;
            T* dRow = outputData<T>(context) + n * classes;
            const bool isKnown = target[n] >= 0 && target[n] < classes;
            const double scale = isKnown ? static_cast<double>(dy[n]) : std::numeric_limits<double>::quiet_NaN();
            const double total = logSumExp(row, classes);
            for (std::int64_t c = 0; c < classes; ++c)
                dRow[c] = static_cast<T>(scale * (std::exp(static_cast<double>(row[c]) - total) - (c == target[n] ? 1.0 : 0.0)));
        }
    }
};

struct FusedCrossEntropyReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::int64_t samples = context.inputs[0].extent(0), classes = context.inputs[0].extent(1);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        const bool hasCorrect = attributes.flag("hasCorrect");
        T* dLogits = attributes.flag("hasGradient") ? outputData<T>(context, hasCorrect ? 2 : 1) : nullptr;
        double loss = 0, correct = 0;
        for (std::int64_t n = 0; n < samples; ++n) {
            const T* row = inputData<T>(context, 0) + n * classes;
            const bool isKnown = target[n] >= 0 && target[n] < classes;
            const double total = logSumExp(row, classes), unknown = std::numeric_limits<double>::quiet_NaN();
            loss += isKnown ? total - static_cast<double>(row[target[n]]) : unknown;
            correct += std::max_element(row, row + classes) - row == target[n] ? 1.0 : 0.0;
            const double slope = isKnown ? attributes.real("slope") / static_cast<double>(samples) : unknown;
            for (std::int64_t c = 0; dLogits && c < classes; ++c)
                dLogits[n * classes + c] = static_cast<T>(slope * (std::exp(static_cast<double>(row[c]) - total) - (c == target[n] ? 1.0 : 0.0)));
        }
        *outputData<T>(context) = static_cast<T>(loss / static_cast<double>(samples));
        if (hasCorrect)
            *outputData<float>(context, 1) = static_cast<float>(correct);
    }
};

} // namespace weft
