#pragma once

#include <algorithm>

#include "core/device/kernel.h"
#include "core/ops/conv/conv_ref.h"

namespace weft {

/// Columns take no more scratch than this; larger batches go in parts.
inline constexpr std::int64_t columnBytes = std::int64_t(256) << 20;

/// The sizes of a convolution as bodies use them, and where the elements of its arrays lie: a row of the matrix of columns is a
/// channel and a tap, in the order in which the kernel has them.
struct ConvPlaces : ConvSizes {
    std::int64_t inArea, outArea, taps, inGroup, outGroup;
    bool isLast; ///< channels last, in x, y and kernel

    ConvPlaces(const Extents& x, const Extents& k, const Extents& y, const Attributes& attributes, Layout layout) :
        ConvSizes(x, k, y, attributes), inArea(in[0] * in[1] * in[2]), outArea(out[0] * out[1] * out[2]), taps(kernel[0] * kernel[1] * kernel[2]),
        inGroup(channels / groups), outGroup(filters / groups), isLast(layout == Layout::ChannelsLast)
    {
    }
    /// Rows of the matrix of columns: what one result adds up.
    constexpr std::int64_t depth() const { return inGroup * taps; }
    constexpr std::int64_t channelOf(std::int64_t row) const { return isLast ? row % inGroup : row / taps; }
    constexpr std::int64_t tapOf(std::int64_t row) const { return isLast ? row / inGroup : row % taps; }
    constexpr std::int64_t rowOf(std::int64_t channel, std::int64_t tap) const { return isLast ? tap * inGroup + channel : channel * taps + tap; }

    constexpr std::int64_t inX(std::int64_t n, std::int64_t channel, std::int64_t place) const
    {
        return isLast ? (n * inArea + place) * channels + channel : (n * channels + channel) * inArea + place;
    }
    constexpr std::int64_t inY(std::int64_t n, std::int64_t filter, std::int64_t position) const
    {
        return isLast ? (n * outArea + position) * filters + filter : (n * filters + filter) * outArea + position;
    }
    /// What element `at` of the memory of one sample of x or y is.
    struct Element {
        std::int64_t channel, place;
    };
    constexpr Element elementOf(std::int64_t at, std::int64_t of, std::int64_t area) const
    {
        return isLast ? Element{at % of, at / of} : Element{at / area, at % area};
    }

    /// The place in the plane of x that `tap` sees from position `at` of y, or −1 in the padding.
    constexpr std::int64_t seenFrom(std::int64_t at, std::int64_t tap) const
    {
        const Triple position{at / (out[2] * out[1]), at / out[2] % out[1], at % out[2]};
        const Triple offset{tap / (kernel[2] * kernel[1]), tap / kernel[2] % kernel[1], tap % kernel[2]};
        std::int64_t place = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t i = position[axis] * strides[axis] - pad[axis] + offset[axis] * dilations[axis];
            if (i < 0 || i >= in[axis])
                return -1;
            place = place * in[axis] + i;
        }
        return place;
    }

    /// The position of y from which `tap` sees place `at` of x, or −1 if there is none.
    constexpr std::int64_t seeing(std::int64_t at, std::int64_t tap) const
    {
        const Triple place{at / (in[2] * in[1]), at / in[2] % in[1], at % in[2]};
        const Triple offset{tap / (kernel[2] * kernel[1]), tap / kernel[2] % kernel[1], tap % kernel[2]};
        std::int64_t position = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::int64_t first = place[axis] + pad[axis] - offset[axis] * dilations[axis];
            if (first < 0 || first % strides[axis] != 0 || first / strides[axis] >= out[axis])
                return -1;
            position = position * out[axis] + first / strides[axis];
        }
        return position;
    }

    /// Grouped convolutions have columns too short to be worth a matrix.
    bool isDirect() const { return groups > 1; }
    std::int64_t samplesAtOnce() const
    {
        const std::int64_t bytes = (depth() + filters) * outArea * static_cast<std::int64_t>(sizeof(float));
        return std::clamp<std::int64_t>(columnBytes / std::max<std::int64_t>(1, bytes), 1, std::max<std::int64_t>(1, samples));
    }
    std::size_t scratchBytes() const
    {
        return isDirect() ? 0 : static_cast<std::size_t>((depth() + filters) * outArea * samplesAtOnce()) * sizeof(float);
    }
};

} // namespace weft
