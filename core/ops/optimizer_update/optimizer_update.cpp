#include "core/ops/optimizer_update/optimizer_update.h"

#include <algorithm>
#include <cassert>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/optimizer_update/optimizer_update_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/reference.h"

namespace weft {

namespace {

/// A gradient by rows: any number of them, as wide as the parameter's, and the place of each row of the parameter.
bool fitsByRows(const TensorType& parameter, const TensorType& rows, const TensorType& places)
{
    return parameter.shape.rank() == 2 && rows.shape.rank() == 2 && rows.dtype == parameter.dtype && rows.shape[1] == parameter.shape[1]
        && places == TensorType{DType::Int32, {parameter.shape[0]}};
}

/// Parameter, gradient and slots of each target have one type; there is nothing to give back.
TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const std::size_t scalars = attributes.flag("isScaled") ? 2 : 1;
    for (std::size_t i = 0; i < scalars; ++i) {
        const bool isCounted = i == 1 && inputs[i].shape == Shape{Dim(2)};
        if (!isFloating(inputs[i].dtype) || !(inputs[i].shape.isScalar() || isCounted))
            throw Error(WEFT_TEXT("Ops", "An optimizer needs the learning rate as one number, but it is %1."), describe(inputs[i]));
    }
    const std::vector<std::int64_t>& byRows = attributes.integers("byRows");
    const std::size_t step = 2 + static_cast<std::size_t>(attributes.integer("slots"));
    const std::size_t end = inputs.size() - byRows.size();
    for (std::size_t first = scalars; first < end; first += step) {
        const auto found = std::find(byRows.begin(), byRows.end(), static_cast<std::int64_t>((first - scalars) / step));
        const bool isByRows = found != byRows.end();
        for (std::size_t i = first + 1; i < first + step; ++i) {
            const bool fits = isByRows && i == first + 1
                ? fitsByRows(inputs[first], inputs[i], inputs[end + static_cast<std::size_t>(found - byRows.begin())])
                : inputs[i] == inputs[first];
            if (!fits)
                throw Error(WEFT_TEXT("Ops", "An optimizer cannot update a parameter %1 with a gradient or slot %2. Their types must be equal."),
                            describe(inputs[first]), describe(inputs[i]));
        }
    }
    return {};
}

template <template <class> class Rule> const OpSpec& specOf()
{
    static const OpSpec spec{.name = Rule<float>::op, .infer = infer, .mutatesVariables = true, .readsState = true};
    return spec;
}

/// The type of the parameters decides; the learning rate may be float32 beside them.
template <template <class> class Rule> std::vector<KernelOption> factory(const KernelRequest& request)
{
    const std::size_t first = request.attributes.flag("isScaled") ? 2 : 1;
    switch (request.inputs[first].dtype) {
    case DType::Float32: return referenceOption<OptimizerReference<Rule>>(request, &OptimizerReference<Rule>::template run<float>);
    case DType::Float64: return referenceOption<OptimizerReference<Rule>>(request, &OptimizerReference<Rule>::template run<double>);
    default: return {};
    }
}

} // namespace

std::vector<const OpSpec*> optimizerUpdateOps()
{
    std::vector<const OpSpec*> specs;
    forEachOptimizerRule([&]<template <class> class Rule>() { specs.push_back(&specOf<Rule>()); });
    return specs;
}

void optimizerUpdateReferenceKernels(KernelTable& table)
{
    forEachOptimizerRule([&]<template <class> class Rule>() { table.add(DeviceKind::Reference, Rule<float>::op, &factory<Rule>); });
}

void optimizerUpdate(const std::string& rule, const Value& learningRate, const std::vector<UpdateTarget>& targets, Attributes numbers,
                     const UpdateOptions& options)
{
    if (targets.empty())
        return;
    const std::vector<const OpSpec*> specs = optimizerUpdateOps();
    const auto spec = std::find_if(specs.begin(), specs.end(), [&](const OpSpec* candidate) { return candidate->name == rule; });
    assert(spec != specs.end());
    std::vector<Value> inputs{learningRate};
    if (options.gradientScale)
        inputs.push_back(options.gradientScale);
    std::vector<std::int64_t> decays;
    std::vector<double> factors;
    for (const UpdateTarget& target : targets) {
        assert(target.parameter.variable() && target.gradient && target.slots.size() == targets.front().slots.size());
        inputs.push_back(target.parameter);
        inputs.push_back(target.gradient);
        inputs.insert(inputs.end(), target.slots.begin(), target.slots.end());
        decays.push_back(target.parameter.variable()->decays ? 1 : 0);
        factors.push_back(target.parameter.variable()->rateFactor);
    }
    numbers.set("slots", static_cast<std::int64_t>(targets.front().slots.size()));
    numbers.set("decays", std::move(decays));
    numbers.set("rateFactors", std::move(factors));
    numbers.set("weightDecay", options.weightDecay);
    numbers.set("decoupled", options.isDecoupled);
    numbers.set("l1", options.l1);
    numbers.set("clipValue", options.clipValue);
    numbers.set("isScaled", static_cast<bool>(options.gradientScale));
    numbers.set("byRows", std::vector<std::int64_t>());
    learningRate.graph().add(**spec, std::move(inputs), std::move(numbers));
}

std::vector<UpdatePart> updateParts(const Op& op)
{
    const std::vector<const OpSpec*> specs = optimizerUpdateOps();
    if (std::find(specs.begin(), specs.end(), &op.spec()) == specs.end())
        return {};
    const Attributes& all = op.attributes();
    const auto scalars = static_cast<std::ptrdiff_t>(all.flag("isScaled") ? 2 : 1);
    const auto step = static_cast<std::ptrdiff_t>(2 + all.integer("slots"));
    const std::vector<std::int64_t>& decays = all.integers("decays");
    const std::vector<std::int64_t>& byRows = all.integers("byRows");
    const std::vector<double>& factors = all.get<std::vector<double>>("rateFactors");
    std::vector<UpdatePart> parts;
    for (std::size_t i = 0; i < decays.size(); ++i) {
        const auto first = op.inputs().begin();
        const auto target = first + scalars + static_cast<std::ptrdiff_t>(i) * step;
        UpdatePart part{{first, first + scalars}, all};
        part.inputs.insert(part.inputs.end(), target, target + step);
        part.attributes.set("decays", std::vector<std::int64_t>{decays[i]});
        part.attributes.set("rateFactors", std::vector<double>{factors[i]});
        // Where the gradient is kept as rows, their places stand behind all targets.
        const auto places = std::find(byRows.begin(), byRows.end(), static_cast<std::int64_t>(i));
        if (places != byRows.end())
            part.inputs.push_back(*(op.inputs().end() - (byRows.end() - places)));
        part.attributes.set("byRows", places != byRows.end() ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>());
        parts.push_back(std::move(part));
    }
    return parts;
}

void sgdUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double momentum, bool nesterov, double weightDecay)
{
    optimizerUpdate(momentum > 0 ? "MomentumUpdate" : "SgdUpdate", learningRate, targets, {{"momentum", momentum}, {"nesterov", nesterov}},
                    {.weightDecay = weightDecay});
}

void adamUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double beta1, double beta2, double epsilon, double weightDecay)
{
    optimizerUpdate("AdamUpdate", learningRate, targets, {{"beta1", beta1}, {"beta2", beta2}, {"epsilon", epsilon}}, {.weightDecay = weightDecay});
}

} // namespace weft
