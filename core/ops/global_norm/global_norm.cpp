#include "core/ops/global_norm/global_norm.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/global_norm/global_norm_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    for (const TensorType& input : inputs) {
        if (!isFloating(input.dtype) || input.dtype != inputs[0].dtype)
            throw Error(WEFT_TEXT("Ops", "A norm needs values of one floating type, but gets %1 and %2."), describe(inputs[0]), describe(input));
    }
    return {{inputs[0].dtype, Shape{}}};
}

const OpSpec spec{.name = "GlobalNorm", .infer = infer};

} // namespace

Value globalNorm(const std::vector<Value>& values)
{
    return values.front().graph().add(spec, values)[0];
}

std::vector<const OpSpec*> globalNormOps()
{
    return {&spec};
}

void globalNormReferenceKernels(KernelTable& table)
{
    addReference<GlobalNormReference>(table, "GlobalNorm");
}

} // namespace weft
