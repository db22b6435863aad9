#pragma once

#include "core/graph/value.h"

namespace weft {

/// 1 where the largest of prediction [N, C] stands at target int32 [N], else 0; float32 [N]. The
/// first of equal maxima counts.
Value isCorrect(const Value& prediction, const Value& target);

} // namespace weft
