#pragma once

#include "core/graph/value.h"

namespace weft {

/// The same elements in row-major order under another shape of equal element count.
Value reshape(const Value& x, const Shape& shape);

} // namespace weft
