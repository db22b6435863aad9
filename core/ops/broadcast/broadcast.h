#pragma once

#include "core/graph/value.h"

namespace weft {

/// x stretched to `shape` by NumPy's rule.
Value broadcastTo(const Value& x, const Shape& shape);
/// The sum of x that undoes a broadcast from `shape`: the gradient of broadcasting.
Value sumTo(const Value& x, const Shape& shape);

} // namespace weft
