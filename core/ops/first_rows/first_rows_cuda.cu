#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// Copies the rows that both arrays have; further rows of the result are zeros. Serves the op and its gradient.
struct FirstRowsCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t common = std::min(context.inputs[0].count(), context.outputs[0].count());
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = i < common ? x[i] : static_cast<T>(0.0f); });
    }
};

} // namespace

void firstRowsCudaKernels(KernelTable& table)
{
    addStoredCuda<FirstRowsCuda>(table, "FirstRows");
    addStoredCuda<FirstRowsCuda>(table, "FirstRowsGradient");
}

} // namespace weft
