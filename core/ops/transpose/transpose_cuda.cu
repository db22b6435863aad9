#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct TransposeCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::vector<std::int64_t>& permutation = attributes.integers("permutation");
        const Index own = stridesOf(context.inputs[0].type.extents);
        Index strides{};
        for (std::size_t i = 0; i < permutation.size(); ++i)
            strides[i] = own[static_cast<std::size_t>(permutation[i])];
        const Places places(context.outputs[0].type.extents, strides);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[places.at(i)]; });
    }
};

} // namespace

void transposeCudaKernels(KernelTable& table)
{
    addMovingCuda<TransposeCuda>(table, "Transpose");
}

} // namespace weft
