#include "core/ops/cast/cast_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class From, class To> void castOnCard(const KernelContext& context)
{
    const From* x = inputData<From>(context, 0);
    To* y = outputData<To>(context);
    forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = static_cast<To>(x[i]); });
}

std::vector<KernelOption> cast(const KernelRequest& request)
{
    std::vector<KernelOption> options;
    visitType(request.inputs[0].dtype, [&](auto from) {
        visitType(request.outputs[0].dtype,
                  [&](auto to) { options.push_back(rowMajorOption(request, "cuda", 1.0, &castOnCard<decltype(from), decltype(to)>)); });
    });
    return options;
}

} // namespace

void castCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Cast", &cast);
}

} // namespace weft
