#pragma once

#include <vector>

#include "core/device/kernel.h"

namespace weft {

enum class Reduction { Sum, Max };

/// The option that reduces float32 x (input 0, extents `x`) along the axes where `isReduced`, times
/// `scale`, into output 0 in row-major order of the kept axes. A NaN wins a maximum.
KernelOption reductionOption(const KernelRequest& request, const Extents& x, const std::vector<bool>& isReduced, Reduction reduction, float scale);

/// The option that repeats float32 input 0, times `scale`, along the axes of y where `isStretched`.
KernelOption stretchOption(const KernelRequest& request, const Extents& y, const std::vector<bool>& isStretched, float scale);

} // namespace weft
