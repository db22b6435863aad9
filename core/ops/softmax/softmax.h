#pragma once

#include "core/graph/value.h"

namespace weft {

/// exp(x) / Σ exp(x) along `axis`, computed against overflow.
Value softmax(const Value& x, int axis = -1);

} // namespace weft
