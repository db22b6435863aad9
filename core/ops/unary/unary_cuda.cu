#include <algorithm>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"
#include "core/device/kernel_table.h"

namespace weft {

namespace {

constexpr int threadsPerBlock = 256;

/// Blocks for a grid-stride loop over `count` elements: enough to fill a card, never more than needed.
int blocksFor(std::int64_t count)
{
    constexpr std::int64_t most = 132 * 16;
    return static_cast<int>(std::clamp<std::int64_t>((count + threadsPerBlock - 1) / threadsPerBlock, 1, most));
}

template <class Function> __global__ void mapElements(const float* x, float* y, std::int64_t count, Function function)
{
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride)
        y[i] = function(x[i]);
}

template <class Function>
__global__ void mapGradient(const float* dy, const float* y, float* dx, std::int64_t count, Function function)
{
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride)
        dx[i] = function(dy[i], y[i]);
}

struct Relu { __device__ float operator()(float x) const { return x > 0.0f ? x : 0.0f; } };
struct Sigmoid { __device__ float operator()(float x) const { return 1.0f / (1.0f + expf(-x)); } };
struct Tanh { __device__ float operator()(float x) const { return tanhf(x); } };
struct Exp { __device__ float operator()(float x) const { return expf(x); } };
struct Log { __device__ float operator()(float x) const { return logf(x); } };
struct Sqrt { __device__ float operator()(float x) const { return sqrtf(x); } };
struct Square { __device__ float operator()(float x) const { return x * x; } };
struct Negate { __device__ float operator()(float x) const { return -x; } };
struct Affine {
    float scale;
    float shift;
    __device__ float operator()(float x) const { return scale * x + shift; }
};
struct ReluGradient { __device__ float operator()(float dy, float y) const { return y > 0.0f ? dy : 0.0f; } };
struct SigmoidGradient { __device__ float operator()(float dy, float y) const { return dy * y * (1.0f - y); } };
struct TanhGradient { __device__ float operator()(float dy, float y) const { return dy * (1.0f - y * y); } };

bool isFloat32(const KernelRequest& request)
{
    const auto isOne = [](const ArrayType& type) { return type.dtype == DType::Float32; };
    return std::all_of(request.inputs.begin(), request.inputs.end(), isOne) && std::all_of(request.outputs.begin(), request.outputs.end(), isOne);
}

template <class Function> std::vector<KernelOption> mapOption(const KernelRequest& request, Function function)
{
    if (!isFloat32(request))
        return {};
    return {rowMajorOption(request, "cuda:map", 3.0, [function](const KernelContext& context) {
        const std::int64_t count = context.outputs[0].count();
        mapElements<<<blocksFor(count), threadsPerBlock, 0, static_cast<cudaStream_t>(context.stream)>>>(context.inputs[0].as<float>(),
                                                                                                        context.outputs[0].as<float>(), count, function);
        checkCuda(cudaGetLastError(), "an elementwise kernel");
    })};
}

template <class Function> std::vector<KernelOption> mapFactory(const KernelRequest& request)
{
    return mapOption(request, Function{});
}

std::vector<KernelOption> affineFactory(const KernelRequest& request)
{
    return mapOption(request, Affine{static_cast<float>(request.attributes.real("scale")), static_cast<float>(request.attributes.real("shift"))});
}

template <class Function> std::vector<KernelOption> gradientFactory(const KernelRequest& request)
{
    if (!isFloat32(request))
        return {};
    return {rowMajorOption(request, "cuda:map", 3.0, [](const KernelContext& context) {
        const std::int64_t count = context.outputs[0].count();
        mapGradient<<<blocksFor(count), threadsPerBlock, 0, static_cast<cudaStream_t>(context.stream)>>>(
            context.inputs[0].as<float>(), context.inputs[1].as<float>(), context.outputs[0].as<float>(), count, Function{});
        checkCuda(cudaGetLastError(), "an elementwise gradient kernel");
    })};
}

} // namespace

void unaryCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "Relu", mapFactory<Relu>);
    table.add(DeviceKind::Cuda, "Sigmoid", mapFactory<Sigmoid>);
    table.add(DeviceKind::Cuda, "Tanh", mapFactory<Tanh>);
    table.add(DeviceKind::Cuda, "Exp", mapFactory<Exp>);
    table.add(DeviceKind::Cuda, "Log", mapFactory<Log>);
    table.add(DeviceKind::Cuda, "Sqrt", mapFactory<Sqrt>);
    table.add(DeviceKind::Cuda, "Square", mapFactory<Square>);
    table.add(DeviceKind::Cuda, "Negate", mapFactory<Negate>);
    table.add(DeviceKind::Cuda, "Affine", affineFactory);
    table.add(DeviceKind::Cuda, "ReluGradient", gradientFactory<ReluGradient>);
    table.add(DeviceKind::Cuda, "SigmoidGradient", gradientFactory<SigmoidGradient>);
    table.add(DeviceKind::Cuda, "TanhGradient", gradientFactory<TanhGradient>);
}

} // namespace weft
