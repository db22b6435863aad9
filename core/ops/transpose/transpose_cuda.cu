#include <limits>

#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// An axis of the result, and how far its elements are apart in what it is made of.
struct Axis {
    std::int64_t extent, stride;
};
using Axes = std::vector<Axis>;

/// Neighbours that lie in one piece are one axis, those of one element none.
Axes mergedAxes(const Extents& extents, const Index& strides)
{
    Axes axes{{1, 1}};
    for (std::size_t i = extents.size(); i-- > 0;) {
        Axis& inner = axes.front();
        if (inner.extent == 1)
            inner = {extents[i], strides[i]};
        else if (strides[i] == inner.extent * inner.stride)
            inner.extent *= extents[i];
        else if (extents[i] > 1)
            axes.insert(axes.begin(), {extents[i], strides[i]});
    }
    return axes;
}

/// Where a result comes from, in numbers no wider than it takes: divisions are most of what a card does here.
template <class Number> struct Order {
    int rank;
    Number extents[maxRank], strides[maxRank];

    explicit Order(const Axes& axes) : rank(static_cast<int>(axes.size()))
    {
        for (std::size_t i = 0; i < axes.size(); ++i) {
            extents[i] = static_cast<Number>(axes[i].extent);
            strides[i] = static_cast<Number>(axes[i].stride);
        }
    }
    constexpr Number placeOf(Number number) const
    {
        Number place = 0;
        for (int i = rank; i-- > 1;) {
            place += number % extents[i] * strides[i];
            number /= extents[i];
        }
        return place + number * strides[0];
    }
};

template <class Number, class T> void copyNumbered(const KernelContext& context, std::int64_t count, const Order<Number>& order, const T* x, T* y)
{
    forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) { y[i] = x[order.placeOf(static_cast<Number>(i))]; });
}

template <class T> void copyEach(const KernelContext& context, const Axes& axes, const void* x, void* y)
{
    std::int64_t count = 1;
    for (const Axis& axis : axes)
        count *= axis.extent;
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(y);
    if (count <= std::numeric_limits<std::uint32_t>::max())
        copyNumbered(context, count, Order<std::uint32_t>(axes), from, to);
    else
        copyNumbered(context, count, Order<std::int64_t>(axes), from, to);
}

struct alignas(16) SixteenBytes {
    std::uint64_t halves[2];
};

/// As many bytes at once as lie side by side in both.
template <class T> void copyInOrder(const KernelContext& context, const Extents& extents, const Index& strides, const void* x, void* y)
{
    Axes axes = mergedAxes(extents, strides);
    const std::int64_t bytes = axes.back().stride == 1 ? axes.back().extent * static_cast<std::int64_t>(sizeof(T)) : 1;
    const auto grouped = [&](std::size_t size) {
        const auto group = static_cast<std::int64_t>(size / sizeof(T));
        axes.back().extent /= group;
        for (std::size_t i = 0; i + 1 < axes.size(); ++i)
            axes[i].stride /= group;
        return axes;
    };
    if (bytes % 16 == 0)
        copyEach<SixteenBytes>(context, grouped(16), x, y);
    else if (bytes % 8 == 0)
        copyEach<std::uint64_t>(context, grouped(8), x, y);
    else if (bytes % 4 == 0)
        copyEach<std::uint32_t>(context, grouped(4), x, y);
    else
        copyEach<T>(context, axes, x, y);
}

struct TransposeCuda {
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const std::vector<std::int64_t>& permutation = attributes.integers("permutation");
        const Index own = stridesOf(context.inputs[0].type.extents);
        Index strides{};
        for (std::size_t i = 0; i < permutation.size(); ++i)
            strides[i] = own[static_cast<std::size_t>(permutation[i])];
        copyInOrder<T>(context, context.outputs[0].type.extents, strides, context.inputs[0].data, context.outputs[0].data);
    }
};

/// Between an array with its channels last and one in row-major order.
struct ReorderCuda {
    template <class T> static void run(const KernelContext& context, const Attributes&)
    {
        const Array &x = context.inputs[0], &y = context.outputs[0];
        const Index own = stridesIn(x);
        Index strides{};
        for (std::size_t axis = 0; axis < x.type.extents.size(); ++axis)
            strides[storedAxis(y.layout, x.type.extents.size(), axis)] = own[axis];
        copyInOrder<T>(context, storedExtents(y), strides, x.data, y.data);
    }
};

/// No op of a graph: the planner puts it between kernels of different layouts.
std::vector<KernelOption> reorders(const KernelRequest& request)
{
    std::vector<KernelOption> all(3, movingCudaFactory<ReorderCuda>(request)[0]);
    all[1].inputLayouts = all[2].outputLayouts = {Layout::ChannelsLast};
    return all;
}

} // namespace

void transposeCudaKernels(KernelTable& table)
{
    addMovingCuda<TransposeCuda>(table, "Transpose");
    table.add(DeviceKind::Cuda, "Reorder", &reorders);
}

} // namespace weft
