#pragma once

#include <vector>

#include "core/device/kernel.h"

namespace weft {

/// The ways in which this processor multiplies matrices: inputs a, b, (bias); attributes transposeA and
/// transposeB. `relu` ends with max(0, ·).
std::vector<KernelOption> matMulOptions(const KernelRequest& request, bool relu);

} // namespace weft
