#include "core/ops/all_reduce/all_reduce.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/all_reduce/all_reduce_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating("AllReduce", inputs[0]);
    return {inputs[0]};
}

/// The pair is linear and its own transpose: the sum is taken where the gradient passes the first of the two.
std::vector<Value> finishGradient(const Op&, std::span<const Value> dy)
{
    return {dy[0]};
}

std::vector<Value> startGradient(const Op&, std::span<const Value> dy)
{
    return {allReduce(dy[0])};
}

// The sum over ranks is a number like any other, but it is not computed ahead: ranks would lose step.
const OpSpec startSpec{.name = "AllReduceStart", .infer = infer, .gradient = startGradient, .readsState = true, .worksInPlace = true};
const OpSpec finishSpec{.name = "AllReduceFinish", .infer = infer, .gradient = finishGradient, .readsState = true, .worksInPlace = true};

} // namespace

Value allReduceStart(const Value& x, WireFormat format)
{
    Attributes attributes;
    attributes.set(wireFormatAttribute, static_cast<std::int64_t>(format));
    return x.graph().add(startSpec, {x}, std::move(attributes))[0];
}

Value allReduceFinish(const Value& sent)
{
    return sent.graph().add(finishSpec, {sent})[0];
}

Value allReduce(const Value& x)
{
    return allReduceFinish(allReduceStart(x));
}

std::vector<const OpSpec*> allReduceOps()
{
    return {&startSpec, &finishSpec};
}

void allReduceReferenceKernels(KernelTable& table)
{
    addReference<AllReduceStartReference>(table, "AllReduceStart");
    addReference<AllReduceFinishReference>(table, "AllReduceFinish");
}

} // namespace weft
