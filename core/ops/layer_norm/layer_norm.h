#pragma once

#include "core/graph/value.h"

namespace weft {

/// Normalises the last axis of x [..., D] (Ba et al., 2016): y = (x − mean) / sqrt(variance + epsilon) · scale + shift,
/// with the biased variance. scale and shift [D], both or neither.
Value layerNorm(const Value& x, const Value& scale, const Value& shift, double epsilon);

} // namespace weft
