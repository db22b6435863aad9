#include "core/ops/activation/activation_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class Function> struct ActivationCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto alpha = static_cast<float>(attributes.real("alpha"));
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = Function::value(x[i], alpha); });
    }
};

template <class Function> struct ActivationGradientCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto alpha = static_cast<float>(attributes.real("alpha"));
        const float *dy = inputData<float>(context, 0), *x = inputData<float>(context, 1);
        float* dx = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { dx[i] = dy[i] * Function::slope(x[i], alpha); });
    }
};

template <class Function> void addBoth(KernelTable& table, const std::string& name)
{
    addCuda<ActivationCuda<Function>>(table, name.c_str());
    addCuda<ActivationGradientCuda<Function>>(table, (name + "Gradient").c_str());
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
