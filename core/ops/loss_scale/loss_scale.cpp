#include "core/ops/loss_scale/loss_scale.h"

#include <cassert>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/loss_scale/loss_scale_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

void requireState(TypeSpan inputs)
{
    const bool isState = isFloating(inputs[0].dtype) && inputs[0].shape.isScalar() && inputs[1] == TensorType{inputs[0].dtype, {Dim(2)}}
        && inputs[2] == inputs[0];
    if (!isState)
        throw Error(WEFT_TEXT("Ops", "A loss scale needs two numbers beside it and a norm of its type, but gets %1, %2 and %3."), describe(inputs[0]),
                    describe(inputs[1]), describe(inputs[2]));
}

TypeList inferFactor(TypeSpan inputs, const Attributes&)
{
    requireState(inputs);
    return {inputs[1]};
}

TypeList inferUpdate(TypeSpan inputs, const Attributes&)
{
    requireState(inputs);
    return {};
}

const OpSpec factorSpec{.name = "LossScaleFactor", .infer = inferFactor};
const OpSpec updateSpec{.name = "LossScaleUpdate", .infer = inferUpdate, .mutates = {0, 1}};

} // namespace

Value lossScaleFactor(const LossScale& state, const Value& norm, double limit)
{
    Attributes attributes;
    attributes.set(normLimitAttribute, limit);
    return norm.graph().add(factorSpec, {state.scale, state.counts, norm}, std::move(attributes))[0];
}

void lossScaleUpdate(const LossScale& state, const Value& norm)
{
    assert(state.scale.variable() && state.counts.variable());
    norm.graph().add(updateSpec, {state.scale, state.counts, norm});
}

std::vector<const OpSpec*> lossScaleOps()
{
    return {&factorSpec, &updateSpec};
}

void lossScaleReferenceKernels(KernelTable& table)
{
    addReference<LossScaleFactorReference>(table, "LossScaleFactor");
    addReference<LossScaleUpdateReference>(table, "LossScaleUpdate");
}

} // namespace weft
