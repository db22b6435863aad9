#include <cmath>

#include "core/ops/fused/fused.h"
#include "core/ops/pool/pool_cuda.h"
#include "core/ops/pool/pool_lanes.h"

namespace weft {

namespace {

/// Calls Kernel::each<lanes, T>(context, grid, …) with as many lanes as 16 bytes hold, where channels lie side by side.
template <class Kernel, class T, class... More> void inLanes(const KernelContext& context, const PoolGrid& grid, More... more)
{
    if (grid.isInLanes<T>())
        Kernel::template each<lanesAtOnce<T>, T>(context, grid, more...);
    else
        Kernel::template each<1, T>(context, grid, more...);
}

/// The first maximum of each window, a NaN before all; where the relu does not cut it off also the number of its tap.
struct MaxPoolKernel {
    template <int lanes, class T> static void each(const KernelContext& context, const PoolGrid& grid, bool relu, std::uint8_t* index)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachSpot<lanes>(context, grid, grid.out, [=] WEFT_DEVICE(const PoolSpot& spot) {
            float largest[lanes] = {};
            int best[lanes] = {};
            bool isFirst = true;
            forEachTap(grid, spot, [&](int tap, std::int64_t place) {
                const Lanes<T, lanes> values = lanesAt<lanes>(x + place);
                for (int lane = 0; lane < lanes; ++lane) {
                    const float value = static_cast<float>(values.at[lane]);
                    // So is a NaN; one that has been found stays.
                    const bool isLarger = !(value <= largest[lane]) && !std::isnan(largest[lane]);
                    if (isFirst || isLarger) {
                        largest[lane] = value;
                        best[lane] = tap;
                    }
                }
                isFirst = false;
            });
            Lanes<T, lanes> result;
            Lanes<std::uint8_t, lanes> taps;
            for (int lane = 0; lane < lanes; ++lane) {
                const bool isCut = relu && !(largest[lane] > 0.0f);
                taps.at[lane] = isCut ? noTap : static_cast<std::uint8_t>(best[lane]);
                result.at[lane] = static_cast<T>(isCut && !std::isnan(largest[lane]) ? 0.0f : largest[lane]);
            }
            const std::int64_t place = placeIn(grid.out, grid.inner, spot);
            if (index)
                putLanes(index + place, taps);
            putLanes(y + place, result);
        });
    }
};

struct MaxPoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        inLanes<MaxPoolKernel, T>(context, PoolGrid(context.inputs[0], context.outputs[0], attributes), false, static_cast<std::uint8_t*>(nullptr));
    }
};

struct IndexedMaxPoolCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        std::uint8_t* index = attributes.flag("hasIndex") ? outputData<std::uint8_t>(context, 1) : nullptr;
        inLanes<MaxPoolKernel, T>(context, PoolGrid(context.inputs[0], context.outputs[0], attributes), attributes.flag("relu"), index);
    }
};

struct IndexedMaxPoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        inLanes<IndexedMaxPoolGradientCuda, T>(context, PoolGrid(context.outputs[0], context.inputs[0], attributes));
    }

    template <int lanes, class T> static void each(const KernelContext& context, const PoolGrid& grid)
    {
        const PoolOver windows(grid);
        const T* dy = inputData<T>(context, 0);
        const std::uint8_t* index = inputData<std::uint8_t>(context, 1);
        T* dx = outputData<T>(context);
        forEachSpot<lanes>(context, grid, grid.in, [=] WEFT_DEVICE(const PoolSpot& spot) {
            float sums[lanes] = {};
            windows.forEachWindowOver(spot, [&](int tap, std::int64_t place, const int(&)[3]) {
                const Lanes<std::uint8_t, lanes> taps = lanesAt<lanes>(index + place);
                const Lanes<T, lanes> slopes = lanesAt<lanes>(dy + place);
                for (int lane = 0; lane < lanes; ++lane)
                    sums[lane] += taps.at[lane] == tap ? static_cast<float>(slopes.at[lane]) : 0.0f;
            });
            Lanes<T, lanes> result;
            for (int lane = 0; lane < lanes; ++lane)
                result.at[lane] = static_cast<T>(sums[lane]);
            putLanes(dx + placeIn(windows.in, windows.inner, spot), result);
        });
    }
};

/// For windows of so many taps that a byte does not number them: looks for the maximum of each window again.
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
        inLanes<AveragePoolCuda, T>(context, PoolGrid(context.inputs[0], context.outputs[0], attributes), attributes.flag("countPadding"));
    }

    template <int lanes, class T> static void each(const KernelContext& context, const PoolGrid& grid, bool countPadding)
    {
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        forEachSpot<lanes>(context, grid, grid.out, [=] WEFT_DEVICE(const PoolSpot& spot) {
            float sums[lanes] = {};
            forEachTap(grid, spot, [&](int, std::int64_t place) {
                const Lanes<T, lanes> values = lanesAt<lanes>(x + place);
                for (int lane = 0; lane < lanes; ++lane)
                    sums[lane] += static_cast<float>(values.at[lane]);
            });
            int count = 1;
            for (int axis = 0; axis < 3; ++axis)
                count *= grid.countOf(axis, spot.position[axis], countPadding);
            Lanes<T, lanes> means;
            for (int lane = 0; lane < lanes; ++lane)
                means.at[lane] = static_cast<T>(sums[lane] / static_cast<float>(count));
            putLanes(y + placeIn(grid.out, grid.inner, spot), means);
        });
    }
};

struct AveragePoolGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Spatial;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        inLanes<AveragePoolGradientCuda, T>(context, PoolGrid(context.outputs[0], context.inputs[0], attributes), attributes.flag("countPadding"));
    }

    template <int lanes, class T> static void each(const KernelContext& context, const PoolGrid& grid, bool countPadding)
    {
        const PoolOver windows(grid);
        const T* dy = inputData<T>(context, 0);
        T* dx = outputData<T>(context);
        forEachSpot<lanes>(context, grid, grid.in, [=] WEFT_DEVICE(const PoolSpot& spot) {
            float sums[lanes] = {};
            windows.forEachWindowOver(spot, [&](int, std::int64_t place, const int(&position)[3]) {
                int count = 1;
                for (int axis = 0; axis < 3; ++axis)
                    count *= windows.countOf(axis, position[axis], countPadding);
                const float share = 1.0f / static_cast<float>(count);
                const Lanes<T, lanes> slopes = lanesAt<lanes>(dy + place);
                for (int lane = 0; lane < lanes; ++lane)
                    sums[lane] += static_cast<float>(slopes.at[lane]) * share;
            });
            Lanes<T, lanes> result;
            for (int lane = 0; lane < lanes; ++lane)
                result.at[lane] = static_cast<T>(sums[lane]);
            putLanes(dx + placeIn(windows.in, windows.inner, spot), result);
        });
    }
};

} // namespace

void poolCudaKernels(KernelTable& table)
{
    addStoredCuda<MaxPoolCuda>(table, "MaxPool");
    addStoredCuda<MaxPoolGradientCuda>(table, "MaxPoolGradient");
    addStoredCuda<IndexedMaxPoolCuda>(table, "IndexedMaxPool");
    addStoredCuda<IndexedMaxPoolGradientCuda>(table, "IndexedMaxPoolGradient");
    addStoredCuda<AveragePoolCuda>(table, "AveragePool");
    addStoredCuda<AveragePoolGradientCuda>(table, "AveragePoolGradient");
}

} // namespace weft
