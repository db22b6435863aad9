#include "core/ops/optimizer_update/optimizer_update.h"

#include <cassert>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/optimizer_update/optimizer_update_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

/// Parameter, gradient and slots of each target have one type; there is nothing to give back.
TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    if (!isFloating(inputs[0].dtype) || !inputs[0].shape.isScalar())
        throw Error(WEFT_TEXT("Ops", "An optimizer needs the learning rate as one number, but it is %1."), describe(inputs[0]));
    const std::size_t step = 2 + static_cast<std::size_t>(attributes.integer("slots"));
    for (std::size_t first = 1; first < inputs.size(); first += step) {
        for (std::size_t i = first + 1; i < first + step; ++i) {
            if (inputs[i] != inputs[first])
                throw Error(WEFT_TEXT("Ops", "An optimizer cannot update a parameter %1 with a gradient or slot %2. Their types must be equal."),
                            describe(inputs[first]), describe(inputs[i]));
        }
    }
    return {};
}

const OpSpec sgdSpec{.name = "SgdUpdate", .infer = infer, .mutatesVariables = true};
const OpSpec adamSpec{.name = "AdamUpdate", .infer = infer, .mutatesVariables = true, .readsState = true};

void apply(const OpSpec& spec, const Value& learningRate, const std::vector<UpdateTarget>& targets, std::size_t slots, Attributes attributes)
{
    if (targets.empty())
        return;
    std::vector<Value> inputs{learningRate};
    std::vector<std::int64_t> decays;
    for (const UpdateTarget& target : targets) {
        assert(target.parameter.variable() && target.gradient && target.slots.size() == slots);
        inputs.push_back(target.parameter);
        inputs.push_back(target.gradient);
        inputs.insert(inputs.end(), target.slots.begin(), target.slots.end());
        decays.push_back(target.parameter.variable()->decays ? 1 : 0);
    }
    attributes.set("count", static_cast<std::int64_t>(targets.size()));
    attributes.set("slots", static_cast<std::int64_t>(slots));
    attributes.set("decays", std::move(decays));
    learningRate.graph().add(spec, std::move(inputs), std::move(attributes));
}

} // namespace

void sgdUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double momentum, bool nesterov, double weightDecay)
{
    apply(sgdSpec, learningRate, targets, momentum > 0 ? 1 : 0, {{"momentum", momentum}, {"nesterov", nesterov}, {"weightDecay", weightDecay}});
}

void adamUpdate(const Value& learningRate, const std::vector<UpdateTarget>& targets, double beta1, double beta2, double epsilon, double weightDecay)
{
    apply(adamSpec, learningRate, targets, 2, {{"beta1", beta1}, {"beta2", beta2}, {"epsilon", epsilon}, {"weightDecay", weightDecay}});
}

std::vector<const OpSpec*> optimizerUpdateOps()
{
    return {&sgdSpec, &adamSpec};
}

namespace {

/// The type of the parameters decides; the learning rate may be float32 beside them.
template <class Reference> std::vector<KernelOption> factory(const KernelRequest& request)
{
    switch (request.inputs[1].dtype) {
    case DType::Float32: return referenceOption<Reference>(request, &Reference::template run<float>);
    case DType::Float64: return referenceOption<Reference>(request, &Reference::template run<double>);
    default: return {};
    }
}

} // namespace

void optimizerUpdateReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "SgdUpdate", factory<SgdUpdateReference>);
    table.add(DeviceKind::Reference, "AdamUpdate", factory<AdamUpdateReference>);
}

} // namespace weft
