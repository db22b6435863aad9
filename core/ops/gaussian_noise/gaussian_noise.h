#pragma once

#include <cstdint>

#include "core/graph/value.h"

namespace weft {

/// x plus normal noise of mean 0 and the given deviation. The noise is Philox keyed by (seed, `stream`,
/// step, global sample index, element), as dropout's mask; axis 0 of x is the batch.
Value gaussianNoise(const Value& x, double deviation, std::uint64_t stream);

} // namespace weft
