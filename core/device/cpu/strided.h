#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <vector>

#include "core/base/shape.h"

namespace weft {

/// Nested loops over an index space in which each of `arrays` arrays moves by its own strides (0 where
/// it is stretched). Axes that all arrays pass through without a gap are merged, so that the innermost
/// loop is as long as it can be.
template <std::size_t arrays> class StridedLoops {
public:
    using Offsets = std::array<std::int64_t, arrays>;
    static constexpr std::size_t maxAxes = 16;

    /// Adds the next inner axis.
    void addAxis(std::int64_t extent, const Offsets& strides)
    {
        if (extent == 1)
            return;
        if (!m_extents.empty()) {
            bool merges = true;
            for (std::size_t a = 0; a < arrays; ++a)
                merges = merges && m_strides.back()[a] == strides[a] * extent;
            if (merges) {
                m_extents.back() *= extent;
                m_strides.back() = strides;
                return;
            }
        }
        assert(m_extents.size() < maxAxes);
        m_extents.push_back(extent);
        m_strides.push_back(strides);
    }

    /// The innermost axis: its length (1 when there is none) and strides.
    std::int64_t rowLength() const { return m_extents.empty() ? 1 : m_extents.back(); }
    Offsets rowStrides() const { return m_extents.empty() ? Offsets{} : m_strides.back(); }
    /// Rows: how often the innermost axis is run through.
    std::int64_t rows() const
    {
        std::int64_t count = 1;
        for (std::size_t i = 0; i + 1 < m_extents.size(); ++i)
            count *= m_extents[i];
        return count;
    }

    /// Calls visit(row, offsets) for rows begin ≤ row < end.
    template <class Visit> void forEachRow(std::int64_t begin, std::int64_t end, Visit visit) const
    {
        const std::size_t outer = m_extents.empty() ? 0 : m_extents.size() - 1;
        std::array<std::int64_t, maxAxes> index{};
        Offsets offsets{};
        std::int64_t rest = begin;
        for (std::size_t i = outer; i-- > 0;) {
            index[i] = rest % m_extents[i];
            rest /= m_extents[i];
            move(offsets, i, index[i]);
        }
        for (std::int64_t row = begin; row < end; ++row) {
            visit(row, offsets);
            for (std::size_t i = outer; i-- > 0;) {
                move(offsets, i, 1);
                if (++index[i] < m_extents[i])
                    break;
                move(offsets, i, -index[i]);
                index[i] = 0;
            }
        }
    }

private:
    void move(Offsets& offsets, std::size_t axis, std::int64_t steps) const
    {
        for (std::size_t a = 0; a < arrays; ++a)
            offsets[a] += m_strides[axis][a] * steps;
    }

    std::vector<std::int64_t> m_extents;
    std::vector<Offsets> m_strides;
};

/// Row-major strides of `from`, aligned at the last axes of `to` and 0 where `from` is stretched.
inline std::vector<std::int64_t> broadcastStrides(const Extents& from, const Extents& to)
{
    std::vector<std::int64_t> strides(to.size(), 0);
    std::int64_t stride = 1;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::size_t axis = from.size() - 1 - i;
        if (from[axis] != 1)
            strides[to.size() - 1 - i] = stride;
        stride *= from[axis];
    }
    return strides;
}

} // namespace weft
