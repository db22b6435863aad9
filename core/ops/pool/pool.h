#pragma once

#include <cstdint>
#include <vector>

#include "core/graph/value.h"

namespace weft {

/// Window of a pooling over the spatial axes; sizes are rounded down as in PyTorch's default.
struct PoolGeometry {
    std::vector<std::int64_t> kernel{2, 2};
    std::vector<std::int64_t> strides{2, 2};
    std::vector<std::int64_t> padBegin{0, 0};
    std::vector<std::int64_t> padEnd{0, 0};
};

/// The largest element of each window; padding never wins. x [N, C, H, W]. The first of equal
/// elements (row by row) gets the gradient.
Value maxPool(const Value& x, const PoolGeometry& geometry);
/// The mean of each window; `countPadding` counts zeros of the padding as elements.
Value averagePool(const Value& x, const PoolGeometry& geometry, bool countPadding = true);

} // namespace weft
