#include "core/ops/broadcast/broadcast.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/broadcast/broadcast_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

bool stretches(const Shape& from, const Shape& to)
{
    if (from.rank() > to.rank())
        return false;
    for (int i = 1; i <= from.rank(); ++i) {
        if (from[-i] != to[-i] && from[-i] != Dim(1))
            return false;
    }
    return true;
}

TypeList inferBroadcastTo(TypeSpan inputs, const Attributes& attributes)
{
    const Shape to = decodeShape(attributes.integers("shape"));
    if (!stretches(inputs[0].shape, to))
        throw Error(WEFT_TEXT("Ops", "The shape %1 cannot be stretched to %2. Axes must be equal or 1, counted from the last."),
                    toString(inputs[0].shape), toString(to));
    return {{inputs[0].dtype, to}};
}

TypeList inferSumTo(TypeSpan inputs, const Attributes& attributes)
{
    requireFloating("SumTo", inputs[0]);
    const Shape to = decodeShape(attributes.integers("shape"));
    if (!stretches(to, inputs[0].shape))
        throw Error(WEFT_TEXT("Ops", "The shape %1 cannot be summed to %2. Axes must be equal or 1, counted from the last."),
                    toString(inputs[0].shape), toString(to));
    return {{resultType(inputs[0].dtype, attributes), to}};
}

std::vector<Value> broadcastToGradient(const Op& op, std::span<const Value> dy)
{
    return {sumTo(dy[0], op.input(0).shape())};
}

std::vector<Value> sumToGradient(const Op& op, std::span<const Value> dy)
{
    return {broadcastTo(dy[0], op.input(0).shape())};
}

/// Expand takes 1 for "leave this axis", which serves axes that depend on the batch.
OnnxForm broadcastToOnnx(const Op& op)
{
    const Shape& from = op.input(0).shape();
    const Shape& to = op.output().shape();
    OnnxConstant entries{DType::Int64, {to.rank()}, {}};
    for (int i = 0; i < to.rank(); ++i) {
        const int axis = i - (to.rank() - from.rank());
        const bool isKept = axis >= 0 && from[axis] == to[i];
        if (!isKept && !to[i].isFixed())
            throw Error(WEFT_TEXT("Ops", "Stretching %1 to %2 cannot be written as ONNX: the new extent depends on the batch or the sequence."),
                        toString(from), toString(to));
        entries.values.push_back(isKept ? 1.0 : static_cast<double>(to[i].factor));
    }
    return {{{"Expand", {"x0", "shape"}, {"y0"}, {}}}, {{"shape", std::move(entries)}}};
}

const OpSpec broadcastToSpec{.name = "BroadcastTo", .infer = inferBroadcastTo, .gradient = broadcastToGradient, .onnx = broadcastToOnnx};
const OpSpec sumToSpec{.name = "SumTo", .infer = inferSumTo, .gradient = sumToGradient};

Value apply(const OpSpec& spec, const Value& x, const Shape& shape)
{
    return x.shape() == shape ? x : x.graph().add(spec, {x}, {{"shape", encodeShape(shape)}})[0];
}

} // namespace

Value broadcastTo(const Value& x, const Shape& shape)
{
    return apply(broadcastToSpec, x, shape);
}
Value sumTo(const Value& x, const Shape& shape)
{
    return apply(sumToSpec, x, shape);
}

std::vector<const OpSpec*> broadcastOps()
{
    return {&broadcastToSpec, &sumToSpec};
}

void broadcastReferenceKernels(KernelTable& table)
{
    addMovingReference<BroadcastToReference>(table, "BroadcastTo");
    addReference<SumToReference>(table, "SumTo");
}

} // namespace weft
