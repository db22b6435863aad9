#include "core/ops/loss_scale/loss_scale_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct LossScaleFactorCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const float *scale = inputData<float>(context, 0), *counts = inputData<float>(context, 1), *norm = inputData<float>(context, 2);
        float* y = outputData<float>(context);
        const double limit = attributes.real(normLimitAttribute);
        forEach(context, 1, [=] WEFT_DEVICE(std::int64_t) {
            y[0] = lossScaleFactorOf(*scale, *norm, limit);
            y[1] = counts[1];
        });
    }
};

struct LossScaleUpdateCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        float *scale = inputData<float>(context, 0), *counts = inputData<float>(context, 1);
        const float* norm = inputData<float>(context, 2);
        forEach(context, 1, [=] WEFT_DEVICE(std::int64_t) { noteLossScale(*scale, counts, *norm); });
    }
};

} // namespace

void lossScaleCudaKernels(KernelTable& table)
{
    addCuda<LossScaleFactorCuda>(table, "LossScaleFactor");
    addCuda<LossScaleUpdateCuda>(table, "LossScaleUpdate");
}

} // namespace weft
