#pragma once

#include "core/graph/value.h"

namespace weft {

struct BatchNormResult {
    Value y;
    Value mean;     ///< [C], of this batch
    Value variance; ///< [C], of this batch, unbiased (divided by n − 1), for the running variance
};

/// (x − mean) / sqrt(variance + epsilon) · scale + shift with the batch's own (biased) statistics
/// over all axes but 1. x [N, C, …], scale and shift [C].
BatchNormResult batchNorm(const Value& x, const Value& scale, const Value& shift, double epsilon);
/// The same with given statistics.
Value batchNormInference(const Value& x, const Value& scale, const Value& shift, const Value& mean, const Value& variance, double epsilon);

} // namespace weft
