#pragma once

#include "core/graph/op.h"

namespace weft {

struct BatchNormResult {
    Value y;
    Value mean; ///< [C], of this batch
    Value variance; ///< [C], of this batch, unbiased (divided by n − 1), for the running variance
};

/// (x − mean) / sqrt(variance + epsilon) · scale + shift with the batch's own (biased) statistics
/// over all axes but 1. x [N, C, …], scale and shift [C].
BatchNormResult batchNorm(const Value& x, const Value& scale, const Value& shift, double epsilon);
/// The same with given statistics.
Value batchNormInference(const Value& x, const Value& scale, const Value& shift, const Value& mean, const Value& variance, double epsilon);

// What passes alone build, for devices that have kernels.

/// (x, scale, shift, (addend)) → y = activation(batchNorm(x) + addend), mean, variance. Attributes: epsilon; activation, the op's name or
/// "", one of `normActivationOps`; alpha, its parameter or 0.
const OpSpec& fusedBatchNormSpec();
/// (dy, x, scale, mean, variance, shift) → dx, dScale, dShift, without an addend: what the activation was given is worked out from x.
const OpSpec& fusedBatchNormGradientSpec();

} // namespace weft
