#include "core/ops/reduce/reduce_ref.h"
#include "core/ops/support/cuda_sum.h"

namespace weft {

namespace {

Extents keptOf(const Array& array, const Attributes& attributes)
{
    Extents kept = array.type.extents;
    for (const std::int64_t axis : attributes.integers("axes"))
        kept[static_cast<std::size_t>(axis)] = 1;
    return kept;
}

Groups groupsOf(const Array& array, const Array& results, const Attributes& attributes)
{
    return Groups(array, keptOf(array, attributes), results.layout);
}

template <bool isMean> struct ReduceSumCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Groups groups = groupsOf(context.inputs[0], context.outputs[0], attributes);
        sumGroups(context, groups, isMean ? 1.0 / static_cast<double>(groups.size) : 1.0);
    }
};

struct ReduceMeanGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Array &dy = context.inputs[0], &dx = context.outputs[0];
        const Places places = stretchedPlaces({nullptr, {DType::Float32, keptOf(dx, attributes)}, dy.layout}, dx);
        const float share = static_cast<float>(dy.count()) / static_cast<float>(dx.count());
        const float* from = dy.as<float>();
        float* to = dx.as<float>();
        forEach(context, dx.count(), [=] WEFT_DEVICE(std::int64_t i) { to[i] = from[places.at(i)] * share; });
    }
};

struct ReduceMaxCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Groups groups = groupsOf(context.inputs[0], context.outputs[0], attributes);
        const float* x = inputData<float>(context, 0);
        float* y = outputData<float>(context);
        if (isThreadEnough(context.inputs[0], groups)) {
            forEach(context, groups.count, [=] WEFT_DEVICE(std::int64_t group) {
                float best = -std::numeric_limits<float>::infinity();
                for (std::int64_t i = 0; i < groups.size; ++i) {
                    const float value = x[groups.at(group, i)];
                    best = value > best || std::isnan(value) ? value : best;
                }
                y[group] = best;
            });
            return;
        }
        forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
            float best = -std::numeric_limits<float>::infinity();
            for (std::int64_t i = team.index(); i < groups.size; i += team.size()) {
                const float value = x[groups.at(group, i)];
                best = value > best || std::isnan(value) ? value : best;
            }
            best = team.max(best);
            if (team.index() == 0)
                y[group] = best;
        });
    }
};

/// The first maximum gets the gradient.
struct ReduceMaxGradientCuda {
    static constexpr auto channelsLast = ChannelsLast::Whole;
    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const Groups groups = groupsOf(context.inputs[1], context.inputs[2], attributes);
        const float *dy = inputData<float>(context, 0), *x = inputData<float>(context, 1), *y = inputData<float>(context, 2);
        float* dx = outputData<float>(context);
        forEachTeam(context, groups.count, groups.size, [=] WEFT_DEVICE(std::int64_t group, const Team& team) {
            std::int64_t first = groups.size;
            for (std::int64_t i = team.index(); i < groups.size; i += team.size())
                first = i < first && x[groups.at(group, i)] == y[group] ? i : first;
            first = team.min(first);
            for (std::int64_t i = team.index(); i < groups.size; i += team.size())
                dx[groups.at(group, i)] = i == first ? dy[group] : 0.0f;
        });
    }
};

} // namespace

void reduceCudaKernels(KernelTable& table)
{
    addCuda<ReduceSumCuda<false>>(table, "ReduceSum");
    addCuda<ReduceSumCuda<true>>(table, "ReduceMean");
    addCuda<ReduceMeanGradientCuda>(table, "ReduceMeanGradient");
    addCuda<ReduceMaxCuda>(table, "ReduceMax");
    addCuda<ReduceMaxGradientCuda>(table, "ReduceMaxGradient");
}

} // namespace weft
