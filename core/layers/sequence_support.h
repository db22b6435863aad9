#pragma once

#include "core/layers/support.h"

namespace weft {

// What layers over sequences [N, T, F] share. Ops slide windows over the last axes, so a layer works on
// [N, F, T] in between.

/// Input `index`, which must be a sequence [N, T, features] of real numbers with a known number of features. Throws
/// LayerFault otherwise.
Value sequenceInput(const LowerContext& context, const char* layer, int index = 0);

/// Input 0, which must be a sequence [N, T, features] of fixed length, as [N, features, T]. Throws LayerFault otherwise.
Value channelsFirst(const LowerContext& context, const char* layer);
/// [N, F, T] back as [N, T, F].
Value featuresLast(const Value& x);

/// Adds kernelSize, stride, padding (valid, same, explicit) and pad.
LayerSpec& window1dParams(LayerSpec& layer, int kernel, int stride);
/// Reads them (and dilation, if the layer has it) for x [N, F, T]. Throws LayerFault where the window does not fit.
Window window1dOf(const LowerContext& context, const char* layer, const Value& x, bool hasDilation);

} // namespace weft
