#pragma once

#include <cmath>
#include <utility>

#include "core/device/cuda/row_teams.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

// Rows that a team holds in registers, so that they are read once however often they are gone through.

/// A thread holds `groups` groups of numbers, in each so many as lie side by side.
template <int ofGroup, int atMost> struct RowShape {
    static constexpr int lanes = ofGroup, groups = atMost;
    using Numbers = Lanes<float, lanes>;
};

/// Calls run(shape) with that for rows of T: one group a thread where this is enough, for a thread that holds less leaves room for others.
template <class T, class Run> void atShapeOf(std::int64_t width, Run run)
{
    constexpr int most = lanesAtOnce<T>;
    if (width % most != 0)
        run(RowShape<1, 2>());
    else if (width <= most * mostThreadsOfRow)
        run(RowShape<most, 1>());
    else
        run(RowShape<most, 16 / most>());
}

template <int lanes, class T> WEFT_DEVICE inline Lanes<float, lanes> floatsAt(const T* from)
{
    const Lanes<T, lanes> stored = lanesAt<lanes>(from);
    Lanes<float, lanes> numbers;
    for (int lane = 0; lane < lanes; ++lane)
        numbers.at[lane] = static_cast<float>(stored.at[lane]);
    return numbers;
}
template <int lanes, class T> WEFT_DEVICE inline void putFloats(T* to, const Lanes<float, lanes>& numbers)
{
    Lanes<T, lanes> stored;
    for (int lane = 0; lane < lanes; ++lane)
        stored.at[lane] = static_cast<T>(numbers.at[lane]);
    putLanes(to, stored);
}

/// The part of a row that falls to a thread: an Item, with all that is to be held of a group, for each group. Those behind what fits are
/// loaded whenever they are visited.
template <class Shape, class Item> class HeldRow {
public:
    WEFT_DEVICE HeldRow(const Team& team, std::int64_t width) :
        m_first(team.index() * Shape::lanes), m_step(team.size() * Shape::lanes), m_width(width)
    {
    }

    /// Calls load(item, d), which fills the item of the group from d on, and visit(item).
    template <class Load, class Visit> WEFT_DEVICE void load(const Load& load, const Visit& visit)
    {
        forHeld([&](Item& item, std::int64_t d) {
            load(item, d);
            visit(item);
        });
        forRest(load, [&](Item& item, std::int64_t) { visit(item); });
    }
    /// Calls visit(item, d, isHeld) for all items.
    template <class Load, class Visit> WEFT_DEVICE void visit(const Load& load, const Visit& visit)
    {
        forHeld([&](Item& item, std::int64_t d) { visit(item, d, true); });
        forRest(load, [&](Item& item, std::int64_t d) { visit(item, d, false); });
    }
    template <class Visit> WEFT_DEVICE void forHeld(const Visit& visit) { forGroups(std::make_integer_sequence<int, Shape::groups>(), visit); }

private:
    /// Written out for each group: what is found by a number that is not known has no place in registers.
    template <int... groups, class Visit> WEFT_DEVICE void forGroups(std::integer_sequence<int, groups...>, const Visit& visit)
    {
        (visitGroup<groups>(visit), ...);
    }
    template <int group, class Visit> WEFT_DEVICE void visitGroup(const Visit& visit)
    {
        const std::int64_t d = m_first + group * m_step;
        if (d < m_width)
            visit(m_items[group], d);
    }
    template <class Load, class Visit> WEFT_DEVICE void forRest(const Load& load, const Visit& visit)
    {
        for (std::int64_t d = m_first + Shape::groups * m_step; d < m_width; d += m_step) {
            Item item{};
            load(item, d);
            visit(item, d);
        }
    }

    std::int64_t m_first, m_step, m_width;
    Item m_items[Shape::groups]{};
};

/// Of a row: its standardised number is ((x − mean) − rest) · share.
struct RowNorm {
    float mean, rest; ///< together the mean: the first is off by what float32 cannot hold of a sum
    float share; ///< one over the deviation

    WEFT_DEVICE float standard(float x) const { return (x - mean - rest) * share; }
};

/// Loads a row, whose items have x, and goes through it twice: for its mean, and for the differences from that, which are small numbers
/// however large x is.
template <class Shape, class Item, class Load, class Again> WEFT_DEVICE inline RowNorm
loadedNorm(const Team& team, HeldRow<Shape, Item>& row, std::int64_t width, float epsilon, const Load& load, const Again& again)
{
    const float part = 1.0f / static_cast<float>(width);
    float sum[1] = {}, off[2] = {};
    row.load(load, [&](const Item& item) {
        for (int lane = 0; lane < Shape::lanes; ++lane)
            sum[0] += item.x.at[lane];
    });
    sumEach(team, sum);
    const float mean = sum[0] * part;
    row.visit(again, [&](const Item& item, std::int64_t, bool) {
        for (int lane = 0; lane < Shape::lanes; ++lane) {
            const float difference = item.x.at[lane] - mean;
            off[0] += difference;
            off[1] += difference * difference;
        }
    });
    sumEach(team, off);
    const float rest = off[0] * part;
    return {mean, rest, 1.0f / std::sqrt(std::max(off[1] * part - rest * rest, 0.0f) + epsilon)};
}

} // namespace weft
