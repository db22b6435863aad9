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

/// Between an array with its channels last and one in row-major order.
struct ReorderCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Places places = stretchedPlaces(context.inputs[0], context.outputs[0]);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[places.at(i)]; });
    }
};

/// No op of a graph: the planner puts it between kernels of different layouts.
std::vector<KernelOption> reorders(const KernelRequest& request)
{
    std::vector<KernelOption> all(3, movingCudaFactory<ReorderCuda>(request)[0]);
    all[1].inputLayouts = all[2].outputLayouts = {Layout::ChannelsLast};
    return all;
}

} // namespace

void transposeCudaKernels(KernelTable& table)
{
    addMovingCuda<TransposeCuda>(table, "Transpose");
    table.add(DeviceKind::Cuda, "Reorder", &reorders);
}

} // namespace weft
