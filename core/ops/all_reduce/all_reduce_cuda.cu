#include "core/base/error.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// A process that trains alone has nothing to add.
struct AllReduceCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        if (context.collectives)
            throw Error(WEFT_TEXT("Cuda", "Several ranks cannot train on graphics cards yet; choose the device cpu, or one rank."));
        if (context.inputs[0].data != context.outputs[0].data)
            copyOnCard(context, context.outputs[0].data, context.inputs[0].data, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(float));
    }
};

} // namespace

void allReduceCudaKernels(KernelTable& table)
{
    addCuda<AllReduceCuda>(table, "AllReduceStart");
    addCuda<AllReduceCuda>(table, "AllReduceFinish");
}

} // namespace weft
