#pragma once

#include <memory>

#include "core/device/cpu/conv_problem.h"
#include "core/device/kernel.h"

namespace weft::lanes {

// Convolutions in Layout::BatchLanes16 for networks with few channels: one vector holds the same
// element of 16 samples, so that neither odd channel counts nor odd widths waste anything. At most two
// spatial axes. Kernels and biases, and their gradients, are row-major.

/// inputs x, kernel, (bias); outputs y, (index of a pooling).
std::unique_ptr<Kernel> convForward(const ConvProblem& problem, int threads);
/// inputs dy, kernel; outputs dx.
std::unique_ptr<Kernel> convInputGradient(const ConvProblem& problem, int threads);
/// inputs x, dy; outputs dKernel, (dBias when the problem has a bias).
std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, int threads);

} // namespace weft::lanes
