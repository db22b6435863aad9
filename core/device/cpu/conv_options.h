#pragma once

#include <vector>

#include "core/device/cpu/conv_problem.h"
#include "core/device/kernel.h"

namespace weft {

// The ways in which this processor runs a convolution, with their estimates. None when a type is not
// float32 (but for a pooling's index) or nothing is to be computed.

/// inputs x, kernel, (bias); outputs y, (index). Takes care of relu and pooling.
std::vector<KernelOption> convForwardOptions(const KernelRequest& request, const ConvProblem& problem);
/// inputs dy, kernel; outputs dx.
std::vector<KernelOption> convInputGradientOptions(const KernelRequest& request, const ConvProblem& problem);
/// inputs x, dy; outputs dKernel, (dBias).
std::vector<KernelOption> convKernelGradientOptions(const KernelRequest& request, const ConvProblem& problem);

} // namespace weft
