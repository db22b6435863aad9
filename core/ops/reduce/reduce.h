#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

// Over `axes` (negative count from the end; empty means all). Kept dims have extent 1.
Value reduceSum(const Value& x, std::vector<int> axes, bool keepDims = false);
Value reduceMean(const Value& x, std::vector<int> axes, bool keepDims = false);
Value reduceMax(const Value& x, std::vector<int> axes, bool keepDims = false);

} // namespace weft
