#pragma once

#include "core/graph/value.h"

namespace weft {

/// The same values in another element type.
Value cast(const Value& x, DType dtype);

} // namespace weft
