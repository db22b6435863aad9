#include "core/ops/support/cuda_kernel.h"
#include "core/ops/unary/unary_ref.h"

namespace weft {

namespace {

template <class Function> struct UnaryCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        mapElements(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0),
                    [] WEFT_DEVICE(float x) { return Function::of(x); });
    }
};

template <class Slope> struct UnaryGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        mapElements(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0), inputData<const T>(context, 1),
                    [] WEFT_DEVICE(float dy, float y) { return dy * Slope::of(y); });
    }
};

struct AffineCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto scale = static_cast<float>(attributes.real("scale")), shift = static_cast<float>(attributes.real("shift"));
        mapElements(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0),
                    [=] WEFT_DEVICE(float x) { return scale * x + shift; });
    }
};

} // namespace

void unaryCudaKernels(KernelTable& table)
{
    addStoredCuda<UnaryCuda<ReluFunction>>(table, "Relu");
    addStoredCuda<UnaryCuda<SigmoidFunction>>(table, "Sigmoid");
    addStoredCuda<UnaryCuda<TanhFunction>>(table, "Tanh");
    addStoredCuda<UnaryCuda<ExpFunction>>(table, "Exp");
    addStoredCuda<UnaryCuda<LogFunction>>(table, "Log");
    addStoredCuda<UnaryCuda<SqrtFunction>>(table, "Sqrt");
    addStoredCuda<UnaryCuda<SquareFunction>>(table, "Square");
    addStoredCuda<UnaryCuda<NegateFunction>>(table, "Negate");
    addStoredCuda<AffineCuda>(table, "Affine");
    addStoredCuda<UnaryGradientCuda<ReluSlope>>(table, "ReluGradient");
    addStoredCuda<UnaryGradientCuda<SigmoidSlope>>(table, "SigmoidGradient");
    addStoredCuda<UnaryGradientCuda<TanhSlope>>(table, "TanhGradient");
}

} // namespace weft
