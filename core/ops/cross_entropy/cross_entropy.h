#pragma once

#include "core/graph/op.h"

namespace weft {

/// −log softmax(logits)[target] for each sample, fused. logits [N, C], target int32 [N] with
/// 0 ≤ target < C; result [N]. A target outside the range gives NaN, which training reports.
Value softmaxCrossEntropy(const Value& logits, const Value& target);

/// (logits, target) → the mean of that over the batch, float32 []; where `hasCorrect`, for how many samples target has the first of the
/// largest logits, float32 []; where `hasGradient`, the gradient of logits, of which `slope` is that of the mean. Passes alone build it,
/// for devices that have kernels.
const OpSpec& fusedCrossEntropySpec();

} // namespace weft
