#include "core/ops/activation/activation_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class Function> struct ActivationCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto alpha = static_cast<float>(attributes.real("alpha"));
        mapElements(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0),
                    [=] WEFT_DEVICE(float x) { return Function::value(x, alpha); });
    }
};

template <class Function> struct ActivationGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto alpha = static_cast<float>(attributes.real("alpha"));
        mapElements(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0), inputData<const T>(context, 1),
                    [=] WEFT_DEVICE(float dy, float x) { return dy * Function::slope(x, alpha); });
    }
};

template <class Function> void addBoth(KernelTable& table, const std::string& name)
{
    addStoredCuda<ActivationCuda<Function>>(table, name.c_str());
    addStoredCuda<ActivationGradientCuda<Function>>(table, (name + "Gradient").c_str());
}

} // namespace

void activationCudaKernels(KernelTable& table)
{
    addBoth<LeakyReluFunction>(table, "LeakyRelu");
    addBoth<EluFunction>(table, "Elu");
    addBoth<SoftplusFunction>(table, "Softplus");
    addBoth<GeluFunction>(table, "Gelu");
    addBoth<SiluFunction>(table, "Silu");
    addBoth<MishFunction>(table, "Mish");
    addBoth<HardSwishFunction>(table, "HardSwish");
    addBoth<ClippedReluFunction>(table, "ClippedRelu");
    addBoth<ErfFunction>(table, "Erf");
}

} // namespace weft
