#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// A part begin ≤ i < end of an axis: the whole seen as [before, extent, after].
struct Part {
    std::int64_t after = 1, extent, begin, length;

    Part(const Array& whole, const Attributes& attributes) :
        extent(whole.extent(static_cast<int>(attributes.integer("axis")))), begin(attributes.integer("begin")), length(attributes.integer("end") - begin)
    {
        const Extents stored = storedExtents(whole);
        for (std::size_t i = storedAxis(whole.layout, stored.size(), static_cast<std::size_t>(attributes.integer("axis"))) + 1; i < stored.size(); ++i)
            after *= stored[i];
    }
    /// Where element `flat` of the part lies in the whole.
    constexpr std::int64_t inWhole(std::int64_t flat) const
    {
        return (flat / (length * after) * extent + begin + flat / after % length) * after + flat % after;
    }
};

struct SliceCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Part part(context.inputs[0], attributes);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[part.inWhole(i)]; });
    }
};

struct SliceGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Part part(context.outputs[0], attributes);
        const T* dy = inputData<T>(context, 0);
        T* dx = outputData<T>(context);
        clearOnCard(context, dx, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(T));
        forEach(context, context.inputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) { dx[part.inWhole(i)] = dy[i]; });
    }
};

} // namespace

void sliceCudaKernels(KernelTable& table)
{
    addMovingCuda<SliceCuda>(table, "Slice");
    addMovingCuda<SliceGradientCuda>(table, "SliceGradient");
}

} // namespace weft
