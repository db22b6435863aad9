#pragma once

#include <vector>

#include "core/layers/layer_spec.h"

namespace weft {

// What the normalisations that look at single samples share.

/// (x − mean) / √(variance + epsilon) over `axes`, the variance biased. Any shape.
Value standardized(const Value& x, const std::vector<int>& axes, double epsilon);

/// Layer normalisation of the last axis, scaled and shifted by variables PREFIXscale and PREFIXshift where `isAffine`.
Value layerNormalized(LowerContext& context, const std::string& prefix, const Value& x, double epsilon, bool isAffine);

/// Adds the parameter `epsilon` with this default.
LayerSpec& epsilonParam(LayerSpec& layer, double epsilon);
/// Adds the parameter `affine`: a learned scale and shift afterwards.
LayerSpec& affineParam(LayerSpec& layer, bool isAffine);

/// y · scale + shift with trained [C] along the channels of y, where the parameter `affine` is on.
Value scaledChannels(LowerContext& context, const Value& y);

} // namespace weft
