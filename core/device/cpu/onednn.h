#pragma once

#include <memory>

#include "core/device/cpu/conv_problem.h"
#include "core/device/kernel.h"

namespace weft::onednn {

// oneDNN behind our kernels; the one place of the program that includes it. Every function returns
// null when oneDNN has no optimised implementation ("ref" ones are refused: they are a hundred times
// slower). Kernels of convolutions arrive row-major and are packed for the implementation: at each run, or
// only at the first when they are constant.

/// BFloat16 is the direct method on operands that are rounded to bfloat16, with sums in float32.
enum class ConvMethod { Direct, BFloat16 };

/// Whether operands may be rounded to bfloat16, and the processor gains by it.
bool mayRound(const KernelRequest& request);

/// inputs x, kernel, (bias); outputs y. Layouts: ChannelBlocked16, x may be RowMajor.
std::unique_ptr<Kernel> convForward(const ConvProblem& problem, ConvMethod method, Layout x, Layout y, int threads);
/// inputs dy, kernel; outputs dx.
std::unique_ptr<Kernel> convInputGradient(const ConvProblem& problem, ConvMethod method, Layout dy, Layout dx, int threads);
/// inputs x, dy; outputs dKernel, (dBias when the problem has a bias).
std::unique_ptr<Kernel> convKernelGradient(const ConvProblem& problem, ConvMethod method, Layout x, Layout dy, int threads);

/// y[b] = op(a[b]) op(b[b] or b), row-major; op swaps the last two axes where asked.
struct MatMulProblem {
    std::int64_t batch = 1;
    std::int64_t m = 1, n = 1, k = 1;
    bool transposeA = false, transposeB = false;
    bool isSharedB = true; ///< one b for the whole batch
    bool hasBias = false; ///< a bias of n numbers is added to each row
    bool relu = false; ///< then max(0, ·)
    bool inBFloat16 = false; ///< a and b are rounded to bfloat16
};

/// inputs a, b, (bias); outputs y.
std::unique_ptr<Kernel> matMul(const MatMulProblem& problem, int threads);

} // namespace weft::onednn
