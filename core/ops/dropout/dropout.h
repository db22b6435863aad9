#pragma once

#include <cstdint>

#include "core/graph/value.h"

namespace weft {

/// Zeroes each element with probability `rate` and scales the others by 1 / (1 − rate). The mask is
/// Philox keyed by (seed, `stream`, step, global sample index, element); axis 0 of x is the batch.
Value dropout(const Value& x, double rate, std::uint64_t stream);

} // namespace weft
