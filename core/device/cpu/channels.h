#pragma once

#include <cstdint>

#include "core/device/array.h"

namespace weft {

/// An array [N, C, …] in any layout, as segments of neighbouring floats that belong to one channel or
/// to up to 16 channels side by side. Element i of a segment has lane i mod 16; a unit is the set of
/// segments that share their channels. This lets one loop serve all layouts.
struct ChannelUnits {
    std::int64_t channels = 1;
    std::int64_t count = 0; ///< units
    std::int64_t segments = 0; ///< of a unit
    std::int64_t unitStride = 0; ///< floats between units
    std::int64_t segmentStride = 0; ///< floats between the segments of a unit
    std::int64_t length = 0; ///< floats of a segment
    bool isLaneAChannel = false; ///< lanes are 16 channels; else all lanes are one channel
    std::int64_t lastLanes = 16; ///< lanes of the last segment that hold samples
    std::int64_t perChannel = 0; ///< elements of one channel

    ChannelUnits(const Extents& x, Layout layout);

    std::int64_t offset(std::int64_t unit, std::int64_t segment) const { return unit * unitStride + segment * segmentStride; }
    std::int64_t lengthOf(std::int64_t unit) const;
    std::int64_t firstChannel(std::int64_t unit) const { return isLaneAChannel ? unit * 16 : unit; }
    /// Channels of a unit: 1, or up to 16.
    std::int64_t channelsOf(std::int64_t unit) const;
};

/// Sums over the segments of a unit, lane by lane.
struct LaneSums {
    double first[16];
    double second[16];
};

/// Σ (x − center) and Σ (x − center)² of a unit.
LaneSums momentsOf(const ChannelUnits& units, std::int64_t unit, const float* x, const float* center);
/// Σ dy and Σ dy · (x − center) of a unit.
LaneSums productsOf(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* center);
/// y = factor · x + shift for a unit; factor and shift have 16 lanes.
void scaleUnit(const ChannelUnits& units, std::int64_t unit, const float* x, const float* factor, const float* shift, float* y);
/// dx = a · dy + b · x + c for a unit; a, b, c have 16 lanes.
void combineUnit(const ChannelUnits& units, std::int64_t unit, const float* dy, const float* x, const float* a, const float* b, const float* c,
                 float* dx);

} // namespace weft
