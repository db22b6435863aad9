#pragma once

#include <cmath>

#include "core/ops/batch_norm/batch_norm_ref.h"
#include "core/ops/batch_norm/norm_tail.h"
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

/// dy, and its products with deviations from the mean. Where an activation follows, dy is that of its result, and what it was given is
/// worked out again instead of being read.
template <class T> struct RowProducts {
    const T *dy, *x;
    const float* mean;
    NormTail<T> tail;
    NormLine line;

    template <int width> struct OfChannels {
        const T *dy, *x;
        NormTail<T> tail;
        Lanes<float, width> mean, factor, shift;

        WEFT_DEVICE void add(std::int64_t, std::int64_t place, Lanes<float, width>& sum, Lanes<float, width>& products) const
        {
            const Lanes<T, width> slopes = lanesAt<width>(dy + place), values = lanesAt<width>(x + place);
            for (int lane = 0; lane < width; ++lane) {
                const float off = static_cast<float>(values.at[lane]) - mean.at[lane];
                const float slope = tail.slope(static_cast<float>(slopes.at[lane]), factor.at[lane] * off + shift.at[lane]);
                sum.at[lane] += slope;
                products.at[lane] += slope * off;
            }
        }
    };
    template <int width> WEFT_DEVICE OfChannels<width> at(std::int64_t channel) const
    {
        OfChannels<width> of{dy, x, tail, lanesAt<width>(mean + channel), {}, {}};
        if (tail.activation == NormActivation::None)
            return of;
        of.shift = lanesAt<width>(line.shift + channel);
        for (int lane = 0; lane < width; ++lane)
            of.factor.at[lane] = line.factorOf(channel + lane);
        return of;
    }
};

/// y = tail(factor · (x − mean) + shift)
template <class T> struct NormalisedRows {
    const T* x;
    const float *mean, *factor, *shift;
    NormTail<T> tail;
    T* y;

    template <int width> struct OfChannels {
        const NormalisedRows& all;
        Lanes<float, width> mean, factor, shift;

        WEFT_DEVICE void put(std::int64_t place) const
        {
            const Lanes<T, width> values = lanesAt<width>(all.x + place);
            const Lanes<T, width> addends = all.tail.addend ? lanesAt<width>(all.tail.addend + place) : Lanes<T, width>{};
            Lanes<T, width> result;
            for (int lane = 0; lane < width; ++lane) {
                const float normal = factor.at[lane] * (static_cast<float>(values.at[lane]) - mean.at[lane]) + shift.at[lane];
                result.at[lane] = static_cast<T>(activated(all.tail.activation, normal + static_cast<float>(addends.at[lane]), all.tail.alpha));
            }
            putLanes(all.y + place, result);
        }
    };
    template <int width> WEFT_DEVICE OfChannels<width> at(std::int64_t channel) const
    {
        return {*this, lanesAt<width>(mean + channel), lanesAt<width>(factor + channel), lanesAt<width>(shift + channel)};
    }
};

/// dx = factor · (dy · the tail's slope) + ofX · (x − mean) + constant
template <class T> struct SlopesOfRows {
    const T *dy, *x;
    const float *mean, *factor, *shift, *ofX, *constant;
    NormTail<T> tail;
    T* dx;

    template <int width> struct OfChannels {
        const SlopesOfRows& all;
        Lanes<float, width> mean, factor, shift, ofX, constant;

        WEFT_DEVICE void put(std::int64_t place) const
        {
            const Lanes<T, width> slopes = lanesAt<width>(all.dy + place), values = lanesAt<width>(all.x + place);
            Lanes<T, width> result;
            for (int lane = 0; lane < width; ++lane) {
                const float off = static_cast<float>(values.at[lane]) - mean.at[lane];
                const float slope = all.tail.slope(static_cast<float>(slopes.at[lane]), factor.at[lane] * off + shift.at[lane]);
                result.at[lane] = static_cast<T>(factor.at[lane] * slope + ofX.at[lane] * off + constant.at[lane]);
            }
            putLanes(all.dx + place, result);
        }
    };
    template <int width> WEFT_DEVICE OfChannels<width> at(std::int64_t channel) const
    {
        OfChannels<width> of{*this, lanesAt<width>(mean + channel), lanesAt<width>(factor + channel),
                             {},    lanesAt<width>(ofX + channel),  lanesAt<width>(constant + channel)};
        if (tail.activation != NormActivation::None)
            of.shift = lanesAt<width>(shift + channel);
        return of;
    }
};

/// Calls rows.at(channel).put(place) for `width` channels of each row; a thread takes some rows, for which it reads the numbers of its
/// channels once.
template <int width, class Rows> void putRowsBy(const KernelContext& context, const RowParts& parts, const Rows& rows)
{
    constexpr std::int64_t mostRows = 8, threads = 1 << 17;
    const std::int64_t groups = parts.channels / width, all = parts.rows;
    const std::int64_t rowsOfThread = std::max<std::int64_t>(1, std::min(mostRows, all * groups / threads));
    forEach(context, (all + rowsOfThread - 1) / rowsOfThread * groups, [=] WEFT_DEVICE(std::int64_t i) {
        const std::int64_t channel = i % groups * width, first = i / groups * rowsOfThread;
        const auto ofChannels = rows.template at<width>(channel);
        for (std::int64_t row = first; row < std::min(first + rowsOfThread, all); ++row)
            ofChannels.put(row * parts.channels + channel);
    });
}

template <class T, class Rows> void putRows(const KernelContext& context, const RowParts& parts, const Rows& rows)
{
    atWidthOf<T>(parts, [&](auto width) { putRowsBy<decltype(width)::value>(context, parts, rows); });
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
        putRows<T>(context, parts, NormalisedRows<T>{x, means, scratch.number(0), scratch.number(1), NormTail<T>(context, attributes, 3), y});
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
        const NormTail<T> tail(context, attributes);
        const NormLine line{scale, means,  variances, tail.activation == NormActivation::None ? nullptr : inputData<float>(context, 5),
                            count, epsilon};
        sumParts<T>(context, parts, scratch.sums, RowProducts<T>{dy, x, means, tail, line});
        forEachTeam(context, parts.channels, parts.parts, [=] WEFT_DEVICE(std::int64_t c, const Team& team) {
            const PairOfSums sums = addParts(parts, scratch.sums, c, team);
            if (team.index() != 0)
                return;
            const double inverse = line.inverseDeviation(c), factor = static_cast<double>(scale[c]) * inverse;
            dScale[c] = static_cast<float>(sums.second * inverse);
            dShift[c] = static_cast<float>(sums.first);
            scratch.number(0)[c] = static_cast<float>(-factor * inverse * inverse * sums.second / count);
            scratch.number(1)[c] = line.factorOf(c);
            scratch.number(2)[c] = static_cast<float>(-factor * sums.first / count);
        });
        putRows<T>(context, parts, SlopesOfRows<T>{dy, x, means, scratch.number(1), line.shift, scratch.number(0), scratch.number(2), tail, dx});
    }
};

} // namespace weft
