#pragma once

#include "core/graph/op.h"

namespace weft {

/// Pictures as numbers: x uint8 [N, C, …] → y = scale · x + shift of x's shape, float32 or what `resultTypeAttribute` says.
/// `scale` and `shift` are reals, each one number or one for each channel. Only the engine's passes build it, where the device
/// has a kernel.
const OpSpec& pixelsSpec();

} // namespace weft
