#pragma once

#include <memory>

#include "core/device/cpu/conv_problem.h"
#include "core/device/kernel.h"

namespace weft {

/// Whether convRows can do a problem: stride 1, at most two spatial axes, no index of a pooling.
bool fitsConvRows(const ConvProblem& problem);
/// Positions computed for each one of y: rows are cut as if they had the width of the padded x.
double convRowsWaste(const ConvProblem& problem);

/// A row-major convolution with 16 neighbouring positions in a vector: for batches too small to fill
/// vectors with samples. A sample runs on one thread without a barrier, so that a single small image
/// takes microseconds. inputs x, kernel, (bias); outputs y.
std::unique_ptr<Kernel> convRows(const ConvProblem& problem, int threads);

} // namespace weft
