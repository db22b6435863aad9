#pragma once

#include "core/graph/value.h"

namespace weft {

// Elementwise functions of one floating value, any shape.
Value relu(const Value& x);
Value sigmoid(const Value& x);
Value tanh(const Value& x);
Value exp(const Value& x);
Value log(const Value& x);
Value sqrt(const Value& x);
Value square(const Value& x);
Value negate(const Value& x);
/// scale · x + shift with fixed numbers.
Value affine(const Value& x, double scale, double shift = 0.0);

} // namespace weft
