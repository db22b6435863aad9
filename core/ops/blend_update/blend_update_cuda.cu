#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct BlendUpdateCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const float *keeps = inputData<float>(context, 0), *freshens = inputData<float>(context, 1);
        for (std::size_t target = 2; target < context.inputs.size(); target += 2) {
            float* variable = inputData<float>(context, target);
            const float* value = inputData<float>(context, target + 1);
            forEach(context, context.inputs[target].count(), [=] WEFT_DEVICE(std::int64_t i) {
                const float keep = *keeps, fresh = *freshens;
                variable[i] = keep == 0.0f ? fresh * value[i] : keep * variable[i] + fresh * value[i];
            });
        }
    }
};

std::vector<KernelOption> options(const KernelRequest& request)
{
    const bool isSingle = std::all_of(request.inputs.begin(), request.inputs.end(), [](const ArrayType& type) { return type.dtype == DType::Float32; });
    return isSingle ? cudaFactory<BlendUpdateCuda>(request) : std::vector<KernelOption>();
}

} // namespace

void blendUpdateCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "BlendUpdate", &options);
}

} // namespace weft
