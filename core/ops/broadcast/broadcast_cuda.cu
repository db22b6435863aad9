#include "core/ops/support/cuda_kernel.h"
#include "core/ops/support/cuda_sum.h"

namespace weft {

namespace {

struct BroadcastToCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Places places = stretchedPlaces(context.inputs[0], context.outputs[0]);
        mapPlaces(context, context.outputs[0].count(), outputData<T>(context), inputData<const T>(context, 0), places,
                  [] WEFT_DEVICE(T number) { return number; });
    }
};

struct SumToCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return sumScratchBytes(request.inputs[0].extents, keptOf(request.inputs[0], request.outputs[0]));
    }
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        sumGroups<T>(context, keptOf(context.inputs[0].type, context.outputs[0].type), 1.0);
    }
    /// The extents of y with those in front that it has not.
    static Extents keptOf(const ArrayType& x, const ArrayType& y)
    {
        Extents kept(x.extents.size() - y.extents.size(), 1);
        kept.insert(kept.end(), y.extents.begin(), y.extents.end());
        return kept;
    }
};

} // namespace

void broadcastCudaKernels(KernelTable& table)
{
    addStoredCuda<BroadcastToCuda>(table, "BroadcastTo");
    addStoredCuda<SumToCuda>(table, "SumTo");
}

} // namespace weft
