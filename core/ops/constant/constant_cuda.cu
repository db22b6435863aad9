#include "core/ops/cast/cast_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

template <class T> void fill(const KernelContext& context, T* y, std::int64_t count, T value)
{
    forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) { y[i] = value; });
}

std::vector<KernelOption> constant(const KernelRequest& request)
{
    const auto& values = request.attributes.get<std::vector<double>>("values");
    std::vector<KernelOption> options;
    visitType(request.outputs[0].dtype, [&](auto zero) {
        using T = decltype(zero);
        if (values.size() == 1) {
            // A recorded plan would read the host for it in each run.
            options.push_back(rowMajorOption(request, "cuda", 1.0, [value = static_cast<T>(values[0])](const KernelContext& context) {
                fill(context, outputData<T>(context), context.outputs[0].count(), value);
            }));
            return;
        }
        std::vector<T> all(static_cast<std::size_t>(elementCount(request.outputs[0].extents)));
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<T>(values[i]);
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
