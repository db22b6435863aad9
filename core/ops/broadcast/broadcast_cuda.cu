#include "core/ops/support/cuda_kernel.h"
#include "core/ops/support/cuda_sum.h"

namespace weft {

namespace {

struct BroadcastToCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Places places = stretchedPlaces(context.inputs[0], context.outputs[0]);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[places.at(i)]; });
    }
};

struct SumToCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.inputs[0].type.extents;
        Extents kept(extents.size() - context.outputs[0].type.extents.size(), 1);
        kept.insert(kept.end(), context.outputs[0].type.extents.begin(), context.outputs[0].type.extents.end());
        sumGroups<T>(context, Groups(context.inputs[0], kept, context.outputs[0].layout), 1.0);
    }
};

} // namespace

void broadcastCudaKernels(KernelTable& table)
{
    addStoredCuda<BroadcastToCuda>(table, "BroadcastTo");
    addStoredCuda<SumToCuda>(table, "SumTo");
}

} // namespace weft
