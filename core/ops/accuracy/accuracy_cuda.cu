#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct IsCorrectCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const std::int64_t classes = context.inputs[0].extent(1);
        const T* prediction = inputData<T>(context, 0);
        const std::int32_t* target = inputData<std::int32_t>(context, 1);
        float* y = outputData<float>(context);
        forEach(context, context.inputs[0].extent(0), [=] WEFT_DEVICE(std::int64_t n) {
            const T* row = prediction + n * classes;
            std::int64_t best = 0;
            for (std::int64_t c = 1; c < classes; ++c)
                best = row[c] > row[best] ? c : best;
            y[n] = best == target[n] ? 1.0f : 0.0f;
        });
    }
};

} // namespace

void accuracyCudaKernels(KernelTable& table)
{
    addStoredCuda<IsCorrectCuda>(table, "IsCorrect");
}

} // namespace weft
