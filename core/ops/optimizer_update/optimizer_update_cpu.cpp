#include "core/device/cpu/elementwise.h"
#include "core/device/kernel_table.h"
#include "core/ops/optimizer_update/optimizer_update_ref.h"

namespace weft {

namespace {

/// Calls body(target, begin, end) for pieces of all targets in one parallel region. Each thread has its part of each
/// target, as in the product that made the gradient: what one core has just written, another would have to fetch.
/// Every other update goes backwards, so that it begins with what the last one left in the caches.
template <class Body> void forAllElements(const KernelContext& context, const UpdateInputs& inputs, std::size_t targets, const Body& body)
{
    constexpr std::int64_t line = 16; // floats that caches keep together
    constexpr std::int64_t piece = 16384;
    const bool isBackwards = static_cast<std::int64_t>(inputs.update()) % 2 == 0;
    std::int64_t total = 0;
    for (std::size_t t = 0; t < targets; ++t)
        total += inputs.count(t);
    const std::int64_t parts = std::clamp<std::int64_t>(total / (parallelGrain / 4), 1, context.threads);
    const auto runPart = [&](std::int64_t part) {
        for (std::size_t i = 0; i < targets; ++i) {
            const std::size_t t = isBackwards ? targets - 1 - i : i;
            const std::int64_t count = inputs.count(t);
            const Range lines = partOf((count + line - 1) / line, part, parts);
            const std::int64_t begin = lines.begin * line;
            const std::int64_t end = std::min(lines.end * line, count);
            const std::int64_t pieces = (end - begin + piece - 1) / piece;
            for (std::int64_t turn = 0; turn < pieces; ++turn) {
                const std::int64_t from = begin + (isBackwards ? pieces - 1 - turn : turn) * piece;
                body(t, from, std::min(from + piece, end));
            }
        }
    };
    // OpenMP may give fewer threads than parts (OMP_THREAD_LIMIT): then one takes several.
    parallelFor(context.threads, parts, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part)
            runPart(part);
    });
}

/// The numbers of each target are made anew at each run, in memory that stays.
template <class Rule> struct Update {
    explicit Update(const KernelRequest& request) :
        attributes(request.attributes), factors(attributes.get<std::vector<double>>("rateFactors")), rules(factors.size()), penalties(factors.size()),
        zeros(widestRow(attributes, request.inputs, Rule::slots))
    {
    }

    void operator()(const KernelContext& context)
    {
        const UpdateInputs inputs(context, attributes, Rule::slots);
        if (inputs.isSkipped())
            return;
        const std::vector<std::int64_t>& decays = attributes.integers("decays");
        for (std::size_t t = 0; t < factors.size(); ++t) {
            const double rate = inputs.learningRate() * factors[t];
            const bool isAsBefore = t > 0 && factors[t] == factors[t - 1];
            rules[t] = isAsBefore ? rules[t - 1] : Rule(attributes, rate, inputs.update());
            penalties[t] = isAsBefore && decays[t] == decays[t - 1] ? penalties[t - 1]
                                                                    : Penalty<float>(attributes, rate, inputs.gradientScale(), decays[t] != 0);
        }
        forAllElements(context, inputs, factors.size(), [&](std::size_t t, std::int64_t begin, std::int64_t end) {
            const Rule rule = rules[t];
            const Penalty<float> penalty = penalties[t];
            auto* p = inputs.weights<float>(t);
            const auto* g = inputs.gradient<float>(t);
            const std::array<float*, 2> slots = inputs.slots<float>(t);
            const RowGradient<float> rows = inputs.rows<float>(t, zeros.data());
            if (rows.places && penalty.isPlain)
                simdRun([=] { updateRows<true>(rule, penalty, p, rows, slots, begin, end); });
            else if (rows.places)
                simdRun([=] { updateRows<false>(rule, penalty, p, rows, slots, begin, end); });
            else if (penalty.isPlain)
                simdRun([=] { updateElements<true>(rule, penalty, p, g, slots, begin, end); });
            else
                simdRun([=] { updateElements<false>(rule, penalty, p, g, slots, begin, end); });
        });
    }

    Attributes attributes;
    std::vector<double> factors;
    std::vector<Rule> rules;
    std::vector<Penalty<float>> penalties;
    std::vector<float> zeros;
};

template <template <class> class Rule> std::vector<KernelOption> options(const KernelRequest& request)
{
    const std::size_t first = request.attributes.flag("isScaled") ? 2 : 1;
    if (request.inputs[first].dtype != DType::Float32)
        return {};
    return {rowMajorOption(request, "one loop", elementwiseMicroseconds(request), Update<Rule<float>>(request))};
}

} // namespace

void optimizerUpdateCpuKernels(KernelTable& table)
{
    forEachOptimizerRule([&]<template <class> class Rule>() { table.add(DeviceKind::Cpu, Rule<float>::op, &options<Rule>); });
}

} // namespace weft
