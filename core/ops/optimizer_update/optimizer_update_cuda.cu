#include <algorithm>
#include <cstdint>
#include <variant>

#include "core/base/error.h"
#include "core/ops/optimizer_update/optimizer_update_ref.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

/// The numbers and flags of an update op, for a rule that is made on the card, where the learning rate is.
class RuleNumbers {
public:
    explicit RuleNumbers(const Attributes& attributes)
    {
        for (const auto& [name, value] : attributes.entries()) {
            if (const double* number = std::get_if<double>(&value))
                add(name, *number);
            else if (const bool* flag = std::get_if<bool>(&value))
                add(name, *flag ? 1.0 : 0.0);
        }
    }
    /// A card finds it by a number that the compiler makes of the name: letters would cost it microseconds.
    constexpr double real(const char* name) const
    {
        const std::uint64_t key = keyOf(name);
        double found = 0.0;
        for (int i = 0; i < most; ++i)
            found = m_keys[i] == key ? m_values[i] : found;
        return found;
    }
    constexpr bool flag(const char* name) const { return real(name) != 0.0; }

private:
    static constexpr int most = 16;

    /// On a card: the compiler has no string_view there, and would leave out all that comes after one without a word.
    static constexpr std::uint64_t keyOf(const char* name)
    {
        std::uint64_t key = 1;
        for (; *name; ++name)
            key = key * 131 + static_cast<std::uint64_t>(*name);
        return key;
    }
    void add(const std::string& name, double value)
    {
        const std::uint64_t key = keyOf(name.c_str());
        if (m_count == most || std::find(m_keys, m_keys + m_count, key) != m_keys + m_count)
            throw Error(WEFT_TEXT("Cuda", "An optimizer has more numbers than its kernel takes."));
        m_keys[m_count] = key;
        m_values[m_count++] = value;
    }

    std::uint64_t m_keys[most] = {}; ///< no name has 0
    double m_values[most] = {};
    int m_count = 0;
};

constexpr int groupWidth = lanesAtOnce<float>; ///< elements that a thread takes
using FourFloats = Lanes<float, groupWidth>;

/// One target of an update: where its numbers are, and which of the launch's groups are its own.
struct Target {
    float* weights;
    const float* gradient;
    float* slots[2];
    const std::int32_t* places; ///< null: the gradient is whole
    std::int64_t width, count, firstGroup;

    /// The slope of element i.
    WEFT_DEVICE float slopeAt(std::int64_t i) const
    {
        if (!places)
            return gradient[i];
        const std::int64_t row = i / width, place = places[row];
        return place < 0 ? 0.0f : gradient[place * width + i - row * width];
    }
    /// Those of a group.
    WEFT_DEVICE FourFloats slopesAt(std::int64_t first) const
    {
        if (!places)
            return lanesAt<groupWidth>(gradient + first);
        FourFloats slopes{};
        if (width % groupWidth == 0) {
            const std::int64_t row = first / width, place = places[row];
            return place < 0 ? slopes : lanesAt<groupWidth>(gradient + place * width + first - row * width);
        }
        for (int lane = 0; lane < groupWidth; ++lane)
            slopes.at[lane] = slopeAt(first + lane);
        return slopes;
    }
};

/// As many targets as fit into the parameters of a launch.
struct Targets {
    static constexpr int most = 48;
    int count = 0;
    std::int64_t groups = 0;
    Target targets[most];
};

/// A rule for a target, made anew in each step.
template <class Rule> struct ReadyRule {
    Rule rule;
    Penalty<float> penalty;
};

template <template <class> class RuleOf> struct OptimizerCuda {
    using Rule = RuleOf<float>;
    using Ready = ReadyRule<Rule>;

    static std::size_t scratchBytes(const KernelRequest& request)
    {
        return request.attributes.get<std::vector<double>>("rateFactors").size() * sizeof(Ready);
    }

    static void run(const KernelContext& context, const Attributes& attributes)
    {
        const auto& factors = attributes.get<std::vector<double>>("rateFactors");
        const UpdateInputs inputs(context, attributes, Rule::slots);
        auto* rules = static_cast<Ready*>(context.scratch);
        for (std::size_t begin = 0; begin < factors.size(); begin += Targets::most) {
            const std::size_t end = std::min(factors.size(), begin + Targets::most);
            makeRules(context, attributes, begin, end, rules + begin);
            update(context, targetsOf(inputs, begin, end), rules + begin);
        }
    }

    struct Factors {
        double rate[Targets::most];
        bool decays[Targets::most];
    };

    static void makeRules(const KernelContext& context, const Attributes& attributes, std::size_t begin, std::size_t end, Ready* rules)
    {
        Factors factors{};
        for (std::size_t t = begin; t < end; ++t) {
            factors.rate[t - begin] = attributes.get<std::vector<double>>("rateFactors")[t];
            factors.decays[t - begin] = attributes.integers("decays")[t] != 0;
        }
        const RuleNumbers numbers(attributes);
        const float* learningRate = inputData<float>(context, 0);
        const float* gradientScale = attributes.flag("isScaled") ? inputData<float>(context, 1) : nullptr;
        const float* skipped = gradientScale && context.inputs[1].count() == 2 ? gradientScale + 1 : nullptr;
        const StepState* state = queueOf(context).state;
        forEach(context, static_cast<std::int64_t>(end - begin), [=] WEFT_DEVICE(std::int64_t i) {
            const double rate = static_cast<double>(*learningRate) * factors.rate[i];
            const double scale = gradientScale ? static_cast<double>(*gradientScale) : 1.0;
            const auto number
                = static_cast<double>(state->update > 0 ? state->update : state->step) - (skipped ? static_cast<double>(*skipped) : 0.0);
            rules[i] = {Rule(numbers, rate, number), Penalty<float>(numbers, rate, scale, factors.decays[i])};
        });
    }

    static Targets targetsOf(const UpdateInputs& inputs, std::size_t begin, std::size_t end)
    {
        Targets all;
        for (std::size_t t = begin; t < end; ++t) {
            const RowGradient<float> rows = inputs.rows<float>(t, nullptr);
            const std::array<float*, 2> slots = inputs.slots<float>(t);
            const std::int64_t count = inputs.count(t);
            all.targets[all.count++]
                = {inputs.weights<float>(t), inputs.gradient<float>(t), {slots[0], slots[1]}, rows.places, rows.width, count, all.groups};
            all.groups += (count + groupWidth - 1) / groupWidth;
        }
        return all;
    }

    static void update(const KernelContext& context, const Targets& all, const Ready* rules)
    {
        forEach(context, all.groups, [=] WEFT_DEVICE(std::int64_t group) {
            const int t = partWith(all.count, group, [&](int part) { return all.targets[part].firstGroup; });
            if (rules[t].penalty.scale < 0.0f)
                return; // The step is skipped.
            const Target& target = all.targets[t];
            const std::int64_t first = (group - target.firstGroup) * groupWidth;
            if (first + groupWidth <= target.count)
                return updateGroup(rules[t], target, first);
            for (std::int64_t i = first; i < target.count; ++i)
                updateOne(rules[t], target, i);
        });
    }

    WEFT_DEVICE static void updateGroup(const Ready& ready, const Target& target, std::int64_t first)
    {
        FourFloats weights = lanesAt<groupWidth>(target.weights + first), slots[2] = {};
        const FourFloats slopes = target.slopesAt(first);
        for (int slot = 0; slot < static_cast<int>(Rule::slots); ++slot)
            slots[slot] = lanesAt<groupWidth>(target.slots[slot] + first);
        updateElements<false>(ready.rule, ready.penalty, weights.at, slopes.at, std::array<float*, 2>{slots[0].at, slots[1].at}, 0, groupWidth);
        putLanes(target.weights + first, weights);
        for (int slot = 0; slot < static_cast<int>(Rule::slots); ++slot)
            putLanes(target.slots[slot] + first, slots[slot]);
    }

    WEFT_DEVICE static void updateOne(const Ready& ready, const Target& target, std::int64_t i)
    {
        const float slope = target.slopeAt(i);
        const std::array<float*, 2> slots{Rule::slots > 0 ? target.slots[0] + i : nullptr, Rule::slots > 1 ? target.slots[1] + i : nullptr};
        updateElements<false>(ready.rule, ready.penalty, target.weights + i, &slope, slots, 0, 1);
    }
};

/// Rate and scale come as the trainer feeds them.
template <template <class> class Rule> std::vector<KernelOption> options(const KernelRequest& request)
{
    const bool isSingle
        = request.inputs[0].dtype == DType::Float32 && (!request.attributes.flag("isScaled") || request.inputs[1].dtype == DType::Float32);
    return isSingle ? cudaFactory<OptimizerCuda<Rule>>(request) : std::vector<KernelOption>();
}

} // namespace

void optimizerUpdateCudaKernels(KernelTable& table)
{
    forEachOptimizerRule([&]<template <class> class Rule>() { table.add(DeviceKind::Cuda, Rule<float>::op, &options<Rule>); });
}

} // namespace weft
