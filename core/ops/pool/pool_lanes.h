#pragma once

#include "core/base/error.h"
#include "core/device/cuda/divider.h"
#include "core/ops/pool/pool_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// A pooling on a card: arrays are [outer, three spatial axes, inner], with the channels inside where they come last, else outside. A
/// thread takes `lanes` neighbours of `inner`, which are pooled alike. It works out where it stands without a division, since those would
/// take longer than all else; so it counts in 32 bits, and a few outer ones at a time where there are more.
struct PoolGrid {
    int in[3], out[3], kernel[3], strides[3], pad[3], padEnd[3];
    std::int64_t inner, outer;

    PoolGrid(const Array& x, const Array& y, const Attributes& attributes)
    {
        const PoolSizes sizes(x.type.extents, y.type.extents, attributes);
        const bool isLast = x.layout == Layout::ChannelsLast;
        inner = isLast ? x.extent(1) : 1;
        outer = isLast ? x.extent(0) : sizes.planes;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            in[axis] = static_cast<int>(sizes.in[axis]);
            out[axis] = static_cast<int>(sizes.out[axis]);
            kernel[axis] = static_cast<int>(sizes.kernel[axis]);
            strides[axis] = static_cast<int>(sizes.strides[axis]);
            pad[axis] = static_cast<int>(sizes.pad[axis]);
            padEnd[axis] = static_cast<int>(sizes.padEnd[axis]);
        }
    }
    template <class T> bool isInLanes() const { return inner % lanesAtOnce<T> == 0; }

    /// Part of a window along an axis: begin ≤ i < end in the array, `first` of the window.
    struct Cut {
        int first, begin, end;
    };
    constexpr Cut cutOf(int axis, int position) const
    {
        const int first = position * strides[axis] - pad[axis];
        return {first, std::max(first, 0), std::min(first + kernel[axis], in[axis])};
    }
    /// Elements of it that an average counts.
    constexpr int countOf(int axis, int position, bool countPadding) const
    {
        const Cut cut = cutOf(axis, position);
        return countPadding ? std::min(cut.first + kernel[axis], in[axis] + padEnd[axis]) - cut.first : cut.end - cut.begin;
    }
};

/// Where a thread stands in an array.
struct PoolSpot {
    std::int64_t outer;
    int position[3];
    int channel; ///< the first of its lanes
};

/// The way through x or y of a grid, spot by spot.
template <int lanes> struct PoolWalk {
    std::int64_t spotsOfOuter, outerAtOnce, outerBegin = 0;
    Divider groups, axes[3];

    PoolWalk(const PoolGrid& grid, const int (&extents)[3]) : groups(std::max<std::int64_t>(1, grid.inner / lanes))
    {
        spotsOfOuter = grid.inner / lanes;
        for (int axis = 0; axis < 3; ++axis) {
            axes[axis] = Divider(std::max(1, extents[axis]));
            spotsOfOuter *= extents[axis];
        }
        if (spotsOfOuter >= Divider::limit)
            throw Error(WEFT_TEXT("Cuda", "A card pools no more than 2147483647 elements of one sample, and these are %1. Compute on the processor."),
                        spotsOfOuter);
        outerAtOnce = (Divider::limit - 1) / std::max<std::int64_t>(1, spotsOfOuter);
    }
    constexpr PoolSpot spotAt(std::int64_t number) const
    {
        const Divider::Result group = groups(static_cast<std::uint32_t>(number)), c = axes[2](group.quotient), b = axes[1](c.quotient),
                              a = axes[0](b.quotient);
        return {outerBegin + a.quotient,
                {static_cast<int>(a.remainder), static_cast<int>(b.remainder), static_cast<int>(c.remainder)},
                static_cast<int>(group.remainder) * lanes};
    }
};

/// The element at a spot's channel of a position in an array of these extents.
constexpr std::int64_t placeIn(const int (&extents)[3], std::int64_t inner, const PoolSpot& spot, int a, int b, int c)
{
    return (((spot.outer * extents[0] + a) * extents[1] + b) * extents[2] + c) * inner + spot.channel;
}
constexpr std::int64_t placeIn(const int (&extents)[3], std::int64_t inner, const PoolSpot& spot)
{
    return placeIn(extents, inner, spot, spot.position[0], spot.position[1], spot.position[2]);
}

template <int lanes, class Body> struct PoolThread {
    PoolWalk<lanes> walk;
    Body body;
    WEFT_DEVICE void operator()(std::int64_t number) const { body(walk.spotAt(number)); }
};

/// Calls body(spot) for each spot of an array of these extents.
template <int lanes, class Body> void forEachSpot(const KernelContext& context, const PoolGrid& grid, const int (&extents)[3], Body body)
{
    PoolWalk<lanes> walk(grid, extents);
    for (; walk.outerBegin < grid.outer; walk.outerBegin += walk.outerAtOnce) {
        const std::int64_t outer = std::min(walk.outerAtOnce, grid.outer - walk.outerBegin);
        forEach(context, outer * walk.spotsOfOuter, PoolThread<lanes, Body>{walk, body});
    }
}

/// Calls visit(tap, place) for each element of x in the window of a spot of y, row by row; taps are numbered in the whole window.
template <class Visit> constexpr void forEachTap(const PoolGrid& grid, const PoolSpot& spot, Visit visit)
{
    const PoolGrid::Cut a = grid.cutOf(0, spot.position[0]), b = grid.cutOf(1, spot.position[1]), c = grid.cutOf(2, spot.position[2]);
    for (int i = a.begin; i < a.end; ++i) {
        for (int j = b.begin; j < b.end; ++j) {
            std::int64_t place = placeIn(grid.in, grid.inner, spot, i, j, c.begin);
            int tap = ((i - a.first) * grid.kernel[1] + j - b.first) * grid.kernel[2] + c.begin - c.first;
            for (int k = c.begin; k < c.end; ++k, place += grid.inner)
                visit(tap++, place);
        }
    }
}

/// The windows that hold a spot of x along an axis.
struct WindowsOver {
    int first, last;
};

/// What a gradient's thread asks of a grid: for each element of x the windows over it, in a fixed order, so that no two threads add to
/// one place.
struct PoolOver : PoolGrid {
    Divider byStride[3];

    explicit PoolOver(const PoolGrid& grid) : PoolGrid(grid)
    {
        for (int axis = 0; axis < 3; ++axis)
            byStride[axis] = Divider(strides[axis]);
    }
    constexpr WindowsOver over(int axis, int place) const
    {
        const int padded = place + pad[axis];
        const int first
            = padded < kernel[axis] ? 0 : static_cast<int>(byStride[axis].quotient(static_cast<std::uint32_t>(padded - kernel[axis]))) + 1;
        return {first, std::min(static_cast<int>(byStride[axis].quotient(static_cast<std::uint32_t>(padded))), out[axis] - 1)};
    }
    /// Calls visit(tap that the spot is of the window, place in y, position of the window).
    template <class Visit> constexpr void forEachWindowOver(const PoolSpot& spot, Visit visit) const
    {
        const WindowsOver a = over(0, spot.position[0]), b = over(1, spot.position[1]), c = over(2, spot.position[2]);
        for (int i = a.first; i <= a.last; ++i) {
            for (int j = b.first; j <= b.last; ++j) {
                const int row = (spot.position[0] - cutOf(0, i).first) * kernel[1] + spot.position[1] - cutOf(1, j).first;
                for (int k = c.first; k <= c.last; ++k) {
                    const int position[3] = {i, j, k};
                    visit(row * kernel[2] + spot.position[2] - cutOf(2, k).first, placeIn(out, inner, spot, i, j, k), position);
                }
            }
        }
    }
};

} // namespace weft
