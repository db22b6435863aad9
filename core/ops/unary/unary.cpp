#include "core/ops/unary/unary.h"

#include "core/graph/graph.h"
#include "core/ops/binary/binary.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/unary/unary_ref.h"

namespace weft {

namespace {

using Gradients = std::vector<Value>;
using OutputGradients = std::span<const Value>;

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

// Gradient ops read the result y, not x, so that x may be overwritten by y.
const OpSpec reluGradientSpec{.name = "ReluGradient", .infer = inferGradient, .isElementwise = true};
const OpSpec sigmoidGradientSpec{.name = "SigmoidGradient", .infer = inferGradient, .isElementwise = true};
const OpSpec tanhGradientSpec{.name = "TanhGradient", .infer = inferGradient, .isElementwise = true};

template <const OpSpec& Spec> Gradients gradientFromResult(const Op& op, OutputGradients dy)
{
    return {op.output().graph().add(Spec, {dy[0], op.output()})[0]};
}

Gradients expGradient(const Op& op, OutputGradients dy)
{
    return {multiply(dy[0], op.output())};
}

Gradients logGradient(const Op& op, OutputGradients dy)
{
    return {divide(dy[0], op.input(0))};
}

Gradients sqrtGradient(const Op& op, OutputGradients dy)
{
    return {divide(affine(dy[0], 0.5), op.output())};
}

Gradients squareGradient(const Op& op, OutputGradients dy)
{
    return {multiply(dy[0], affine(op.input(0), 2.0))};
}

Gradients negateGradient(const Op&, OutputGradients dy)
{
    return {negate(dy[0])};
}

Gradients affineGradient(const Op& op, OutputGradients dy)
{
    return {affine(dy[0], op.attributes().real("scale"))};
}

OnnxForm reluOnnx(const Op& op)
{
    return onnxNode(op, "Relu");
}
OnnxForm sigmoidOnnx(const Op& op)
{
    return onnxNode(op, "Sigmoid");
}
OnnxForm tanhOnnx(const Op& op)
{
    return onnxNode(op, "Tanh");
}
OnnxForm expOnnx(const Op& op)
{
    return onnxNode(op, "Exp");
}
OnnxForm logOnnx(const Op& op)
{
    return onnxNode(op, "Log");
}
OnnxForm sqrtOnnx(const Op& op)
{
    return onnxNode(op, "Sqrt");
}
OnnxForm negateOnnx(const Op& op)
{
    return onnxNode(op, "Neg");
}

OnnxForm squareOnnx(const Op&)
{
    return {{{"Mul", {"x0", "x0"}, {"y0"}, {}}}, {}};
}

OnnxForm affineOnnx(const Op& op)
{
    const DType dtype = op.output().dtype();
    const double shift = op.attributes().real("shift");
    if (shift == 0.0)
        return {{{"Mul", {"x0", "scale"}, {"y0"}, {}}}, {{"scale", onnxScalar(dtype, op.attributes().real("scale"))}}};
    return {{{"Mul", {"x0", "scale"}, {"scaled"}, {}}, {"Add", {"scaled", "shift"}, {"y0"}, {}}},
            {{"scale", onnxScalar(dtype, op.attributes().real("scale"))}, {"shift", onnxScalar(dtype, shift)}}};
}

const OpSpec reluSpec{.name = "Relu", .infer = inferSame, .gradient = gradientFromResult<reluGradientSpec>, .onnx = reluOnnx, .isElementwise = true};
const OpSpec sigmoidSpec{
    .name = "Sigmoid", .infer = inferSame, .gradient = gradientFromResult<sigmoidGradientSpec>, .onnx = sigmoidOnnx, .isElementwise = true};
const OpSpec tanhSpec{.name = "Tanh", .infer = inferSame, .gradient = gradientFromResult<tanhGradientSpec>, .onnx = tanhOnnx, .isElementwise = true};
const OpSpec expSpec{.name = "Exp", .infer = inferSame, .gradient = expGradient, .onnx = expOnnx, .isElementwise = true};
const OpSpec logSpec{.name = "Log", .infer = inferSame, .gradient = logGradient, .onnx = logOnnx, .isElementwise = true};
const OpSpec sqrtSpec{.name = "Sqrt", .infer = inferSame, .gradient = sqrtGradient, .onnx = sqrtOnnx, .isElementwise = true};
const OpSpec squareSpec{.name = "Square", .infer = inferSame, .gradient = squareGradient, .onnx = squareOnnx, .isElementwise = true};
const OpSpec negateSpec{.name = "Negate", .infer = inferSame, .gradient = negateGradient, .onnx = negateOnnx, .isElementwise = true};
const OpSpec affineSpec{.name = "Affine", .infer = inferSame, .gradient = affineGradient, .onnx = affineOnnx, .isElementwise = true};

Value apply(const OpSpec& spec, const Value& x)
{
    return x.graph().add(spec, {x})[0];
}

} // namespace

Value relu(const Value& x)
{
    return apply(reluSpec, x);
}
Value sigmoid(const Value& x)
{
    return apply(sigmoidSpec, x);
}
Value tanh(const Value& x)
{
    return apply(tanhSpec, x);
}
Value exp(const Value& x)
{
    return apply(expSpec, x);
}
Value log(const Value& x)
{
    return apply(logSpec, x);
}
Value sqrt(const Value& x)
{
    return apply(sqrtSpec, x);
}
Value square(const Value& x)
{
    return apply(squareSpec, x);
}
Value negate(const Value& x)
{
    return apply(negateSpec, x);
}

Value affine(const Value& x, double scale, double shift)
{
    return x.graph().add(affineSpec, {x}, {{"scale", scale}, {"shift", shift}})[0];
}

std::vector<const OpSpec*> unaryOps()
{
    return {&reluSpec, &reluGradientSpec, &sigmoidSpec, &sigmoidGradientSpec, &tanhSpec,   &tanhGradientSpec,
            &expSpec,  &logSpec,          &sqrtSpec,    &squareSpec,          &negateSpec, &affineSpec};
}

void unaryReferenceKernels(KernelTable& table)
{
    addReference<UnaryReference<ReluFunction>>(table, "Relu");
    addReference<UnaryReference<SigmoidFunction>>(table, "Sigmoid");
    addReference<UnaryReference<TanhFunction>>(table, "Tanh");
    addReference<UnaryReference<ExpFunction>>(table, "Exp");
    addReference<UnaryReference<LogFunction>>(table, "Log");
    addReference<UnaryReference<SqrtFunction>>(table, "Sqrt");
    addReference<UnaryReference<SquareFunction>>(table, "Square");
    addReference<UnaryReference<NegateFunction>>(table, "Negate");
    addReference<AffineReference>(table, "Affine");
    addReference<UnaryGradientReference<ReluSlope>>(table, "ReluGradient");
    addReference<UnaryGradientReference<SigmoidSlope>>(table, "SigmoidGradient");
    addReference<UnaryGradientReference<TanhSlope>>(table, "TanhGradient");
}

} // namespace weft
