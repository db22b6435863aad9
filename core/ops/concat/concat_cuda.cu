#include "core/ops/support/cuda_copy.h"

namespace weft {

namespace {

struct ConcatCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& y = context.outputs[0];
        const int axis = static_cast<int>(attributes.integer("axis"));
        const Extents stored = storedExtents(y);
        std::int64_t after = 1;
        for (std::size_t i = storedAxis(y.layout, stored.size(), static_cast<std::size_t>(axis)) + 1; i < stored.size(); ++i)
            after *= stored[i];
        const std::int64_t width = y.extent(axis) * after;
        std::int64_t column = 0;
        for (const Array& x : context.inputs) {
            const std::int64_t own = x.extent(axis) * after;
            if (own > 0)
                copyInOrder<Apart::To, T>(context, {x.count() / own, own}, {width, 1}, x.data, y.as<T>() + column);
            column += own;
        }
    }
};

} // namespace

void concatCudaKernels(KernelTable& table)
{
    addMovingCuda<ConcatCuda>(table, "Concat");
}

} // namespace weft
