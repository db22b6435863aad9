#include "core/device/cpu/channels.h"

#include <algorithm>

#include "core/device/cpu/simd.h"

namespace weft {

ChannelUnits::ChannelUnits(const Extents& x, Layout layout) : channels(x[1])
{
    const std::int64_t n = x[0];
    std::int64_t area = 1;
    for (std::size_t i = 2; i < x.size(); ++i)
        area *= x[i];
    const std::int64_t blocks = (channels + 15) / 16;
    perChannel = n * area;
    if (layout == Layout::BatchLanes16) {
        count = channels;
        segments = (n + 15) / 16;
        length = unitStride = area * 16;
        segmentStride = channels * length;
        lastLanes = n - (segments - 1) * 16;
    } else if (layout == Layout::ChannelBlocked16) {
        isLaneAChannel = true;
        count = blocks;
        segments = n;
        length = unitStride = area * 16;
        segmentStride = blocks * length;
    } else if (area == 1) {
        // [N, C]: neighbouring channels lie in the lanes.
        isLaneAChannel = true;
        count = blocks;
        segments = n;
        length = unitStride = 16;
        segmentStride = channels;
    } else {
        count = channels;
        segments = n;
        length = unitStride = area;
        segmentStride = channels * area;
    }
}

std::int64_t ChannelUnits::channelsOf(std::int64_t unit) const
{
    return isLaneAChannel ? std::min<std::int64_t>(16, channels - unit * 16) : 1;
}

std::int64_t ChannelUnits::lengthOf(std::int64_t unit) const
{
    return segmentStride == channels && length == 16 && isLaneAChannel ? std::min(length, channels - unit * 16) : length;
}

namespace {

constexpr std::int64_t chunk = 4096; ///< floats that are summed before the sums go into doubles

/// Adds visit(i, lane, first, second) over a segment to `sums`; lanes from `lanes` on are left out.
template <class Visit> void addSegment(std::int64_t length, std::int64_t lanes, const Visit& visit, LaneSums& sums)
{
    for (std::int64_t begin = 0; begin < length; begin += chunk) {
        const std::int64_t end = std::min(begin + chunk, length);
        float first[16] = {};
        float second[16] = {};
        std::int64_t i = begin;
        for (; i + 16 <= end; i += 16)
            for (int lane = 0; lane < 16; ++lane)
                visit(i + lane, lane, first[lane], second[lane]);
        for (int lane = 0; i < end; ++i, ++lane)
            visit(i, lane, first[lane], second[lane]);
        for (int lane = 0; lane < 16; ++lane)
            if (lane < lanes) {
                sums.first[lane] += static_cast<double>(first[lane]);
                sums.second[lane] += static_cast<double>(second[lane]);
            }
    }
}

/// The sums of a unit; those of one channel end up in lane 0.
template <class SegmentVisit> LaneSums sumUnit(const ChannelUnits& units, std::int64_t unit, const SegmentVisit& visitOf)
{
    LaneSums sums{};
    const std::int64_t length = units.lengthOf(unit);
    for (std::int64_t segment = 0; segment < units.segments; ++segment) {
        const bool isLast = segment + 1 == units.segments;
        addSegment(length, isLast ? units.lastLanes : 16, visitOf(units.offset(unit, segment)), sums);
    }
    if (!units.isLaneAChannel)
        for (int lane = 1; lane < 16; ++lane) {
            sums.first[0] += sums.first[lane];
            sums.second[0] += sums.second[lane];
        }
    return sums;
}

} // namespace

LaneSums momentsOf(const ChannelUnits& units, std::int64_t unit, const float* x, const float* center)
{
    LaneSums sums;
    simdRun([&] {
        sums = sumUnit(units, unit, [=](std::int64_t offset) {
            return [from = x + offset, center](std::int64_t i, int lane, float& first, float& second) {
                const float value = from[i] - center[lane];
                first += value;
                second += value * value;
            };
        });
    });
    return sums;
}

LaneSums productsOf(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* center)
{
    LaneSums sums;
    simdRun([&] {
        sums = sumUnit(units, unit, [=](std::int64_t offset) {
            return [slopes = dy + offset, from = x + offset, center](std::int64_t i, int lane, float& first, float& second) {
                first += slopes[i];
                second += slopes[i] * (from[i] - center[lane]);
            };
        });
    });
    return sums;
}

namespace {

/// Calls visit(i, lane) for the elements of a segment, 16 lanes at a time.
template <class Visit> void eachOf(std::int64_t length, const Visit& visit)
{
    std::int64_t i = 0;
    for (; i + 16 <= length; i += 16) {
#pragma GCC ivdep
        for (int lane = 0; lane < 16; ++lane)
            visit(i + lane, lane);
    }
    for (int lane = 0; i < length; ++i, ++lane)
        visit(i, lane);
}

} // namespace

void scaleUnit(const ChannelUnits& units, std::int64_t unit, const float* x, const float* factor, const float* shift, float* y)
{
    simdRun([=, &units] {
        const std::int64_t length = units.lengthOf(unit);
        for (std::int64_t segment = 0; segment < units.segments; ++segment) {
            const float* from = x + units.offset(unit, segment);
            float* to = y + units.offset(unit, segment);
            eachOf(length, [=](std::int64_t i, int lane) { to[i] = from[i] * factor[lane] + shift[lane]; });
        }
    });
}

void combineUnit(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* a, const float* b, const float* c,
                 float* dx)
{
    simdRun([=, &units] {
        const std::int64_t length = units.lengthOf(unit);
        for (std::int64_t segment = 0; segment < units.segments; ++segment) {
            const float* slopes = dy + units.offset(unit, segment);
            const float* from = x + units.offset(unit, segment);
            float* to = dx + units.offset(unit, segment);
            eachOf(length, [=](std::int64_t i, int lane) { to[i] = a[lane] * slopes[i] + (b[lane] * from[i] + c[lane]); });
        }
    });
}

} // namespace weft
