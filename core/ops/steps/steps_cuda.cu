#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

void count(const KernelContext& context)
{
    std::int32_t* y = outputData<std::int32_t>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = static_cast<std::int32_t>(i); });
}

void compare(const KernelContext& context)
{
    const Extents& extents = context.outputs[0].type.extents;
    const Places ofA(extents, stretchedStrides(context.inputs[0].type.extents, extents));
    const Places ofB(extents, stretchedStrides(context.inputs[1].type.extents, extents));
    const std::int32_t *a = inputData<std::int32_t>(context, 0), *b = inputData<std::int32_t>(context, 1);
    std::uint8_t* y = outputData<std::uint8_t>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = a[ofA.at(i)] < b[ofB.at(i)] ? 1 : 0; });
}

std::vector<KernelOption> steps(const KernelRequest& request)
{
    return {rowMajorOption(request, "cuda", 1.0, count)};
}

std::vector<KernelOption> less(const KernelRequest& request)
{
    return {rowMajorOption(request, "cuda", 1.0, compare)};
}

} // namespace

void stepsCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Steps", &steps);
    table.add(DeviceKind::Cuda, "Less", &less);
}

} // namespace weft
