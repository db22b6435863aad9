#include "core/ops/support/cuda_kernel.h"
#include "core/ops/support/cuda_sum.h"

namespace weft {

namespace {

struct BroadcastToCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.outputs[0].type.extents;
        const Places places(extents, stretchedStrides(context.inputs[0].type.extents, extents));
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[places.at(i)]; });
    }
};

struct SumToCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const Extents& extents = context.inputs[0].type.extents;
        Extents kept(extents.size() - context.outputs[0].type.extents.size(), 1);
        kept.insert(kept.end(), context.outputs[0].type.extents.begin(), context.outputs[0].type.extents.end());
        sumGroups(context, Groups(extents, kept), 1.0);
    }
};

} // namespace

void broadcastCudaKernels(KernelTable& table)
{
    addCuda<BroadcastToCuda>(table, "BroadcastTo");
    addCuda<SumToCuda>(table, "SumTo");
}

} // namespace weft
