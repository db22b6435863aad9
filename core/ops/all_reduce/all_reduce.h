#pragma once

#include "core/device/wire_format.h"
#include "core/graph/value.h"

namespace weft {

/// Sums over the ranks of a distributed run in two steps, so that others can be computed between them. Where a
/// process trains alone both give x. Shapes and float32 stay as they are; every rank must have the same shape.

/// Sends x off, written in `format`. Read the result only through `allReduceFinish`.
Value allReduceStart(const Value& x, WireFormat format = WireFormat::Float32);
/// Waits for what `allReduceStart` sent. Differentiable: the gradient is the sum of the ranks' gradients.
Value allReduceFinish(const Value& sent);

/// Both at once.
Value allReduce(const Value& x);

} // namespace weft
