#include "core/ops/reduce/reduce_ref.h"
#include "core/ops/support/cuda_sum.h"

namespace weft {

namespace {

Extents keptOf(const ArrayType& type, const Attributes& attributes)
{
    Extents kept = type.extents;
    for (const std::int64_t axis : attributes.integers("axes"))
        kept[static_cast<std::size_t>(axis)] = 1;
    return kept;
}

Groups groupsOf(const Array& array, const Array& results, const Attributes& attributes)
{
    return Groups(array, keptOf(array.type, attributes), results.layout);
}

template <bool isMean> struct ReduceSumCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return sumScratchBytes(request.inputs[0].extents, keptOf(request.inputs[0], request.attributes));
    }
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array& x = context.inputs[0];
        const Extents kept = keptOf(x.type, attributes);
        const std::int64_t results = elementCount(kept);
        sumGroups<T>(context, kept, isMean && results > 0 ? static_cast<double>(results) / static_cast<double>(x.count()) : 1.0);
    }
};

struct ReduceMeanGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array &dy = context.inputs[0], &dx = context.outputs[0];
        const Places places = stretchedPlaces({nullptr, {dx.type.dtype, keptOf(dx.type, attributes)}, dy.layout}, dx);
        const float share = static_cast<float>(dy.count()) / static_cast<float>(dx.count());
        mapPlaces(context, dx.count(), dx.as<T>(), dy.as<const T>(), places,
                  [=] WEFT_DEVICE(T slope) { return static_cast<T>(static_cast<float>(slope) * share); });
    }
};

struct ReduceMaxCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Groups groups = groupsOf(context.inputs[0], context.outputs[0], attributes);
        const T* x = inputData<T>(context, 0);
        T* y = outputData<T>(context);
        if (isThreadEnough(context.inputs[0], groups)) {
            forEach(context, groups.count, [=] WEFT_DEVICE(std::int64_t group) {
                const T* of = x + groups.ofGroup.at(group);
                float best = -std::numeric_limits<float>::infinity();
                for (std::int64_t i = 0; i < groups.size; ++i) {
                    const float value = of[groups.within.at(i)];
                    best = value > best || std::isnan(value) ? value : best;
                }
                y[group] = static_cast<T>(best);
            });
            return;
        }
        forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
            const T* of = x + groups.ofGroup.at(group);
            float best = -std::numeric_limits<float>::infinity();
            for (std::int64_t i = team.index(); i < groups.size; i += team.size()) {
                const float value = of[groups.within.at(i)];
                best = value > best || std::isnan(value) ? value : best;
            }
            best = team.max(best);
            if (team.index() == 0)
                y[group] = static_cast<T>(best);
        });
    }
};

/// The first maximum gets the gradient.
struct ReduceMaxGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    template <class T> static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Groups groups = groupsOf(context.inputs[1], context.inputs[2], attributes);
        const T *dy = inputData<T>(context, 0), *x = inputData<T>(context, 1), *y = inputData<T>(context, 2);
        T* dx = outputData<T>(context);
        forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
            const std::int64_t place = groups.ofGroup.at(group);
            const T* of = x + place;
            std::int64_t first = groups.size;
            for (std::int64_t i = team.index(); i < groups.size; i += team.size())
                first = i < first && of[groups.within.at(i)] == y[group] ? i : first;
            first = team.min(first);
            for (std::int64_t i = team.index(); i < groups.size; i += team.size())
                dx[place + groups.within.at(i)] = i == first ? dy[group] : static_cast<T>(0.0f);
        });
    }
};

} // namespace

void reduceCudaKernels(KernelTable& table)
{
    addStoredCuda<ReduceSumCuda<false>>(table, "ReduceSum");
    addStoredCuda<ReduceSumCuda<true>>(table, "ReduceMean");
    addStoredCuda<ReduceMeanGradientCuda>(table, "ReduceMeanGradient");
    addStoredCuda<ReduceMaxCuda>(table, "ReduceMax");
    addStoredCuda<ReduceMaxGradientCuda>(table, "ReduceMaxGradient");
}

} // namespace weft
