#include "core/ops/binary/binary_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class Function> struct BinaryCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static void run(const KernelContext& context, const Attributes&)
    {
        const Array &first = context.inputs[0], &second = context.inputs[1];
        const Extents& extents = context.outputs[0].type.extents;
        const float *a = first.as<float>(), *b = second.as<float>();
        float* y = outputData<float>(context);
        const std::int64_t count = context.outputs[0].count();
        if (first.type.extents == extents && second.type.extents == extents) {
            forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) { y[i] = Function::of(a[i], b[i]); });
            return;
        }
        const Places ofA = stretchedPlaces(first, context.outputs[0]), ofB = stretchedPlaces(second, context.outputs[0]);
        forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) { y[i] = Function::of(a[ofA.at(i)], b[ofB.at(i)]); });
    }
};

template <int sign> struct ExtremumGradientCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const float *dy = inputData<float>(context, 0), *a = inputData<float>(context, 1), *b = inputData<float>(context, 2);
        float *da = outputData<float>(context, 0), *db = outputData<float>(context, 1);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const float lead = float(sign) * (a[i] - b[i]);
            const float share = lead > 0.0f ? 1.0f : lead < 0.0f ? 0.0f : 0.5f;
            const float slope = dy[i];
            da[i] = slope * share;
            db[i] = slope * (1.0f - share);
        });
    }
};

} // namespace

void binaryCudaKernels(KernelTable& table)
{
    addCuda<BinaryCuda<AddFunction>>(table, "Add");
    addCuda<BinaryCuda<SubtractFunction>>(table, "Subtract");
    addCuda<BinaryCuda<MultiplyFunction>>(table, "Multiply");
    addCuda<BinaryCuda<DivideFunction>>(table, "Divide");
    addCuda<BinaryCuda<MaximumFunction>>(table, "Maximum");
    addCuda<BinaryCuda<MinimumFunction>>(table, "Minimum");
    addCuda<ExtremumGradientCuda<1>>(table, "MaximumGradient");
    addCuda<ExtremumGradientCuda<-1>>(table, "MinimumGradient");
}

} // namespace weft
