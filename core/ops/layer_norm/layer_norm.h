#pragma once

#include "core/graph/op.h"

namespace weft {

/// Normalises the last axis of x [..., D] (Ba et al., 2016): y = (x − mean) / sqrt(variance + epsilon) · scale + shift,
/// with the biased variance. scale and shift [D], both or neither.
Value layerNorm(const Value& x, const Value& scale, const Value& shift, double epsilon);

// What passes alone build, for devices that have kernels. Rate and stream are those of the dropout; rate 0: there is none.

/// (x, branch, scale, shift) → sum = x + dropout(branch), y = layerNorm(sum). Attributes: epsilon, rate, stream.
const OpSpec& fusedLayerNormSpec();
/// (dy, x, scale, (more), (addend)) → dx = LayerNormGradient(dy + more) + addend, dScale, dShift, and with a rate above 0
/// dBranch = dropout(dx). Attributes: those; more, how many arrays, at most `mostMoreSlopes`; hasAddend.
const OpSpec& fusedLayerNormGradientSpec();
inline constexpr int mostMoreSlopes = 3;

} // namespace weft
