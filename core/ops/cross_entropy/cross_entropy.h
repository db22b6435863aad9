#pragma once

#include "core/graph/value.h"

namespace weft {

/// −log softmax(logits)[target] for each sample, fused. logits [N, C], target int32 [N] with
/// 0 ≤ target < C; result [N]. A target outside the range gives NaN, which training reports.
Value softmaxCrossEntropy(const Value& logits, const Value& target);

} // namespace weft
