#pragma once

#include "core/graph/graph.h"

namespace weft {

// Attention as one op, without the scores of all queries and keys between forward and backward pass. Only the engine's
// passes build these, after differentiation, and only where the device has kernels for them.

/// (q [N, …, Tq, d], k [N, …, Tk, d], v [N, …, Tk, e], (lengths int32 [N])) → y [N, …, Tq, e] =
/// matmul(dropout(softmax(scale·q·kᵀ)), v), where `causal` and `lengths` mask as MaskedSoftmax does, and a `rate` of 0 drops
/// nothing; and for the gradient logSum [N, …, Tq], the logarithm of the sum that a query's softmax divides by. With `byPosition` the matrices of
/// both ops are [N, T, H, d], as layers make them.
const OpSpec& attentionSpec();
/// (dy, q, k, v, y, logSum, (lengths)) → dq, dk, dv: computes the weights again. What dropout leaves out is drawn as for y; on a
/// card attention in 16 bits may have masks of its own, the same in both.
const OpSpec& attentionGradientSpec();

} // namespace weft
