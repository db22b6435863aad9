#pragma once

#include <algorithm>
#include <cstdint>

#include "core/device/cpu/parallel.h"
#include "core/device/cpu/simd.h"
#include "core/device/kernel.h"

namespace weft {

// Kernels whose elements are independent. They work on the stored elements, whatever the layout is,
// padding included, and in place.

inline bool allFloat32(const KernelRequest& request)
{
    const auto isFloat = [](const ArrayType& type) { return type.dtype == DType::Float32; };
    return std::all_of(request.inputs.begin(), request.inputs.end(), isFloat) && std::all_of(request.outputs.begin(), request.outputs.end(), isFloat);
}

/// Elements of all arrays at some 5,000 a microsecond: memory that comes from the second-level cache.
inline double elementwiseMicroseconds(const KernelRequest& request)
{
    std::int64_t elements = 0;
    for (const ArrayType& type : request.inputs)
        elements += elementCount(type.extents);
    for (const ArrayType& type : request.outputs)
        elements += elementCount(type.extents);
    return 0.2 + static_cast<double>(elements) / 5000 / request.threads;
}

/// y[i] = function(x[i]).
template <class Function> std::vector<KernelOption> unaryOptions(const KernelRequest& request, Function function)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(request, "elementwise", elementwiseMicroseconds(request), [function](const KernelContext& context) {
        const Array& out = context.outputs[0];
        const auto* x = context.inputs[0].as<const float>();
        auto* y = out.as<float>();
        parallelFor(context.threads, storedElements(out.type, out.layout), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
#pragma GCC ivdep
                for (std::int64_t i = begin; i < end; ++i)
                    y[i] = function(x[i]);
            });
        });
    })};
}

/// y[i] = function(a[i], b[i]); a and b have y's shape.
template <class Function> std::vector<KernelOption> pairOptions(const KernelRequest& request, Function function)
{
    if (!allFloat32(request))
        return {};
    return {rowMajorOption(request, "elementwise", elementwiseMicroseconds(request), [function](const KernelContext& context) {
        const Array& out = context.outputs[0];
        const auto* a = context.inputs[0].as<const float>();
        const auto* b = context.inputs[1].as<const float>();
        auto* y = out.as<float>();
        parallelFor(context.threads, storedElements(out.type, out.layout), parallelGrain, [=](std::int64_t begin, std::int64_t end) {
            simdRun([=] {
#pragma GCC ivdep
                for (std::int64_t i = begin; i < end; ++i)
                    y[i] = function(a[i], b[i]);
            });
        });
    })};
}

} // namespace weft
