#pragma once

#include <algorithm>
#include <cmath>

#include "core/ops/support/reference.h"

namespace weft {

/// The mean of a row and one over its deviation.
struct RowStatistics {
    double mean = 0, share = 0;

    template <class T> RowStatistics(const T* x, std::int64_t width, double epsilon)
    {
        for (std::int64_t d = 0; d < width; ++d)
            mean += static_cast<double>(x[d]) / static_cast<double>(width);
        double variance = 0;
        for (std::int64_t d = 0; d < width; ++d) {
            const double off = static_cast<double>(x[d]) - mean;
            variance += off * off / static_cast<double>(width);
        }
        share = 1.0 / std::sqrt(variance + epsilon);
    }
};

struct LayerNormReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& x = context.inputs[0];
        const std::int64_t width = x.type.extents.back();
        const bool isAffine = context.inputs.size() > 1;
        for (std::int64_t first = 0; first < x.count(); first += width) {
            const RowStatistics row(x.as<const T>() + first, width, attributes.real("epsilon"));
            for (std::int64_t d = 0; d < width; ++d) {
                const double y = (static_cast<double>(x.as<const T>()[first + d]) - row.mean) * row.share;
                const double scale = isAffine ? static_cast<double>(inputData<T>(context, 1)[d]) : 1.0;
                const double shift = isAffine ? static_cast<double>(inputData<T>(context, 2)[d]) : 0.0;
                outputData<T>(context)[first + d] = static_cast<T>(y * scale + shift);
            }
        }
    }
};

/// With y' the standardised x and g = dy·scale: dx = (g − mean(g) − y'·mean(g·y')) / deviation; the slope of the scale is
/// the sum of dy·y' over all rows, that of the shift the sum of dy.
struct LayerNormGradientReference {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& x = context.inputs[1];
        const std::int64_t width = x.type.extents.back();
        const bool isAffine = context.inputs.size() > 2;
        const T* dy = inputData<T>(context, 0);
        std::vector<double> dScale(static_cast<std::size_t>(width)), dShift(dScale.size()), y(dScale.size()), g(dScale.size());
        for (std::int64_t first = 0; first < x.count(); first += width) {
            const RowStatistics row(x.as<const T>() + first, width, attributes.real("epsilon"));
            double meanG = 0, meanGY = 0;
            for (std::size_t d = 0; d < y.size(); ++d) {
                const auto at = first + static_cast<std::int64_t>(d);
                y[d] = (static_cast<double>(x.as<const T>()[at]) - row.mean) * row.share;
                g[d] = static_cast<double>(dy[at]) * (isAffine ? static_cast<double>(inputData<T>(context, 2)[d]) : 1.0);
                meanG += g[d] / static_cast<double>(width);
                meanGY += g[d] * y[d] / static_cast<double>(width);
                dScale[d] += static_cast<double>(dy[at]) * y[d];
                dShift[d] += static_cast<double>(dy[at]);
            }
            for (std::size_t d = 0; d < y.size(); ++d)
                outputData<T>(context)[first + static_cast<std::int64_t>(d)] = static_cast<T>((g[d] - meanG - y[d] * meanGY) * row.share);
        }
        if (!isAffine)
            return;
        std::transform(dScale.begin(), dScale.end(), outputData<T>(context, 1), [](double value) { return static_cast<T>(value); });
        std::transform(dShift.begin(), dShift.end(), outputData<T>(context, 2), [](double value) { return static_cast<T>(value); });
    }
};

} // namespace weft
