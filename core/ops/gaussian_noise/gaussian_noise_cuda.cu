#include "core/ops/gaussian_noise/gaussian_noise_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

struct GaussianNoiseCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& array = context.outputs[0];
        if (array.count() == 0)
            return;
        const std::int64_t elements = array.count() / array.extent(0);
        const double deviation = attributes.real("deviation");
        const auto stream = static_cast<std::uint64_t>(attributes.integer("stream"));
        const T* x = inputData<T>(context, 0);
        T* y = array.as<T>();
        const StepState* state = queueOf(context).state;
        const bool isLast = array.layout == Layout::ChannelsLast;
        const std::int64_t channels = isLast ? array.extent(1) : 1, area = elements / channels;
        forEach(context, array.count(), [=] WEFT_DEVICE(std::int64_t i) {
            const NormalNoise noise(*state, stream, i / elements);
            const std::int64_t own = i % elements, number = isLast ? own % channels * area + own / channels : own;
            y[i] = static_cast<T>(static_cast<float>(x[i]) + static_cast<float>(deviation * noise.at(number)));
        });
    }
};

} // namespace

void gaussianNoiseCudaKernels(KernelTable& table)
{
    addStoredCuda<GaussianNoiseCuda>(table, "GaussianNoise");
}

} // namespace weft
