#pragma once

#include <vector>

#include "core/device/kernel.h"

namespace weft {

/// A card's kernels for an ElementwiseChain, of which other ops may be one link.
std::vector<KernelOption> chainOptions(const KernelRequest& request);

} // namespace weft
