#pragma once

#include <cmath>

#include "core/ops/batch_norm/batch_norm_ref.h"
#include "core/ops/support/cuda_rows.h"

namespace weft {

// BatchNorm on a card for arrays with channels last.

/// Deviations from a number near the mean, and their squares.
template <class T> struct RowMoments {
    const T *x, *center;
    template <int width> WEFT_DEVICE void add(std::int64_t channel, std::int64_t place, Lanes<float, width>& sum, Lanes<float, width>& squares) const
    {
        const Lanes<T, width> values = lanesAt<width>(x + place), centers = lanesAt<width>(center + channel);
        for (int lane = 0; lane < width; ++lane) {
            const float off = static_cast<float>(values.at[lane]) - static_cast<float>(centers.at[lane]);
            sum.at[lane] += off;
            squares.at[lane] += off * off;
        }
    }
};

/// dy, and its products with deviations from the mean.
template <class T> struct RowProducts {
    const T *dy, *x;
    const float* mean;
    template <int width> WEFT_DEVICE void add(std::int64_t channel, std::int64_t place, Lanes<float, width>& sum, Lanes<float, width>& products) const
    {
        const Lanes<T, width> slopes = lanesAt<width>(dy + place), values = lanesAt<width>(x + place);
        for (int lane = 0; lane < width; ++lane) {
            const float slope = static_cast<float>(slopes.at[lane]);
            sum.at[lane] += slope;
            products.at[lane] += slope * (static_cast<float>(values.at[lane]) - mean[channel + lane]);
        }
    }
};

/// y = ofDy · dy + ofX · (x − mean) + constant, with numbers of the channel.
struct ChannelLine {
    const float *mean, *ofX, *ofDy, *constant;
};

template <int width, class T>
void applyLineBy(const KernelContext& context, std::int64_t count, std::int64_t channels, const ChannelLine& line, const T* x, const T* dy, T* y)
{
    forEach(context, count / width, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t channel = i * width % channels;
        const Lanes<T, width> values = lanesAt<width>(x + i * width), slopes = dy ? lanesAt<width>(dy + i * width) : Lanes<T, width>{};
        Lanes<T, width> result;
        for (int lane = 0; lane < width; ++lane) {
            const std::int64_t c = channel + lane;
            float number = line.ofX[c] * (static_cast<float>(values.at[lane]) - line.mean[c]) + line.constant[c];
            if (dy)
                number += line.ofDy[c] * static_cast<float>(slopes.at[lane]);
            result.at[lane] = static_cast<T>(number);
        }
        putLanes(y + i * width, result);
    });
}

template <class T> void applyLine(const KernelContext& context, const RowParts& parts, const ChannelLine& line, const T* x, const T* dy, T* y)
{
    const std::int64_t count = parts.rows * parts.channels;
    if (parts.isInGroupsOf(lanesAtOnce<T>))
        applyLineBy<lanesAtOnce<T>>(context, count, parts.channels, line, x, dy, y);
    else if (parts.isInGroupsOf(4))
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

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[0].type.extents);
        const RowParts parts(sizes.samples * sizes.area, sizes.channels);
        const RowScratch scratch(context, parts);
        const double count = sizes.perChannel(), epsilon = attributes.real("epsilon");
        const T* x = inputData<T>(context, 0);
        const float *scale = inputData<float>(context, 1), *shift = inputData<float>(context, 2);
        T* y = outputData<T>(context);
        float *means = outputData<float>(context, 1), *variances = outputData<float>(context, 2);
        sumParts<T>(context, parts, scratch.sums, RowMoments<T>{x, x}); // The first row is near enough.
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
        applyLine<T>(context, parts, {means, scratch.number(0), nullptr, scratch.number(1)}, x, nullptr, y);
    }
};

struct BatchNormGradientRows {
    static std::size_t scratchBytes(const KernelRequest& request) { return RowScratch::bytes(request.inputs[1]); }

    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const ChannelSizes sizes(context.inputs[1].type.extents);
        const RowParts parts(sizes.samples * sizes.area, sizes.channels);
        const RowScratch scratch(context, parts);
        const double count = sizes.perChannel(), epsilon = attributes.real("epsilon");
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        const float* scale = inputData<float>(context, 2);
        const float *means = inputData<float>(context, 3), *variances = inputData<float>(context, 4);
        T* dx = outputData<T>(context);
        float *dScale = outputData<float>(context, 1), *dShift = outputData<float>(context, 2);
        sumParts<T>(context, parts, scratch.sums, RowProducts<T>{dy, x, means});
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
