#pragma once

#include "core/graph/value.h"

namespace weft {

// Elementwise with broadcasting as in NumPy: shapes are aligned at their last axes, extents of 1
// stretch. Both operands have one type. The dim N matches only N.
Value add(const Value& a, const Value& b);
Value subtract(const Value& a, const Value& b);
Value multiply(const Value& a, const Value& b);
Value divide(const Value& a, const Value& b);
Value maximum(const Value& a, const Value& b);
Value minimum(const Value& a, const Value& b);

} // namespace weft
