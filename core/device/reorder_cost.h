#pragma once

#include <algorithm>

#include "core/device/array.h"

namespace weft {

/// Whether an array has the same bytes with its channels last: there is one channel, or one position.
inline bool isSameWithChannelsLast(const ArrayType& type)
{
    const Extents& e = type.extents;
    return e.size() < 3 || e[1] == 1 || std::all_of(e.begin() + 2, e.end(), [](std::int64_t extent) { return extent == 1; });
}

/// Whether an array in one of the layouts is one in the other as it lies.
inline bool liesAlike(const ArrayType& type, Layout a, Layout b)
{
    const auto isPlain = [](Layout layout) { return layout == Layout::RowMajor || layout == Layout::ChannelsLast; };
    return a == b || (isPlain(a) && isPlain(b) && isSameWithChannelsLast(type));
}

/// An estimate for copying an array into another layout.
inline double reorderMicroseconds(const ArrayType& type, Layout from, Layout to)
{
    constexpr double bytesPerMicrosecond = 10000;
    constexpr double startMicroseconds = 1;
    if (liesAlike(type, from, to))
        return 0;
    return startMicroseconds + static_cast<double>(storedBytes(type, from) + storedBytes(type, to)) / bytesPerMicrosecond;
}

} // namespace weft
