#pragma once

#include "core/graph/value.h"

namespace weft {

/// a [..., m, k] times b [k, n] (one matrix for all) or b [..., k, n] (batched alike). The flags
/// read the last two axes swapped.
Value matmul(const Value& a, const Value& b, bool transposeA = false, bool transposeB = false);

} // namespace weft
