#include <cstring>
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
    constexpr double real(const char* name) const
    {
        for (int i = 0; i < m_count; ++i) {
            if (isSame(m_entries[i].name, name))
                return m_entries[i].value;
        }
        return 0.0;
    }
    constexpr bool flag(const char* name) const { return real(name) != 0.0; }

private:
    static constexpr int most = 16;
    struct Entry {
        char name[24] = {};
        double value = 0;
    };

    void add(const std::string& name, double value)
    {
        if (m_count == most || name.size() >= sizeof m_entries[0].name)
            throw Error(WEFT_TEXT("Cuda", "An optimizer has more numbers than its kernel takes."));
        std::memcpy(m_entries[m_count].name, name.data(), name.size());
        m_entries[m_count++].value = value;
    }
    static constexpr bool isSame(const char* a, const char* b)
    {
        while (*a && *a == *b) {
            ++a;
            ++b;
        }
        return *a == *b;
    }

    Entry m_entries[most];
    int m_count = 0;
};

/// One target of an update: where its numbers are, and which of the launch's elements are its own.
struct Target {
    float* weights;
    const float* gradient;
    float* slots[2];
    const std::int32_t* places; ///< null: the gradient is whole
    std::int64_t width, first;
};

/// As many targets as fit into the parameters of a launch.
struct Targets {
    static constexpr int most = 48;
    int count = 0;
    std::int64_t elements = 0;
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
            const auto number = static_cast<double>(state->update > 0 ? state->update : state->step) - (skipped ? static_cast<double>(*skipped) : 0.0);
            rules[i] = {Rule(numbers, rate, number), Penalty<float>(numbers, rate, scale, factors.decays[i])};
        });
    }

    static Targets targetsOf(const UpdateInputs& inputs, std::size_t begin, std::size_t end)
    {
        Targets all;
        for (std::size_t t = begin; t < end; ++t) {
            const RowGradient<float> rows = inputs.rows<float>(t, nullptr);
            const std::array<float*, 2> slots = inputs.slots<float>(t);
            all.targets[all.count++] = {inputs.weights<float>(t), inputs.gradient<float>(t), {slots[0], slots[1]}, rows.places, rows.width, all.elements};
            all.elements += inputs.count(t);
        }
        return all;
    }

    static void update(const KernelContext& context, const Targets& all, const Ready* rules)
    {
        forEach(context, all.elements, [=] WEFT_DEVICE(std::int64_t element) {
            int t = 0;
            while (t + 1 < all.count && all.targets[t + 1].first <= element)
                ++t;
            if (rules[t].penalty.scale < 0.0f)
                return; // The step is skipped.
            const Target& target = all.targets[t];
            const std::int64_t i = element - target.first;
            const float none = 0.0f;
            const float* slope = target.gradient + i;
            if (target.places) {
                const std::int64_t place = target.places[i / target.width];
                slope = place < 0 ? &none : target.gradient + place * target.width + i % target.width;
            }
            const std::array<float*, 2> slots{Rule::slots > 0 ? target.slots[0] + i : nullptr, Rule::slots > 1 ? target.slots[1] + i : nullptr};
            updateElements<false>(rules[t].rule, rules[t].penalty, target.weights + i, slope, slots, 0, 1);
        });
    }
};

/// Rate and scale come as the trainer feeds them.
template <template <class> class Rule> std::vector<KernelOption> options(const KernelRequest& request)
{
    const bool isSingle = request.inputs[0].dtype == DType::Float32 && (!request.attributes.flag("isScaled") || request.inputs[1].dtype == DType::Float32);
    return isSingle ? cudaFactory<OptimizerCuda<Rule>>(request) : std::vector<KernelOption>();
}

} // namespace

void optimizerUpdateCudaKernels(KernelTable& table)
{
    forEachOptimizerRule([&]<template <class> class Rule>() { table.add(DeviceKind::Cuda, Rule<float>::op, &options<Rule>); });
}

} // namespace weft
