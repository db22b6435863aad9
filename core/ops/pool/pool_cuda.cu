#include "core/ops/pool/pool_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

PoolSizes sizesOf(const Array& x, const Array& y, const Attributes& attributes)
{
    return PoolSizes(x.type.extents, y.type.extents, attributes);
}

/// What an average divides by.
WEFT_DEVICE inline float countOf(const PoolSizes::Window& window, bool countPadding)
{
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < 3; ++axis)
        count *= window.end[axis] - window.begin[axis];
    return static_cast<float>(countPadding ? window.area : count);
}

struct MaxPoolCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes = sizesOf(context.inputs[0], context.outputs[0], attributes);
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const float* plane = x + sizes.planeOf(i);
            y[i] = plane[sizes.firstMaximum(plane, sizes.windowOf(i))];
        });
    }
};

// Gradients gather: each element of x asks the windows over it, in a fixed order, so that no two threads add to one place.

struct MaxPoolGradientCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes = sizesOf(context.outputs[0], context.inputs[0], attributes);
        const float *dy = inputData<float>(context, 0), *x = inputData<float>(context, 1);
        float* dx = outputData<float>(context);
        const std::int64_t area = sizes.in[0] * sizes.in[1] * sizes.in[2];
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t place = i % area;
            const float* plane = x + (i - place);
            float sum = 0;
            sizes.forEachWindowOver(i, [&](std::int64_t from, const PoolSizes::Window& window) {
                if (sizes.firstMaximum(plane, window) == place)
                    sum += dy[from];
            });
            dx[i] = sum;
        });
    }
};

struct AveragePoolCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes = sizesOf(context.inputs[0], context.outputs[0], attributes);
        const bool countPadding = attributes.flag("countPadding");
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const float* plane = x + sizes.planeOf(i);
            const PoolSizes::Window window = sizes.windowOf(i);
            float sum = 0;
            sizes.forEachElement(window, [&](std::int64_t at) { sum += plane[at]; });
            y[i] = sum / countOf(window, countPadding);
        });
    }
};

struct AveragePoolGradientCuda {
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolSizes sizes = sizesOf(context.outputs[0], context.inputs[0], attributes);
        const bool countPadding = attributes.flag("countPadding");
        const float* dy = inputData<float>(context, 0);
        float* dx = outputData<float>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            float sum = 0;
            sizes.forEachWindowOver(
                i, [&](std::int64_t from, const PoolSizes::Window& window) { sum += dy[from] / countOf(window, countPadding); });
            dx[i] = sum;
        });
    }
};

} // namespace

void poolCudaKernels(KernelTable& table)
{
    addCuda<MaxPoolCuda>(table, "MaxPool");
    addCuda<MaxPoolGradientCuda>(table, "MaxPoolGradient");
    addCuda<AveragePoolCuda>(table, "AveragePool");
    addCuda<AveragePoolGradientCuda>(table, "AveragePoolGradient");
}

} // namespace weft
