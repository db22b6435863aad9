#include "core/ops/dropout/dropout_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// A thread makes the four elements that share the words of one draw.
struct DropoutCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& array = context.outputs[0];
        const std::int64_t samples = array.extent(0);
        if (array.count() == 0)
            return;
        const std::int64_t elements = array.count() / samples, groups = (elements + 3) / 4;
        const double rate = attributes.real("rate");
        const std::uint32_t threshold = dropThreshold(rate);
        const float scale = static_cast<float>(rate < 1.0 ? 1.0 / (1.0 - rate) : 0.0);
        const auto stream = static_cast<std::uint64_t>(attributes.integer("stream"));
        const T* x = inputData<T>(context, 0);
        T* y = array.as<T>();
        const StepState* state = queueOf(context).state;
        if (array.layout == Layout::ChannelsLast) {
            // Words of one draw lie far apart: here each element draws anew.
            const std::int64_t channels = array.extent(1), area = elements / channels;
            forEach(context, array.count(), [=] WEFT_DEVICE(std::int64_t i) {
                const DropoutMask mask(*state, stream, threshold, i / elements);
                y[i] = static_cast<T>(mask.keeps(i % channels * area + i % elements / channels) ? static_cast<float>(x[i]) * scale : 0.0f);
            });
            return;
        }
        const bool isWhole = elements % 4 == 0;
        forEach(context, samples * groups, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t n = i / groups, group = i % groups;
            const unsigned kept = DropoutMask(*state, stream, threshold, n).keepsFour(group);
            const auto dropped
                = [&](const T& number, int lane) { return static_cast<T>((kept >> lane & 1u) != 0 ? static_cast<float>(number) * scale : 0.0f); };
            const std::int64_t first = n * elements + group * 4;
            if (isWhole) {
                Lanes<T, 4> four = lanesAt<4>(x + first);
                for (int lane = 0; lane < 4; ++lane)
                    four.at[lane] = dropped(four.at[lane], lane);
                putLanes(y + first, four);
                return;
            }
            for (int lane = 0; lane < 4 && group * 4 + lane < elements; ++lane)
                y[first + lane] = dropped(x[first + lane], lane);
        });
    }
};

} // namespace

void dropoutCudaKernels(KernelTable& table)
{
    addStoredCuda<DropoutCuda>(table, "Dropout");
}

} // namespace weft
