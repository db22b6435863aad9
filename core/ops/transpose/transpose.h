#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

/// y's axis i is x's axis permutation[i].
Value transpose(const Value& x, std::vector<int> permutation);

} // namespace weft
