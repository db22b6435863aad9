#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct AssignCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        copyOnCard(context, context.inputs[0].data, context.inputs[1].data, static_cast<std::size_t>(context.inputs[0].count()) * sizeof(T));
    }
};

} // namespace

void assignCudaKernels(KernelTable& table)
{
    addMovingCuda<AssignCuda>(table, "Assign");
}

} // namespace weft
