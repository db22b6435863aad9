#include "core/ops/dropout/dropout.h"

#include <bit>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/dropout/dropout_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const double rate = attributes.real("rate");
    requireFloating("Dropout", inputs[0]);
    if (!(rate >= 0.0 && rate <= 1.0))
        throw Error(WEFT_TEXT("Ops", "Dropout has the rate %1. Choose one from 0 to 1."), rate);
    if (inputs[0].shape.isScalar() || inputs[0].shape[0] != Dim::batch())
        throw Error(WEFT_TEXT("Ops", "Dropout needs the batch as the first axis, because each sample has its own mask, but the shape is %1."),
                    toString(inputs[0].shape));
    return {inputs[0]};
}

/// The gradient passes through the same mask, drawn anew from the same key: none is stored.
std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(op.spec(), {dy[0]}, op.attributes())[0]};
}

const OpSpec spec{.name = "Dropout", .infer = infer, .gradient = gradient, .readsState = true};

} // namespace

Value dropout(const Value& x, double rate, std::uint64_t stream)
{
    return x.graph().add(spec, {x}, {{"rate", rate}, {"stream", std::bit_cast<std::int64_t>(stream)}})[0];
}

std::vector<const OpSpec*> dropoutOps()
{
    return {&spec};
}

void dropoutReferenceKernels(KernelTable& table)
{
    addReference<DropoutReference>(table, "Dropout");
}

} // namespace weft
