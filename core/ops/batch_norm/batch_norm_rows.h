#pragma once

#include <cmath>

#include "core/ops/batch_norm/batch_norm_ref.h"
#include "core/ops/support/cuda_rows.h"

namespace weft {

// BatchNorm on a card for arrays with channels last.

/// Deviations from a number near the mean, and their squares.
struct RowMoments {
    const float *x, *center;
    template <int width> WEFT_DEVICE void add(std::int64_t channel, std::int64_t place, Lanes<width>& sum, Lanes<width>& squares) const
    {
        const Lanes<width> values = lanesAt<width>(x + place), centers = lanesAt<width>(center + channel);
        for (int lane = 0; lane < width; ++lane) {
            const float off = values.at[lane] - centers.at[lane];
            sum.at[lane] += off;
            squares.at[lane] += off * off;
        }
    }
};

/// dy, and its products with deviations from the mean.
struct RowProducts {
    const float *dy, *x, *mean;
    template <int width> WEFT_DEVICE void add(std::int64_t channel, std::int64_t place, Lanes<width>& sum, Lanes<width>& products) const
    {
        const Lanes<width> slopes = lanesAt<width>(dy + place), values = lanesAt<width>(x + place), means = lanesAt<width>(mean + channel);
        for (int lane = 0; lane < width; ++lane) {
            sum.at[lane] += slopes.at[lane];
            products.at[lane] += slopes.at[lane] * (values.at[lane] - means.at[lane]);
        }
    }
};

/// y = ofDy · dy + ofX · (x − mean) + constant, with numbers of the channel.
struct ChannelLine {
    const float *mean, *ofX, *ofDy, *constant;
};

template <int width> void applyLineBy(const KernelContext& context, std::int64_t count, std::int64_t channels, const ChannelLine& line,
                                      const float* x, const float* dy, float* y)
{
    forEach(context, count / width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t channel = i * width % channels;
        const Lanes<width> values = lanesAt<width>(x + i * width), slopes = dy ? lanesAt<width>(dy + i * width) : Lanes<width>{};
        Lanes<width> result;
        for (int lane = 0; lane < width; ++lane) {
            const std::int64_t c = channel + lane;
            result.at[lane] = line.ofX[c] * (values.at[lane] - line.mean[c]) + line.constant[c];
            if (dy)
                result.at[lane] += line.ofDy[c] * slopes.at[lane];
        }
        *reinterpret_cast<Lanes<width>*>(y + i * width) = result;
    });
}

inline void applyLine(const KernelContext& context, const RowParts& parts, const ChannelLine& line, const float* x, const float* dy, float* y)
{
    const std::int64_t count = parts.rows * parts.channels;
    if (parts.isInFours())
        applyLineBy<4>(context, count, parts.channels, line, x, dy, y);
    else
        applyLineBy<1>(context, count, parts.channels, line, x, dy, y);
}

/// The scratch: sums of the parts, then four numbers of each channel.
struct RowScratch {
    double* sums;
    float* numbers;
    std::int64_t channels;

    RowScratch(const KernelContext& context, const RowParts& parts) :
        sums(static_cast<double*>(context.scratch)), numbers(reinterpret_cast<float*>(sums + 2 * parts.parts * parts.channels)),
        channels(parts.channels)
    {
    }
    constexpr float* number(std::int64_t which) const { return numbers + which * channels; }
    static std::size_t bytes(const ArrayType& x)
    {
        const ChannelSizes sizes(x.extents);
        return RowParts(sizes.samples * sizes.area, sizes.channels).scratchBytes() + 4 * static_cast<std::size_t>(sizes.channels) * sizeof(float);
    }
};

struct BatchNormRows {
    static std::size_t scratchBytes(const KernelRequest& request) { return RowScratch::bytes(request.inputs[0]); }

    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[0].type.extents);
        const RowParts parts(sizes.samples * sizes.area, sizes.channels);
        const RowScratch scratch(context, parts);
        const double count = sizes.perChannel(), epsilon = attributes.real("epsilon");
        const float *x = inputData<float>(context, 0), *scale = inputData<float>(context, 1), *shift = inputData<float>(context, 2);
        float *y = outputData<float>(context), *means = outputData<float>(context, 1), *variances = outputData<float>(context, 2);
        sumParts(context, parts, scratch.sums, RowMoments{x, x}); // The first row is near enough.
        forEachTeam(context, parts.channels, parts.parts, [=] WEFT_DEVICE(std::int64_t c, const Team& team) {
            const PairOfSums sums = addParts(parts, scratch.sums, c, team);
            if (team.index() != 0)
                return;
            const double off = sums.first / count, squares = std::max(0.0, sums.second - off * sums.first);
            const double mean = (parts.rows > 0 ? static_cast<double>(x[c]) : 0.0) + off;
            means[c] = static_cast<float>(mean);
            variances[c] = static_cast<float>(squares / (count > 2.0 ? count - 1.0 : 1.0));
            scratch.number(0)[c] = static_cast<float>(static_cast<double>(scale[c]) / std::sqrt(squares / count + epsilon));
            // What rounding the mean takes away is given back here.
            scratch.number(1)[c] = static_cast<float>(static_cast<double>(shift[c])
                                                      + (static_cast<double>(means[c]) - mean) * static_cast<double>(scratch.number(0)[c]));
        });
        applyLine(context, parts, {means, scratch.number(0), nullptr, scratch.number(1)}, x, nullptr, y);
    }
};

struct BatchNormGradientRows {
    static std::size_t scratchBytes(const KernelRequest& request) { return RowScratch::bytes(request.inputs[1]); }

    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[1].type.extents);
        const RowParts parts(sizes.samples * sizes.area, sizes.channels);
        const RowScratch scratch(context, parts);
        const double count = sizes.perChannel(), epsilon = attributes.real("epsilon");
        const float *dy = inputData<float>(context, 0), *x = inputData<float>(context, 1), *scale = inputData<float>(context, 2);
        const float *means = inputData<float>(context, 3), *variances = inputData<float>(context, 4);
        float *dx = outputData<float>(context), *dScale = outputData<float>(context, 1), *dShift = outputData<float>(context, 2);
        sumParts(context, parts, scratch.sums, RowProducts{dy, x, means});
        forEachTeam(context, parts.channels, parts.parts, [=] WEFT_DEVICE(std::int64_t c, const Team& team) {
            const PairOfSums sums = addParts(parts, scratch.sums, c, team);
            if (team.index() != 0)
                return;
            const double biased = static_cast<double>(variances[c]) * (count > 2.0 ? count - 1.0 : 1.0) / count;
            const double inverse = 1.0 / std::sqrt(biased + epsilon), factor = static_cast<double>(scale[c]) * inverse;
            dScale[c] = static_cast<float>(sums.second * inverse);
            dShift[c] = static_cast<float>(sums.first);
            scratch.number(0)[c] = static_cast<float>(-factor * inverse * inverse * sums.second / count);
            scratch.number(1)[c] = static_cast<float>(factor);
            scratch.number(2)[c] = static_cast<float>(-factor * sums.first / count);
        });
        applyLine(context, parts, {means, scratch.number(0), scratch.number(1), scratch.number(2)}, x, dy, dx);
    }
};

} // namespace weft
