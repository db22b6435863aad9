#pragma once

#include <cstdint>
#include <vector>

#include "core/graph/value.h"

namespace weft {

/// Geometry of a convolution with `d` spatial axes; each list has d entries.
struct ConvGeometry {
    std::vector<std::int64_t> strides{1, 1};
    std::vector<std::int64_t> padBegin{0, 0};
    std::vector<std::int64_t> padEnd{0, 0};
    std::vector<std::int64_t> dilations{1, 1};
    std::int64_t groups = 1;
};

/// y[n,o,p] = bias[o] + Σ x[n,i,p·stride − pad + k·dilation] kernel[o,i,k] (cross-correlation).
/// x [N, C, spatial…], kernel [O, C/groups, spatial…], bias [O] or empty; y [N, O, spatial'…].
Value conv(const Value& x, const Value& kernel, const Value& bias, const ConvGeometry& geometry = {});

/// The transposed convolution, dx of conv: y[n,o,q] = Σ x[n,i,p] kernel[i,o,k] over p·stride − pad + k·dilation = q.
/// x [N, C, spatial…], kernel [C, O/groups, spatial…]; y [N, O, (in − 1)·stride − pads + (k − 1)·dilation + 1 +
/// outputPadding], with 0 ≤ outputPadding < stride. PyTorch's definition.
Value convTranspose(const Value& x, const Value& kernel, const ConvGeometry& geometry, const std::vector<std::int64_t>& outputPadding);

} // namespace weft
