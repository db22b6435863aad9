#include "core/ops/support/cuda_copy.h"

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
        copyInOrder<Apart::From, T>(context, context.outputs[0].type.extents, strides, context.inputs[0].data, context.outputs[0].data);
    }
};

/// Between an array with its channels last and one in row-major order.
struct ReorderCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array &x = context.inputs[0], &y = context.outputs[0];
        const Index own = stridesIn(x);
        Index strides{};
        for (std::size_t axis = 0; axis < x.type.extents.size(); ++axis)
            strides[storedAxis(y.layout, x.type.extents.size(), axis)] = own[axis];
        copyInOrder<Apart::From, T>(context, storedExtents(y), strides, x.data, y.data);
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
