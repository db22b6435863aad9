#pragma once

#include <cstdint>
#include <vector>

#include "core/base/shape.h"

namespace weft {

/// A shape as an attribute: two entries a dim, its factor and its symbols (0 fixed, 1 N, 2 T, 3 both).
std::vector<std::int64_t> encodeShape(const Shape& shape);
Shape decodeShape(const std::vector<std::int64_t>& entries);

} // namespace weft
