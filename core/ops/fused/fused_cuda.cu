#include <cmath>

#include "core/ops/conv/conv_cuda.h"
#include "core/ops/fused/fused.h"
#include "core/ops/fused/fused_ref.h"
#include "core/ops/matmul/matmul_cuda.h"
#include "core/ops/pool/pool_cuda.h"

namespace weft {

namespace {

/// The product's own epilogue adds the bias and cuts below zero.
std::vector<KernelOption> fusedMatMul(const KernelRequest& request)
{
    if (computeType(request) != DType::Float32)
        return {};
    return {rowMajorOption(request, "cublas", 1.0, [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        Product product = productOf(context, attributes, precision);
        product.bias = inputData<float>(context, 2);
        product.relu = attributes.flag("relu");
        multiply(context, product, inputData<float>(context, 0), inputData<float>(context, 1), outputData<float>(context));
    })};
}

std::vector<KernelOption> fusedConv(const KernelRequest& request)
{
    return convOptions(request, request.attributes.flag("relu"));
}

struct IndexedMaxPoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.inputs[0], context.outputs[0], attributes);
        const bool relu = attributes.flag("relu");
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        std::uint8_t* index = attributes.flag("hasIndex") ? outputData<std::uint8_t>(context, 1) : nullptr;
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofY.numberAt(i);
            const PooledPlane plane = places.planeUnder(x, number);
            const std::int64_t best = places.firstMaximum(plane, places.windowOf(number));
            const float largest = plane[best];
            if (index)
                index[i] = relu && !(largest > 0.0f) ? noTap : IndexedMaxPoolReference::tapAt(places, number, best);
            y[i] = !relu || largest > 0.0f || std::isnan(largest) ? largest : 0.0f;
        });
    }
};

struct IndexedMaxPoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.outputs[0], context.inputs[0], attributes);
        const float* dy = inputData<float>(context, 0);
        const std::uint8_t* index = inputData<std::uint8_t>(context, 1);
        float* dx = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofX.numberAt(i);
            float sum = 0;
            places.forEachWindowOver(number, [&](std::int64_t from, const PoolSizes::Window&) {
                const std::int64_t at = places.ofY.placeOf(from);
                if (index[at] != noTap && index[at] == IndexedMaxPoolReference::tapAt(places, from, number % places.ofX.area))
                    sum += dy[at];
            });
            dx[i] = sum;
        });
    }
};

} // namespace

void fusedCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "FusedMatMul", &fusedMatMul);
    table.add(DeviceKind::Cuda, "FusedConv", &fusedConv);
    addCuda<IndexedMaxPoolCuda>(table, "IndexedMaxPool");
    addCuda<IndexedMaxPoolGradientCuda>(table, "IndexedMaxPoolGradient");
}

} // namespace weft
