#include "core/ops/pool/pool_cuda.h"

namespace weft {

namespace {

/// What an average divides by.
WEFT_DEVICE inline float countOf(const PoolSizes::Window& window, bool countPadding)
{
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < 3; ++axis)
        count *= window.end[axis] - window.begin[axis];
    return static_cast<float>(countPadding ? window.area : count);
}

struct MaxPoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.inputs[0], context.outputs[0], attributes);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofY.numberAt(i);
            const PooledPlane<T> plane = places.planeUnder(x, number);
            y[i] = static_cast<T>(plane[places.firstMaximum(plane, places.windowOf(number))]);
        });
    }
};

// Gradients gather: each element of x asks the windows over it, in a fixed order, so that no two threads add to one place.

struct MaxPoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.outputs[0], context.inputs[0], attributes);
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1);
        T* dx = outputData<T>(context);
        forEach(context, context.outputs[0].count(), [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofX.numberAt(i), place = number % places.ofX.area;
            const PooledPlane<T> plane = places.planeAround(x, number);
            float sum = 0;
            places.forEachWindowOver(number, [&](std::int64_t from, const PoolSizes::Window& window) {
                if (places.firstMaximum(plane, window) == place)
                    sum += static_cast<float>(dy[places.ofY.placeOf(from)]);
            });
            dx[i] = static_cast<T>(sum);
        });
    }
};

struct AveragePoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.inputs[0], context.outputs[0], attributes);
        if (isInLanes<T>(places.ofX))
            each<lanesAtOnce<T>, T>(context, places, attributes.flag("countPadding"));
        else
            each<1, T>(context, places, attributes.flag("countPadding"));
    }

    template <int lanes, class T> static void each(const KernelContext& context, const PoolPlaces& places, bool countPadding)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEach(context, context.outputs[0].count() / lanes, [=] WEFT_DEVICE(std::int64_t i) {
            const std::int64_t number = places.ofY.numberAt(i * lanes);
            const PooledPlane<T> plane = places.planeUnder(x, number);
            const PoolSizes::Window window = places.windowOf(number);
            float sums[lanes] = {};
            places.forEachElement(window, [&](std::int64_t at) {
                const Lanes<T, lanes> values = lanesAt<lanes>(plane.first + at * plane.stride);
                for (int lane = 0; lane < lanes; ++lane)
                    sums[lane] += static_cast<float>(values.at[lane]);
            });
            Lanes<T, lanes> means;
            for (int lane = 0; lane < lanes; ++lane)
                means.at[lane] = static_cast<T>(sums[lane] / countOf(window, countPadding));
            putLanes(y + i * lanes, means);
        });
    }
};

struct AveragePoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const PoolPlaces places(context.outputs[0], context.inputs[0], attributes);
        if (isInLanes<T>(places.ofX))
            each<lanesAtOnce<T>, T>(context, places, attributes.flag("countPadding"));
        else
            each<1, T>(context, places, attributes.flag("countPadding"));
    }

    template <int lanes, class T> static void each(const KernelContext& context, const PoolPlaces& places, bool countPadding)
    {
        const T* dy = inputData<T>(context, 0);
        T* dx = outputData<T>(context);
        forEach(context, context.outputs[0].count() / lanes, [=] WEFT_DEVICE(std::int64_t i) {
            float sums[lanes] = {};
            places.forEachWindowOver(places.ofX.numberAt(i * lanes), [&](std::int64_t from, const PoolSizes::Window& window) {
                const Lanes<T, lanes> slopes = lanesAt<lanes>(dy + places.ofY.placeOf(from));
                for (int lane = 0; lane < lanes; ++lane)
                    sums[lane] += static_cast<float>(slopes.at[lane]) / countOf(window, countPadding);
            });
            Lanes<T, lanes> result;
            for (int lane = 0; lane < lanes; ++lane)
                result.at[lane] = static_cast<T>(sums[lane]);
            putLanes(dx + i * lanes, result);
        });
    }
};

} // namespace

void poolCudaKernels(KernelTable& table)
{
    addStoredCuda<MaxPoolCuda>(table, "MaxPool");
    addStoredCuda<MaxPoolGradientCuda>(table, "MaxPoolGradient");
    addStoredCuda<AveragePoolCuda>(table, "AveragePool");
    addStoredCuda<AveragePoolGradientCuda>(table, "AveragePoolGradient");
}

} // namespace weft
