#include "core/ops/gaussian_noise/gaussian_noise_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct GaussianNoiseCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& array = context.outputs[0];
        if (array.count() == 0)
            return;
        const std::int64_t elements = array.count() / array.extent(0);
        const double deviation = attributes.real("deviation");
        const auto stream = static_cast<std::uint64_t>(attributes.integer("stream"));
        const float* x = inputData<float>(context, 0);
        float* y = array.as<float>();
        const StepState* state = queueOf(context).state;
        forEach(context, array.count(), [=] WEFT_DEVICE(std::int64_t i) {
            const NormalNoise noise(*state, stream, i / elements);
            y[i] = x[i] + static_cast<float>(deviation * noise.at(i % elements));
        });
    }
};

} // namespace

void gaussianNoiseCudaKernels(KernelTable& table)
{
    addCuda<GaussianNoiseCuda>(table, "GaussianNoise");
}

} // namespace weft
