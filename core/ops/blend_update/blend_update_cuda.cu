#include <algorithm>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct Blend {
    float* variable;
    const float* value;
    std::int64_t count, first; ///< which of the launch's elements are its own
};

/// As many targets as fit into the parameters of a launch.
struct Blends {
    static constexpr int most = 96;
    int count = 0;
    std::int64_t elements = 0;
    Blend of[most];
};

struct BlendUpdateCuda {
    static void run(const KernelContext& context, const Attributes&)
    {
        const float *keeps = inputData<float>(context, 0), *freshens = inputData<float>(context, 1);
        for (std::size_t begin = 2; begin < context.inputs.size(); begin += 2 * Blends::most) {
            const Blends blends = blendsFrom(context, begin);
            forEach(context, blends.elements, [=] WEFT_DEVICE(std::int64_t i) {
                const Blend& blend = blends.of[partWith(blends.count, i, [&](int part) { return blends.of[part].first; })];
                const float keep = *keeps, fresh = *freshens, value = blend.value[i - blend.first];
                float& variable = blend.variable[i - blend.first];
                variable = keep == 0.0f ? fresh * value : keep * variable + fresh * value;
            });
        }
    }

    static Blends blendsFrom(const KernelContext& context, std::size_t begin)
    {
        Blends blends;
        for (std::size_t target = begin; target < std::min(context.inputs.size(), begin + 2 * Blends::most); target += 2) {
            const std::int64_t count = context.inputs[target].count();
            blends.of[blends.count++] = {inputData<float>(context, target), inputData<float>(context, target + 1), count, blends.elements};
            blends.elements += count;
        }
        return blends;
    }
};

std::vector<KernelOption> options(const KernelRequest& request)
{
    const bool isSingle
        = std::all_of(request.inputs.begin(), request.inputs.end(), [](const ArrayType& type) { return type.dtype == DType::Float32; });
    return isSingle ? cudaFactory<BlendUpdateCuda>(request) : std::vector<KernelOption>();
}

} // namespace

void blendUpdateCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "BlendUpdate", &options);
}

} // namespace weft
