#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

/// Joins along `axis`; other axes agree.
Value concat(const std::vector<Value>& values, int axis);

} // namespace weft
