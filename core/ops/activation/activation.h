#pragma once

#include "core/graph/value.h"

namespace weft {

// Activation functions whose slope needs the input itself; elementwise on a floating value of any
// shape. Definitions are PyTorch's.

/// x where x > 0, else slope · x.
Value leakyRelu(const Value& x, double slope);
/// x where x > 0, else alpha · (e^x − 1) (Clevert et al., 2016).
Value elu(const Value& x, double alpha = 1.0);
/// ln(1 + e^x), a smooth ReLU.
Value softplus(const Value& x);
/// x · Φ(x) with the normal distribution's Φ, the exact form (Hendrycks & Gimpel, 2016).
Value gelu(const Value& x);
/// x · sigmoid(x), also called Swish (Elfwing et al., 2017).
Value silu(const Value& x);
/// x · tanh(softplus(x)) (Misra, 2019).
Value mish(const Value& x);
/// x · clip(x + 3, 0, 6) / 6 (Howard et al., 2019).
Value hardSwish(const Value& x);
/// min(max(x, 0), maximum); with 6 ReLU6 (Howard et al., 2017). Its slope is 0 at both corners.
Value clippedRelu(const Value& x, double maximum);

/// The error function 2/√π ∫₀ˣ e^(−t²) dt, which ONNX builds GELU from.
Value erf(const Value& x);

} // namespace weft
