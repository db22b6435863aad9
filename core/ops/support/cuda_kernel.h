#pragma once

#include <algorithm>
#include <vector>

#include "core/device/cuda/divider.h"
#include "core/device/cuda/lanes.h"
#include "core/device/cuda/parallel.h"
#include "core/device/sixteen_bits.h"
#include "core/ops/support/reference.h"

namespace weft {

// What the CUDA kernels of ops share. A kernel is a struct with `static void run(context, attributes)`, as references
// are; sizes and places are worked out on the host and carried into the bodies by value. nvcc takes no body that stands in
// a private function.

/// An axis of an array in one piece, and how far its elements are apart in another.
struct CopyAxis {
    std::int64_t extent, stride;
};
using CopyAxes = std::vector<CopyAxis>;

/// Neighbours that lie in one piece are one axis, those of one element none.
inline CopyAxes mergedAxes(const Extents& extents, const Index& strides)
{
    CopyAxes axes{{1, 1}};
    for (std::size_t i = extents.size(); i-- > 0;) {
        CopyAxis& inner = axes.front();
        if (inner.extent == 1)
            inner = {extents[i], strides[i]};
        else if (strides[i] == inner.extent * inner.stride)
            inner.extent *= extents[i];
        else if (extents[i] > 1)
            axes.insert(axes.begin(), {extents[i], strides[i]});
    }
    return axes;
}

inline std::int64_t countOf(const CopyAxes& axes)
{
    std::int64_t count = 1;
    for (const CopyAxis& axis : axes)
        count *= axis.extent;
    return count;
}

/// Where element `flat` of an array of `extents` lies in one of other strides.
struct Places {
    int rank = 0;
    Divisor extents[maxRank];
    std::int64_t strides[maxRank] = {};

    Places(const Extents& shape, const Index& of) : Places(mergedAxes(shape, of)) {}
    explicit Places(const CopyAxes& axes)
    {
        const std::int64_t count = countOf(axes);
        for (const CopyAxis& axis : axes) {
            extents[rank] = Divisor(axis.extent, count);
            strides[rank++] = axis.stride;
        }
    }
    constexpr std::int64_t at(std::int64_t flat) const
    {
        std::int64_t place = 0;
        for (int i = rank; i-- > 1;) {
            const Divisor::Result divided = extents[i](flat);
            place += divided.remainder * strides[i];
            flat = divided.quotient;
        }
        return place + flat * strides[0];
    }
    /// Whether each `width` elements from a multiple of it on lie side by side, where as many may be read at once.
    bool areInGroupsOf(int width) const
    {
        const bool isInner = strides[rank - 1] == 1 && extents[rank - 1].value % width == 0;
        return isInner && std::all_of(strides, strides + rank - 1, [=](std::int64_t stride) { return stride % width == 0; });
    }
};

/// y = function(x), where `places` has the elements of x for those of y.
template <class T, class Function>
void mapPlaces(const KernelContext& context, std::int64_t count, T* y, const T* x, const Places& places, Function function)
{
    constexpr int width = lanesAtOnce<T>;
    if (!places.areInGroupsOf(width))
        return forEach(context, count, [=] WEFT_DEVICE(std::int64_t i) { y[i] = function(x[places.at(i)]); });
    forEach(context, count / width, [=] WEFT_DEVICE(std::int64_t i) {
        Lanes<T, width> lanes = lanesAt<width>(x + places.at(i * width));
        for (int lane = 0; lane < width; ++lane)
            lanes.at[lane] = function(lanes.at[lane]);
        putLanes(y + i * width, lanes);
    });
}

/// Which of `count` parts has `number`; firstOf(part) is the first number of each, in rising order.
template <class FirstOf> WEFT_DEVICE inline int partWith(int count, std::int64_t number, const FirstOf& firstOf)
{
    int low = 0, end = count; // the part is among [low, end)
    while (end - low > 1) {
        const int middle = (low + end) / 2;
        (firstOf(middle) <= number ? low : end) = middle;
    }
    return low;
}

// An array with its channels last is one in row-major order of other extents: its memory has the axis of the channels behind
// those of the positions.

/// The axis of the memory along which a logical one lies.
inline std::size_t storedAxis(Layout layout, std::size_t rank, std::size_t axis)
{
    if (layout != Layout::ChannelsLast || axis == 0)
        return axis;
    return axis == 1 ? rank - 1 : axis - 1;
}

/// The extents along the axes of the memory.
inline Extents storedExtents(const Array& array)
{
    const Extents& logical = array.type.extents;
    Extents stored(logical.size());
    for (std::size_t axis = 0; axis < logical.size(); ++axis)
        stored[storedAxis(array.layout, logical.size(), axis)] = logical[axis];
    return stored;
}

/// Strides along the logical axes.
inline Index stridesIn(const Array& array)
{
    const Index stored = stridesOf(storedExtents(array));
    const std::size_t rank = array.type.extents.size();
    Index strides{};
    for (std::size_t axis = 0; axis < rank; ++axis)
        strides[axis] = stored[storedAxis(array.layout, rank, axis)];
    return strides;
}

/// Where the elements of `y`, in the order of its memory, find theirs in `x`, which is stretched to its extents.
inline Places stretchedPlaces(const Array& x, const Array& y)
{
    const Index own = stridesIn(x);
    const std::size_t rank = y.type.extents.size(), added = rank - x.type.extents.size();
    Index strides{};
    for (std::size_t axis = added; axis < rank; ++axis)
        strides[storedAxis(y.layout, rank, axis)] = x.type.extents[axis - added] == 1 ? 0 : own[axis - added];
    return Places(storedExtents(y), strides);
}

/// Where the elements of [N, C, area] lie, by their numbers in logical order.
struct ChannelOrder {
    std::int64_t channels, area;
    bool isLast;

    explicit ChannelOrder(const Array& array) :
        channels(array.extent(1)), area(array.count() / std::max<std::int64_t>(1, array.extent(0) * channels)),
        isLast(array.layout == Layout::ChannelsLast)
    {
    }
    constexpr std::int64_t placeOf(std::int64_t number) const
    {
        if (!isLast)
            return number;
        const std::int64_t plane = number / area;
        return (plane / channels * area + number % area) * channels + plane % channels;
    }
    constexpr std::int64_t numberAt(std::int64_t place) const
    {
        if (!isLast)
            return place;
        const std::int64_t position = place / channels;
        return (position / area * channels + place % channels) * area + position % area;
    }
    constexpr std::int64_t channelAt(std::int64_t place) const { return isLast ? place % channels : place / area % channels; }
    /// Between the elements of a plane.
    constexpr std::int64_t stride() const { return isLast ? channels : 1; }
};

/// Which arrays an option with channels last has so: a Kernel that takes them says it by `static constexpr auto channelsLast`.
enum class ChannelsLast {
    Spatial, ///< those of three axes and more
    Whole, ///< those of the largest extents; the Kernel reads others by their strides
};

/// Adds `option` as it is for arrays with channels last, where any array of the request can have them so.
inline void addChannelsLast(std::vector<KernelOption>& options, const KernelRequest& request, KernelOption option, ChannelsLast which,
                            const char* name = "cuda:channels-last")
{
    Extents largest;
    for (const auto& arrays : {request.inputs, request.outputs}) {
        for (const ArrayType& type : arrays)
            largest = largest.empty() || elementCount(type.extents) > elementCount(largest) ? type.extents : largest;
    }
    bool isAny = false;
    const auto layoutOf = [&](const ArrayType& type) {
        const bool isTaken = type.extents.size() >= 3 && (which == ChannelsLast::Spatial || type.extents == largest);
        isAny = isAny || isTaken;
        return isTaken ? Layout::ChannelsLast : Layout::RowMajor;
    };
    std::transform(request.inputs.begin(), request.inputs.end(), option.inputLayouts.begin(), layoutOf);
    std::transform(request.outputs.begin(), request.outputs.end(), option.outputLayouts.begin(), layoutOf);
    option.name = name;
    if (isAny)
        options.push_back(std::move(option));
}

/// What arrays of floating numbers are stored as: the 16-bit type of any of them, else that of the first.
inline DType storedType(const KernelRequest& request)
{
    for (const auto& arrays : {request.outputs, request.inputs}) {
        for (const ArrayType& array : arrays) {
            if (isSixteenBits(array.dtype))
                return array.dtype;
        }
    }
    return computeType(request);
}

/// The options of a Kernel that runs by `run`. It may ask for scratch with `static std::size_t scratchBytes(const KernelRequest&)`.
template <class Kernel> std::vector<KernelOption> cudaOptions(const KernelRequest& request, void (*run)(const KernelContext&, const Attributes&))
{
    std::size_t scratch = 0;
    if constexpr (requires { Kernel::scratchBytes(request); })
        scratch = Kernel::scratchBytes(request);
    std::vector<KernelOption> options{rowMajorOption(
        request, "cuda", 1.0, [run, attributes = request.attributes](const KernelContext& context) { run(context, attributes); }, scratch)};
    if constexpr (requires { Kernel::channelsLast; })
        addChannelsLast(options, request, options[0], Kernel::channelsLast);
    return options;
}

/// The factory of `Kernel::run` for float32.
template <class Kernel> std::vector<KernelOption> cudaFactory(const KernelRequest& request)
{
    if (storedType(request) != DType::Float32)
        return {};
    return cudaOptions<Kernel>(request, &Kernel::run);
}

/// visit(T()) for the T as which numbers of this type are stored; what stands for nothing where cards store no such numbers.
template <class Visit> auto visitStored(DType type, Visit visit) -> decltype(visit(float()))
{
    switch (type) {
    case DType::Float32: return visit(float());
    case DType::BFloat16: return visit(BFloat16());
    case DType::Float16: return visit(Float16());
    default: return {};
    }
}

/// The same for arrays of float32 or of 16 bits: `Kernel::run<T>` computes in float32 and more.
template <class Kernel> std::vector<KernelOption> storedCudaFactory(const KernelRequest& request)
{
    return visitStored(storedType(request), [&](auto number) { return cudaOptions<Kernel>(request, &Kernel::template run<decltype(number)>); });
}

/// The same for ops that only move elements: `Kernel::run<T>` for an unsigned T of the element's size.
template <class Kernel> std::vector<KernelOption> movingCudaFactory(const KernelRequest& request)
{
    switch (sizeOf(request.inputs[0].dtype)) {
    case 1: return cudaOptions<Kernel>(request, &Kernel::template run<std::uint8_t>);
    case 2: return cudaOptions<Kernel>(request, &Kernel::template run<std::uint16_t>);
    case 4: return cudaOptions<Kernel>(request, &Kernel::template run<std::uint32_t>);
    default: return cudaOptions<Kernel>(request, &Kernel::template run<std::uint64_t>);
    }
}

template <class Kernel> void addCuda(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Cuda, op, &cudaFactory<Kernel>);
}
template <class Kernel> void addStoredCuda(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Cuda, op, &storedCudaFactory<Kernel>);
}
template <class Kernel> void addMovingCuda(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Cuda, op, &movingCudaFactory<Kernel>);
}

} // namespace weft
