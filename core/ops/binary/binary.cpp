#include "core/ops/binary/binary.h"

#include "core/graph/graph.h"
#include "core/ops/binary/binary_ref.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

using Gradients = std::vector<Value>;
using OutputGradients = std::span<const Value>;

constexpr char addName[] = "Add";
constexpr char subtractName[] = "Subtract";
constexpr char multiplyName[] = "Multiply";
constexpr char divideName[] = "Divide";
constexpr char maximumName[] = "Maximum";
constexpr char minimumName[] = "Minimum";

template <const char* name> TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating(name, inputs[0]);
    requireSameDType(name, inputs[0], inputs[1]);
    return {{inputs[0].dtype, broadcastShapes(name, inputs[0].shape, inputs[1].shape)}};
}

TypeList inferExtremumGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1], inputs[2]};
}

const OpSpec maximumGradientSpec{.name = "MaximumGradient", .infer = inferExtremumGradient, .isElementwise = true};
const OpSpec minimumGradientSpec{.name = "MinimumGradient", .infer = inferExtremumGradient, .isElementwise = true};

/// Gradients of the stretched operands, summed back to the operands' own shapes.
Gradients unstretched(const Op& op, const Value& da, const Value& db)
{
    return {sumTo(da, op.input(0).shape()), sumTo(db, op.input(1).shape())};
}

Gradients addGradient(const Op& op, OutputGradients dy)
{
    return unstretched(op, dy[0], dy[0]);
}

Gradients subtractGradient(const Op& op, OutputGradients dy)
{
    return unstretched(op, dy[0], negate(dy[0]));
}

Gradients multiplyGradient(const Op& op, OutputGradients dy)
{
    return unstretched(op, multiply(dy[0], op.input(1)), multiply(dy[0], op.input(0)));
}

Gradients divideGradient(const Op& op, OutputGradients dy)
{
    const Value da = divide(dy[0], op.input(1));
    return unstretched(op, da, negate(multiply(da, op.output())));
}

template <const OpSpec& Spec> Gradients extremumGradient(const Op& op, OutputGradients dy)
{
    const Shape& shape = op.output().shape();
    const auto& both = op.output().graph().add(Spec, {dy[0], broadcastTo(op.input(0), shape), broadcastTo(op.input(1), shape)});
    return unstretched(op, both[0], both[1]);
}

OnnxForm addOnnx(const Op& op)
{
    return onnxNode(op, "Add");
}
OnnxForm subtractOnnx(const Op& op)
{
    return onnxNode(op, "Sub");
}
OnnxForm multiplyOnnx(const Op& op)
{
    return onnxNode(op, "Mul");
}
OnnxForm divideOnnx(const Op& op)
{
    return onnxNode(op, "Div");
}
OnnxForm maximumOnnx(const Op& op)
{
    return onnxNode(op, "Max");
}
OnnxForm minimumOnnx(const Op& op)
{
    return onnxNode(op, "Min");
}

const OpSpec addSpec{.name = addName, .infer = infer<addName>, .gradient = addGradient, .onnx = addOnnx, .isElementwise = true};
const OpSpec subtractSpec{
    .name = subtractName, .infer = infer<subtractName>, .gradient = subtractGradient, .onnx = subtractOnnx, .isElementwise = true};
const OpSpec multiplySpec{
    .name = multiplyName, .infer = infer<multiplyName>, .gradient = multiplyGradient, .onnx = multiplyOnnx, .isElementwise = true};
const OpSpec divideSpec{.name = divideName, .infer = infer<divideName>, .gradient = divideGradient, .onnx = divideOnnx, .isElementwise = true};
const OpSpec maximumSpec{
    .name = maximumName, .infer = infer<maximumName>, .gradient = extremumGradient<maximumGradientSpec>, .onnx = maximumOnnx, .isElementwise = true};
const OpSpec minimumSpec{
    .name = minimumName, .infer = infer<minimumName>, .gradient = extremumGradient<minimumGradientSpec>, .onnx = minimumOnnx, .isElementwise = true};

Value apply(const OpSpec& spec, const Value& a, const Value& b)
{
    return a.graph().add(spec, {a, b})[0];
}

} // namespace

Value add(const Value& a, const Value& b)
{
    return apply(addSpec, a, b);
}
Value subtract(const Value& a, const Value& b)
{
    return apply(subtractSpec, a, b);
}
Value multiply(const Value& a, const Value& b)
{
    return apply(multiplySpec, a, b);
}
Value divide(const Value& a, const Value& b)
{
    return apply(divideSpec, a, b);
}
Value maximum(const Value& a, const Value& b)
{
    return apply(maximumSpec, a, b);
}
Value minimum(const Value& a, const Value& b)
{
    return apply(minimumSpec, a, b);
}

std::vector<const OpSpec*> binaryOps()
{
    return {&addSpec, &subtractSpec, &multiplySpec, &divideSpec, &maximumSpec, &maximumGradientSpec, &minimumSpec, &minimumGradientSpec};
}

void binaryReferenceKernels(KernelTable& table)
{
    addReference<BinaryReference<AddFunction>>(table, "Add");
    addReference<BinaryReference<SubtractFunction>>(table, "Subtract");
    addReference<BinaryReference<MultiplyFunction>>(table, "Multiply");
    addReference<BinaryReference<DivideFunction>>(table, "Divide");
    addReference<BinaryReference<MaximumFunction>>(table, "Maximum");
    addReference<BinaryReference<MinimumFunction>>(table, "Minimum");
    addReference<ExtremumGradientReference<1>>(table, "MaximumGradient");
    addReference<ExtremumGradientReference<-1>>(table, "MinimumGradient");
}

} // namespace weft
