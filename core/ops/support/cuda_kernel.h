#pragma once

#include "core/device/cuda/parallel.h"
#include "core/ops/support/reference.h"

namespace weft {

// What the CUDA kernels of ops share. A kernel is a struct with `static void run(context, attributes)`, as references
// are; sizes and places are worked out on the host and carried into the bodies by value. nvcc takes no body that stands in
// a private function.

/// Where element `flat` of an array of `extents` lies in one of other strides.
struct Places {
    int rank = 0;
    std::int64_t extents[maxRank] = {};
    std::int64_t strides[maxRank] = {};

    Places(const Extents& shape, const Index& of) : rank(static_cast<int>(shape.size()))
    {
        for (int i = 0; i < rank; ++i) {
            extents[i] = shape[static_cast<std::size_t>(i)];
            strides[i] = of[static_cast<std::size_t>(i)];
        }
    }
    constexpr std::int64_t at(std::int64_t flat) const
    {
        std::int64_t place = 0;
        for (int i = rank; i-- > 0;) {
            place += flat % extents[i] * strides[i];
            flat /= extents[i];
        }
        return place;
    }
};

/// The factory of `Kernel::run` for float32. A Kernel may ask for scratch with `static std::size_t scratchBytes(const KernelRequest&)`.
template <class Kernel> std::vector<KernelOption> cudaFactory(const KernelRequest& request)
{
    if (computeType(request) != DType::Float32)
        return {};
    std::size_t scratch = 0;
    if constexpr (requires { Kernel::scratchBytes(request); })
        scratch = Kernel::scratchBytes(request);
    return {rowMajorOption(
        request, "cuda", 1.0, [attributes = request.attributes](const KernelContext& context) { Kernel::run(context, attributes); }, scratch)};
}

/// The same for ops that only move elements: `Kernel::run<T>` for an unsigned T of the element's size.
template <class Kernel> std::vector<KernelOption> movingCudaFactory(const KernelRequest& request)
{
    const auto with = [&](void (*run)(const KernelContext&, const Attributes&)) {
        return std::vector<KernelOption>{
            rowMajorOption(request, "cuda", 1.0, [run, attributes = request.attributes](const KernelContext& context) { run(context, attributes); })};
    };
    switch (sizeOf(request.inputs[0].dtype)) {
    case 1: return with(&Kernel::template run<std::uint8_t>);
    case 2: return with(&Kernel::template run<std::uint16_t>);
    case 4: return with(&Kernel::template run<std::uint32_t>);
    default: return with(&Kernel::template run<std::uint64_t>);
    }
}

template <class Kernel> void addCuda(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Cuda, op, &cudaFactory<Kernel>);
}
template <class Kernel> void addMovingCuda(KernelTable& table, const char* op)
{
    table.add(DeviceKind::Cuda, op, &movingCudaFactory<Kernel>);
}

} // namespace weft
