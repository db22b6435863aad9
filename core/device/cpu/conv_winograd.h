#pragma once

#include <memory>

#include "core/device/cpu/conv_problem.h"
#include "core/device/kernel.h"

namespace weft {

// Winograd's convolution for 3x3 kernels that move by one position, on channels in blocks of 16. Rounding errors
// are no larger than those of a direct convolution in float32.

/// Two axes, one group, 3x3, no strides or dilations, whole blocks of channels, nothing pooled.
bool fitsWinograd(const ConvProblem& problem);

/// inputs x (blocked), kernel, (bias); outputs y (blocked). Takes care of relu.
std::unique_ptr<Kernel> winogradForward(const ConvProblem& problem, int threads);
/// inputs dy (blocked), kernel; outputs dx (blocked).
std::unique_ptr<Kernel> winogradInputGradient(const ConvProblem& problem, int threads);
/// inputs x, dy (blocked); outputs dKernel, (dBias).
std::unique_ptr<Kernel> winogradKernelGradient(const ConvProblem& problem, int threads);

/// What they take, in microseconds.
double winogradForwardCost(const ConvProblem& problem, int threads);
double winogradInputGradientCost(const ConvProblem& problem, int threads);
double winogradKernelGradientCost(const ConvProblem& problem, int threads);

} // namespace weft
