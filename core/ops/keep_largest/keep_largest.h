#pragma once

#include "core/graph/value.h"

namespace weft {

/// x with zeros in place of all but its `count` largest numbers by magnitude; more stay where several are as large as the
/// last of these. What is no number counts as the largest.
Value keepLargest(const Value& x, std::int64_t count);

} // namespace weft
