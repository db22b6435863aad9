#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// Copies the rows that both arrays have; further rows of the result are zeros. Serves the op and its gradient.
struct FirstRowsCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t common = std::min(context.inputs[0].count(), context.outputs[0].count());
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = i < common ? x[i] : 0.0f; });
    }
};

} // namespace

void firstRowsCudaKernels(KernelTable& table)
{
    addCuda<FirstRowsCuda>(table, "FirstRows");
    addCuda<FirstRowsCuda>(table, "FirstRowsGradient");
}

} // namespace weft
