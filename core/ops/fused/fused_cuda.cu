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
    if (!takesProduct(request) || request.inputs[2].dtype != request.outputs[0].dtype)
        return {};
    return {rowMajorOption(request, "cublas", 1.0, [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        Product product = productOf(context, attributes, precision);
        product.bias = context.inputs[2].data;
        product.relu = attributes.flag("relu");
        multiply(context, product, context.inputs[0].data, context.inputs[1].data, context.outputs[0].data);
    })};
}

std::vector<KernelOption> fusedConv(const KernelRequest& request)
{
    return convOptions(request, request.attributes.flag("relu"));
}

struct IndexedMaxPoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.inputs[0], context.outputs[0], attributes);
        const bool relu = attributes.flag("relu");
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        std::uint8_t* index = attributes.flag("hasIndex") ? outputData<std::uint8_t>(context, 1) : nullptr;
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofY.numberAt(i);
            const PooledPlane<T> plane = places.planeUnder(x, number);
            const std::int64_t best = places.firstMaximum(plane, places.windowOf(number));
            const float largest = plane[best];
            if (index)
                index[i] = relu && !(largest > 0.0f) ? noTap : IndexedMaxPoolReference::tapAt(places, number, best);
            y[i] = static_cast<T>(!relu || largest > 0.0f || std::isnan(largest) ? largest : 0.0f);
        });
    }
};

struct IndexedMaxPoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.outputs[0], context.inputs[0], attributes);
        const T* dy = inputData<T>(context, 0);
        const std::uint8_t* index = inputData<std::uint8_t>(context, 1);
        T* dx = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofX.numberAt(i);
            float sum = 0;
            places.forEachWindowOver(number, [&](std::int64_t from, const PoolSizes::Window&) {
                const std::int64_t at = places.ofY.placeOf(from);
                if (index[at] != noTap && index[at] == IndexedMaxPoolReference::tapAt(places, from, number % places.ofX.area))
                    sum += static_cast<float>(dy[at]);
            });
            dx[i] = static_cast<T>(sum);
        });
    }
};

} // namespace

void fusedCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "FusedMatMul", &fusedMatMul);
    table.add(DeviceKind::Cuda, "FusedConv", &fusedConv);
    addStoredCuda<IndexedMaxPoolCuda>(table, "IndexedMaxPool");
    addStoredCuda<IndexedMaxPoolGradientCuda>(table, "IndexedMaxPoolGradient");
}

} // namespace weft
