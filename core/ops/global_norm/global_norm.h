#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

/// The Euclidean norm over all elements of all `values`, a scalar: √(Σ x²), summed in double. The values
/// have one floating type. Not differentiable: it measures gradients.
Value globalNorm(const std::vector<Value>& values);

} // namespace weft
