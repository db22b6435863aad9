#include "core/ops/support/cuda_copy.h"

namespace weft {

namespace {

/// A part begin ≤ i < end of an axis: rows of the whole, [before, extent · after], from a column on.
struct Part {
    std::int64_t column, width, rowOfWhole;

    Part(const Array& whole, const Attributes& attributes)
    {
        const auto axis = static_cast<std::size_t>(attributes.integer("axis"));
        const std::int64_t begin = attributes.integer("begin");
        const Extents stored = storedExtents(whole);
        std::int64_t after = 1;
        for (std::size_t i = storedAxis(whole.layout, stored.size(), axis) + 1; i < stored.size(); ++i)
            after *= stored[i];
        column = begin * after;
        width = (attributes.integer("end") - begin) * after;
        rowOfWhole = whole.type.extents[axis] * after;
    }
    Extents extents(std::int64_t count) const { return {width > 0 ? count / width : 0, width}; }
    Index strides() const { return {rowOfWhole, 1}; }
};

struct SliceCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Part part(context.inputs[0], attributes);
        copyInOrder<Apart::From, T>(context, part.extents(context.outputs[0].count()), part.strides(), inputData<T>(context, 0) + part.column,
                                    context.outputs[0].data);
    }
};

struct SliceGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Part part(context.outputs[0], attributes);
        T* dx = outputData<T>(context);
        clearOnCard(context, dx, static_cast<std::size_t>(context.outputs[0].count()) * sizeof(T));
        copyInOrder<Apart::To, T>(context, part.extents(context.inputs[0].count()), part.strides(), context.inputs[0].data, dx + part.column);
    }
};

} // namespace

void sliceCudaKernels(KernelTable& table)
{
    addMovingCuda<SliceCuda>(table, "Slice");
    addMovingCuda<SliceGradientCuda>(table, "SliceGradient");
}

} // namespace weft
