#pragma once

#include <vector>

#include "core/graph/value.h"

namespace weft {

/// A fixed array, row-major. `values` has one entry (fills the shape) or as many as the shape has elements.
Value constant(Graph& graph, DType dtype, const Shape& shape, std::vector<double> values);

} // namespace weft
