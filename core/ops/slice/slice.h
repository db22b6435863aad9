#pragma once

#include <cstdint>

#include "core/graph/value.h"

namespace weft {

/// Elements begin ≤ i < end of a fixed axis.
Value slice(const Value& x, int axis, std::int64_t begin, std::int64_t end);

/// x with `before` and `after` zeros along a fixed axis.
Value padZeros(const Value& x, int axis, std::int64_t before, std::int64_t after);

} // namespace weft
