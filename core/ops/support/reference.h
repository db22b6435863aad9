#pragma once

#include <array>
#include <cassert>
#include <cstdint>

#include "core/device/kernel_table.h"
#include "core/ops/support/infer.h"

namespace weft {

// What reference kernels share: dispatch on the element type, and loops over indices. Reference
// kernels are plain loops that sum in double; they are what other kernels are checked against.

template <class T> T* inputData(const KernelContext& context, std::size_t index)
{
    return context.inputs[index].as<T>();
}
template <class T> T* outputData(const KernelContext& context, std::size_t index = 0)
{
    return context.outputs[index].as<T>();
}

using Index = std::array<std::int64_t, maxRank>;

/// Row-major strides of `extents`.
inline Index stridesOf(const Extents& extents)
{
    assert(extents.size() <= static_cast<std::size_t>(maxRank));
    Index strides{};
    std::int64_t stride = 1;
    for (std::size_t i = extents.size(); i-- > 0;) {
        strides[i] = stride;
        stride *= extents[i];
    }
    return strides;
}

/// Strides that read an array of `extents` as if it were stretched to `to`: 0 along stretched axes.
inline Index stretchedStrides(const Extents& extents, const Extents& to)
{
    const Index own = stridesOf(extents);
    const std::size_t added = to.size() - extents.size();
    Index strides{};
    for (std::size_t i = 0; i < extents.size(); ++i)
        strides[i + added] = extents[i] == 1 ? 0 : own[i];
    return strides;
}

inline std::int64_t offsetOf(const Index& index, const Index& strides)
{
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < index.size(); ++i)
        offset += index[i] * strides[i];
    return offset;
}

/// Calls visit(flat, index) for every index of `extents` in row-major order.
template <class Visit> void forEachIndex(const Extents& extents, Visit visit)
{
    const std::int64_t count = elementCount(extents);
    Index index{};
    for (std::int64_t flat = 0; flat < count; ++flat) {
        visit(flat, index);
        for (std::size_t axis = extents.size(); axis-- > 0;) {
            if (++index[axis] < extents[axis])
                break;
            index[axis] = 0;
        }
    }
}

/// The type a floating op computes in: that of its first floating output, else input.
inline DType computeType(const KernelRequest& request)
{
    for (const auto& arrays : {request.outputs, request.inputs}) {
        for (const ArrayType& array : arrays) {
            if (isFloating(array.dtype))
                return array.dtype;
        }
    }
    return request.outputs.empty() ? request.inputs[0].dtype : request.outputs[0].dtype;
}

/// The option that runs `function(context, attributes)`. A Reference may ask for scratch with
/// `static std::size_t scratchBytes(const KernelRequest&)`.
template <class Reference, class Function> std::vector<KernelOption> referenceOption(const KernelRequest& request, Function function)
{
    std::size_t scratch = 0;
    if constexpr (requires { Reference::scratchBytes(request); })
        scratch = Reference::scratchBytes(request);
    return {rowMajorOption(
        request, "reference", 1.0, [function, attributes = request.attributes](const KernelContext& context) { function(context, attributes); },
        scratch)};
}

/// The factory of `Reference::run<T>(context, attributes)` for float and double.
template <class Reference> std::vector<KernelOption> referenceFactory(const KernelRequest& request)
{
    switch (computeType(request)) {
    case DType::Float32: return referenceOption<Reference>(request, &Reference::template run<float>);
    case DType::Float64: return referenceOption<Reference>(request, &Reference::template run<double>);
    default: return {};
    }
}

/// The same for ops that only move elements: T is an unsigned integer of the element's size.
template <class Reference> std::vector<KernelOption> movingFactory(const KernelRequest& request)
{
    switch (sizeOf(request.inputs[0].dtype)) {
    case 1: return referenceOption<Reference>(request, &Reference::template run<std::uint8_t>);
    case 2: return referenceOption<Reference>(request, &Reference::template run<std::uint16_t>);
    case 4: return referenceOption<Reference>(request, &Reference::template run<std::uint32_t>);
    default: return referenceOption<Reference>(request, &Reference::template run<std::uint64_t>);
    }
}

template <class Reference> void addReference(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Reference, op, &referenceFactory<Reference>);
}
template <class Reference> void addMovingReference(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Reference, op, &movingFactory<Reference>);
}

} // namespace weft
