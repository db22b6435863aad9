#include "core/device/cpu/channels.h"

#include <algorithm>

#include "core/device/cpu/channel_kernels.h"
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

namespace channels {

const Kernels& kernels()
{
#if defined(__x86_64__)
    switch (simdLevel()) {
    case SimdLevel::Avx512: return avx512::kernels();
    case SimdLevel::Avx2: return avx2::kernels();
    case SimdLevel::Baseline: break;
    }
#endif
    return baseline::kernels();
}

} // namespace channels

namespace {

/// The sums of a unit over its segments, `add(offset, length, sums)` each; those of one channel end up in lane 0.
template <class Add> LaneSums sumUnit(const ChannelUnits& units, std::int64_t unit, const Add& add)
{
    LaneSums sums{};
    const std::int64_t length = units.lengthOf(unit);
    for (std::int64_t segment = 0; segment + 1 < units.segments; ++segment)
        add(units.offset(unit, segment), length, sums);
    // The last segment may have lanes without samples.
    LaneSums last{};
    add(units.offset(unit, units.segments - 1), length, last);
    for (std::int64_t lane = 0; lane < units.lastLanes; ++lane) {
        sums.first[lane] += last.first[lane];
        sums.second[lane] += last.second[lane];
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
    return sumUnit(units, unit, [&](std::int64_t offset, std::int64_t length, LaneSums& sums) {
        channels::kernels().moments(x + offset, length, center, sums.first, sums.second);
    });
}

LaneSums productsOf(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* center)
{
    return sumUnit(units, unit, [&](std::int64_t offset, std::int64_t length, LaneSums& sums) {
        channels::kernels().products(dy + offset, x + offset, length, center, sums.first, sums.second);
    });
}

void scaleUnit(const ChannelUnits& units, std::int64_t unit, const float* x, const float* factor, const float* shift, float* y)
{
    const std::int64_t length = units.lengthOf(unit);
    for (std::int64_t segment = 0; segment < units.segments; ++segment) {
        const std::int64_t offset = units.offset(unit, segment);
        channels::kernels().scale(x + offset, length, factor, shift, y + offset);
    }
}

void combineUnit(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* a, const float* b, const float* c,
                 float* dx)
{
    const std::int64_t length = units.lengthOf(unit);
    for (std::int64_t segment = 0; segment < units.segments; ++segment) {
        const std::int64_t offset = units.offset(unit, segment);
        channels::kernels().combine(dy + offset, x + offset, length, a, b, c, dx + offset);
    }
}

} // namespace weft
