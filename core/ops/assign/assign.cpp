#include "core/ops/assign/assign.h"

#include <cassert>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/assign/assign_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    if (inputs[0] != inputs[1])
        throw Error(WEFT_TEXT("Ops", "A variable of %1 cannot be overwritten by %2. Their types must be equal."), describe(inputs[0]),
                    describe(inputs[1]));
    return {};
}

Cost cost(const Op& op, std::int64_t t)
{
    return {0, elementsPerSample(op.input(0).shape(), t)};
}

const OpSpec spec{.name = "Assign", .infer = infer, .cost = cost, .mutates = {0}};

} // namespace

void assign(const Value& variable, const Value& value)
{
    assert(variable.variable());
    value.graph().add(spec, {variable, value});
}

std::vector<const OpSpec*> assignOps()
{
    return {&spec};
}

void assignReferenceKernels(KernelTable& table)
{
    addMovingReference<AssignReference>(table, "Assign");
}

} // namespace weft
