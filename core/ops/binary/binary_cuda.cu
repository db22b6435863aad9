#include "core/ops/binary/binary_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class Function> struct BinaryCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array &first = context.inputs[0], &second = context.inputs[1];
        const Extents& extents = context.outputs[0].type.extents;
        const T *a = first.as<T>(), *b = second.as<T>();
        T* y = outputData<T>(context);
        const std::int64_t count = context.outputs[0].count();
        if (first.type.extents == extents && second.type.extents == extents)
            return mapElements(context, count, y, a, b, [] WEFT_DEVICE(float ofA, float ofB) { return Function::of(ofA, ofB); });
        const Places ofA = stretchedPlaces(first, context.outputs[0]), ofB = stretchedPlaces(second, context.outputs[0]);
        forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) {
            y[i] = static_cast<T>(Function::of(static_cast<float>(a[ofA.at(i)]), static_cast<float>(b[ofB.at(i)])));
        });
    }
};

template <int sign> struct ExtremumGradientCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const T *dy = inputData<T>(context, 0), *a = inputData<T>(context, 1), *b = inputData<T>(context, 2);
        T *da = outputData<T>(context, 0), *db = outputData<T>(context, 1);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const float lead = float(sign) * (a[i] - b[i]);
            const float share = lead > 0.0f ? 1.0f : lead < 0.0f ? 0.0f : 0.5f;
            const float slope = dy[i];
            da[i] = static_cast<T>(slope * share);
            db[i] = static_cast<T>(slope * (1.0f - share));
        });
    }
};

} // namespace

void binaryCudaKernels(KernelTable& table)
{
    addStoredCuda<BinaryCuda<AddFunction>>(table, "Add");
    addStoredCuda<BinaryCuda<SubtractFunction>>(table, "Subtract");
    addStoredCuda<BinaryCuda<MultiplyFunction>>(table, "Multiply");
    addStoredCuda<BinaryCuda<DivideFunction>>(table, "Divide");
    addStoredCuda<BinaryCuda<MaximumFunction>>(table, "Maximum");
    addStoredCuda<BinaryCuda<MinimumFunction>>(table, "Minimum");
    addStoredCuda<ExtremumGradientCuda<1>>(table, "MaximumGradient");
    addStoredCuda<ExtremumGradientCuda<-1>>(table, "MinimumGradient");
}

} // namespace weft
