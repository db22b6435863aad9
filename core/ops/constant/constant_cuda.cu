#include "core/ops/cast/cast_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

std::vector<KernelOption> constant(const KernelRequest& request)
{
    const auto& values = request.attributes.get<std::vector<double>>("values");
    std::vector<KernelOption> options;
    visitType(request.outputs[0].dtype, [&](auto zero) {
        using T = decltype(zero);
        std::vector<T> all(static_cast<std::size_t>(elementCount(request.outputs[0].extents)));
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<T>(values.size() == 1 ? values[0] : values[i]);
        options.push_back(rowMajorOption(request, "cuda", 1.0, [all = std::move(all)](const KernelContext& context) {
            copyToCard(context, context.outputs[0].data, all.data(), all.size() * sizeof(T));
        }));
    });
    return options;
}

} // namespace

void constantCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Constant", &constant);
}

} // namespace weft
