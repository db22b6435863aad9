#include "core/device/array.h"

#include <cassert>

namespace weft {

const char* nameOf(Layout layout)
{
    switch (layout) {
    case Layout::RowMajor: return "row-major";
    case Layout::ChannelBlocked16: return "channel-blocked-16";
    case Layout::BatchLanes16: return "batch-lanes-16";
    case Layout::ChannelsLast: return "channels-last";
    }
    assert(false);
    return "";
}

std::int64_t storedElements(const ArrayType& type, Layout layout)
{
    const auto roundedUp = [](std::int64_t n) { return (n + 15) / 16 * 16; };
    const std::int64_t count = elementCount(type.extents);
    const Extents& e = type.extents;
    if (layout == Layout::ChannelBlocked16 && e.size() >= 2 && e[1] > 0)
        return count / e[1] * roundedUp(e[1]);
    if (layout == Layout::BatchLanes16 && !e.empty() && e[0] > 0)
        return count / e[0] * roundedUp(e[0]);
    return count;
}

std::size_t storedBytes(const ArrayType& type, Layout layout)
{
    return static_cast<std::size_t>(storedElements(type, layout)) * sizeOf(type.dtype);
}

} // namespace weft
