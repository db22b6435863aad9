#pragma once

#include <type_traits>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

/// Calls visit(first) for each group of `width` elements that falls to a thread of a team, in a row of a multiple of them.
template <int width, class Visit> WEFT_DEVICE inline void forEachLanes(const Team& team, std::int64_t count, Visit visit)
{
    for (std::int64_t first = team.index() * width; first < count; first += team.size() * width)
        visit(first);
}

// Sums over the rows of a matrix, such as an array that has its channels last: [rows, channels]. Neighbouring threads take neighbouring
// channels, so that a warp reads whole lines of memory; each adds up a part of the rows, and the parts are added in their
// order, whatever the card.

struct RowParts {
    std::int64_t rows, channels, rowsOfPart, parts;

    RowParts(std::int64_t ofRows, std::int64_t ofChannels) : rows(ofRows), channels(ofChannels)
    {
        constexpr std::int64_t threads = 1 << 16, fewestRows = 16;
        const std::int64_t wanted = std::max<std::int64_t>(1, 4 * threads / std::max<std::int64_t>(1, channels));
        rowsOfPart = std::max(fewestRows, (rows + wanted - 1) / wanted);
        parts = (rows + rowsOfPart - 1) / rowsOfPart;
    }
    /// Of `sumParts`: two numbers a part and channel.
    std::size_t scratchBytes() const { return static_cast<std::size_t>(2 * parts * channels) * sizeof(double); }
    /// Whether a thread may take that many channels at once.
    bool isInGroupsOf(int width) const { return channels % width == 0; }
};

template <int width, class Pair> WEFT_DEVICE inline auto preparedPair(const Pair& pair, std::int64_t channel)
{
    if constexpr (requires { pair.template at<width>(channel); })
        return pair.template at<width>(channel);
    else
        return pair;
}

/// sums[part][channel][2] = Σ over the part's rows of the pairs that `pair.add(channel, place, first, second)` adds for `width`
/// channels; a pair with `at<width>(channel)` gives one that has worked out what it needs of its channels. A few rows are added in
/// float32, these sums in float64: cards for the desk have little of that.
template <int width, class Pair> void sumPartsBy(const KernelContext& context, const RowParts& parts, double* sums, Pair pair)
{
    const std::int64_t groups = parts.channels / width;
    forEach(context, parts.parts * groups, [=] WEFT_DEVICE(std::int64_t i) {
        constexpr std::int64_t rowsAtOnce = 8;
        const std::int64_t part = i / groups, channel = i % groups * width;
        const std::int64_t end = std::min((part + 1) * parts.rowsOfPart, parts.rows);
        const auto ofChannels = preparedPair<width>(pair, channel);
        double first[width] = {}, second[width] = {};
        for (std::int64_t row = part * parts.rowsOfPart; row < end; row += rowsAtOnce) {
            Lanes<float, width> a{}, b{};
            for (std::int64_t r = row; r < std::min(row + rowsAtOnce, end); ++r)
                ofChannels.add(channel, r * parts.channels + channel, a, b);
            for (int lane = 0; lane < width; ++lane) {
                first[lane] += static_cast<double>(a.at[lane]);
                second[lane] += static_cast<double>(b.at[lane]);
            }
        }
        for (int lane = 0; lane < width; ++lane) {
            double* to = sums + 2 * (part * parts.channels + channel + lane);
            to[0] = first[lane];
            to[1] = second[lane];
        }
    });
}

/// Calls run(a constant) with how many channels of arrays of T a thread takes at once: as many as 16 bytes hold, or four, or one.
template <class T, class Run> void atWidthOf(const RowParts& parts, Run run)
{
    if (parts.isInGroupsOf(lanesAtOnce<T>))
        run(std::integral_constant<int, lanesAtOnce<T>>());
    else if (parts.isInGroupsOf(4))
        run(std::integral_constant<int, 4>());
    else
        run(std::integral_constant<int, 1>());
}

/// For a Pair that reads arrays of T.
template <class T, class Pair> void sumParts(const KernelContext& context, const RowParts& parts, double* sums, Pair pair)
{
    atWidthOf<T>(parts, [&](auto width) { sumPartsBy<decltype(width)::value>(context, parts, sums, pair); });
}

/// The pair of sums of a channel, for all threads of a team.
struct PairOfSums {
    double first, second;
};
WEFT_DEVICE inline PairOfSums addParts(const RowParts& parts, const double* sums, std::int64_t channel, const Team& team)
{
    double first = 0, second = 0;
    for (std::int64_t part = team.index(); part < parts.parts; part += team.size()) {
        const double* of = sums + 2 * (part * parts.channels + channel);
        first += of[0];
        second += of[1];
    }
    first = team.sum(first);
    return {first, team.sum(second)};
}

/// The rows of x as they are.
template <class T> struct RowSums {
    const T* x;
    template <int width> WEFT_DEVICE void add(std::int64_t, std::int64_t place, Lanes<float, width>& sum, Lanes<float, width>&) const
    {
        const Lanes<T, width> values = lanesAt<width>(x + place);
        for (int lane = 0; lane < width; ++lane)
            sum.at[lane] += static_cast<float>(values.at[lane]);
    }
};

/// y = factor · the sums of the columns of x; `sums` has room for `RowParts::scratchBytes`.
template <class T, class Sum> void sumColumns(const KernelContext& context, const RowParts& parts, double* sums, const T* x, double factor, Sum* y)
{
    sumParts<T>(context, parts, sums, RowSums<T>{x});
    forEachTeam(context, parts.channels, parts.parts, [=] WEFT_DEVICE(std::int64_t column, const Team& team) {
        const PairOfSums sum = addParts(parts, sums, column, team);
        if (team.index() == 0)
            y[column] = static_cast<Sum>(static_cast<float>(factor * sum.first));
    });
}

} // namespace weft
