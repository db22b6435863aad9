#include "core/base/error.h"
#include "core/device/wire_format.h"
#include "core/ops/all_reduce/all_reduce_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// The cards add up by themselves; null where this process trains alone.
RankExchange* exchangeOf(const KernelContext& context)
{
    RankExchange* exchange = queueOf(context).exchange;
    if (context.collectives && !exchange)
        throw Error(WEFT_TEXT("Cuda", "The ranks of this run have not joined their graphics cards."));
    return context.collectives ? exchange : nullptr;
}

void copyInputOnCard(const KernelContext& context)
{
    if (context.inputs[0].data != context.outputs[0].data)
        copyOnCard(context, context.outputs[0].data, context.inputs[0].data, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
}

struct AllReduceStartCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        copyInputOnCard(context);
        RankExchange* exchange = exchangeOf(context);
        if (!exchange)
            return;
        if (static_cast<WireFormat>(attributes.integer(wireFormatAttribute)) != WireFormat::Float32)
            throw Error(WEFT_TEXT("Cuda", "Graphics cards send gradients in float32: set training.distributed.compression to none."));
        exchange->start(outputData<float>(context), context.outputs[0].count());
    }
};

struct AllReduceFinishCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        if (RankExchange* exchange = exchangeOf(context))
            exchange->finish(inputData<float>(context, 0));
        copyInputOnCard(context);
    }
};

} // namespace

void allReduceCudaKernels(KernelTable& table)
{
    addCuda<AllReduceStartCuda>(table, "AllReduceStart");
    addCuda<AllReduceFinishCuda>(table, "AllReduceFinish");
}

} // namespace weft
