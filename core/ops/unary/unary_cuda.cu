#include "core/ops/support/cuda_kernel.h"
#include "core/ops/unary/unary_ref.h"

namespace weft {

namespace {

template <class Function> struct UnaryCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = Function::of(x[i]); });
    }
};

template <class Slope> struct UnaryGradientCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const float *dy = inputData<float>(context, 0), *y = inputData<float>(context, 1);
        float* dx = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { dx[i] = dy[i] * Slope::of(y[i]); });
    }
};

struct AffineCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto scale = static_cast<float>(attributes.real("scale")), shift = static_cast<float>(attributes.real("shift"));
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = scale * x[i] + shift; });
    }
};

} // namespace

void unaryCudaKernels(KernelTable& table)
{
    addCuda<UnaryCuda<ReluFunction>>(table, "Relu");
    addCuda<UnaryCuda<SigmoidFunction>>(table, "Sigmoid");
    addCuda<UnaryCuda<TanhFunction>>(table, "Tanh");
    addCuda<UnaryCuda<ExpFunction>>(table, "Exp");
    addCuda<UnaryCuda<LogFunction>>(table, "Log");
    addCuda<UnaryCuda<SqrtFunction>>(table, "Sqrt");
    addCuda<UnaryCuda<SquareFunction>>(table, "Square");
    addCuda<UnaryCuda<NegateFunction>>(table, "Negate");
    addCuda<AffineCuda>(table, "Affine");
    addCuda<UnaryGradientCuda<ReluSlope>>(table, "ReluGradient");
    addCuda<UnaryGradientCuda<SigmoidSlope>>(table, "SigmoidGradient");
    addCuda<UnaryGradientCuda<TanhSlope>>(table, "TanhGradient");
}

} // namespace weft
