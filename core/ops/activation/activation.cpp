#include "core/ops/activation/activation.h"

#include "core/graph/graph.h"
#include "core/ops/activation/activation_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

using Gradients = std::vector<Value>;

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

template <const OpSpec& Spec> Gradients gradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(Spec, {dy[0], op.input(0)}, op.attributes())[0]};
}

OnnxForm leakyReluOnnx(const Op& op)
{
    return onnxNode(op, "LeakyRelu", {{"alpha", op.attributes().real("alpha")}});
}
OnnxForm eluOnnx(const Op& op)
{
    return onnxNode(op, "Elu", {{"alpha", op.attributes().real("alpha")}});
}
OnnxForm softplusOnnx(const Op& op)
{
    return onnxNode(op, "Softplus");
}
OnnxForm hardSwishOnnx(const Op& op)
{
    return onnxNode(op, "HardSwish");
}
OnnxForm clippedReluOnnx(const Op& op)
{
    const DType dtype = op.output().dtype();
    return {{{"Clip", {"x0", "low", "high"}, {"y0"}, {}}},
            {{"low", onnxScalar(dtype, 0.0)}, {"high", onnxScalar(dtype, op.attributes().real("alpha"))}}};
}
OnnxForm erfOnnx(const Op& op)
{
    return onnxNode(op, "Erf");
}
OnnxForm siluOnnx(const Op&)
{
    return {{{"Sigmoid", {"x0"}, {"gate"}, {}}, {"Mul", {"x0", "gate"}, {"y0"}, {}}}, {}};
}
/// Mish and Gelu became operators only after opset 17.
OnnxForm mishOnnx(const Op&)
{
    return {{{"Softplus", {"x0"}, {"soft"}, {}}, {"Tanh", {"soft"}, {"gate"}, {}}, {"Mul", {"x0", "gate"}, {"y0"}, {}}}, {}};
}
OnnxForm geluOnnx(const Op& op)
{
    const DType dtype = op.output().dtype();
    return {{{"Mul", {"x0", "inverseRoot2"}, {"scaled"}, {}},
             {"Erf", {"scaled"}, {"erf"}, {}},
             {"Add", {"erf", "one"}, {"twice"}, {}},
             {"Mul", {"x0", "twice"}, {"doubled"}, {}},
             {"Mul", {"doubled", "half"}, {"y0"}, {}}},
            {{"inverseRoot2", onnxScalar(dtype, GeluFunction::inverseRoot2)}, {"one", onnxScalar(dtype, 1.0)}, {"half", onnxScalar(dtype, 0.5)}}};
}

#define WEFT_ACTIVATION(function, Name)                                                                                                              \
    const OpSpec function##GradientSpec{.name = Name "Gradient", .infer = inferGradient, .isElementwise = true};                                     \
    const OpSpec function##Spec                                                                                                                      \
    {                                                                                                                                                \
        .name = Name, .infer = inferSame, .gradient = gradient<function##GradientSpec>, .onnx = function##Onnx, .isElementwise = true                \
    }

WEFT_ACTIVATION(leakyRelu, "LeakyRelu");
WEFT_ACTIVATION(elu, "Elu");
WEFT_ACTIVATION(softplus, "Softplus");
WEFT_ACTIVATION(gelu, "Gelu");
WEFT_ACTIVATION(silu, "Silu");
WEFT_ACTIVATION(mish, "Mish");
WEFT_ACTIVATION(hardSwish, "HardSwish");
WEFT_ACTIVATION(clippedRelu, "ClippedRelu");
WEFT_ACTIVATION(erf, "Erf");

#undef WEFT_ACTIVATION

Value apply(const OpSpec& spec, const Value& x, double alpha = 0.0)
{
    return x.graph().add(spec, {x}, {{"alpha", alpha}})[0];
}

template <class Function> void addReferences(KernelTable& table, const std::string& name)
{
    table.add(DeviceKind::Reference, name, &referenceFactory<ActivationReference<Function>>);
    table.add(DeviceKind::Reference, name + "Gradient", &referenceFactory<ActivationGradientReference<Function>>);
}

} // namespace

Value leakyRelu(const Value& x, double slope)
{
    return apply(leakyReluSpec, x, slope);
}
Value elu(const Value& x, double alpha)
{
    return apply(eluSpec, x, alpha);
}
Value softplus(const Value& x)
{
    return apply(softplusSpec, x);
}
Value gelu(const Value& x)
{
    return apply(geluSpec, x);
}
Value silu(const Value& x)
{
    return apply(siluSpec, x);
}
Value mish(const Value& x)
{
    return apply(mishSpec, x);
}
Value hardSwish(const Value& x)
{
    return apply(hardSwishSpec, x);
}
Value clippedRelu(const Value& x, double maximum)
{
    return apply(clippedReluSpec, x, maximum);
}
Value erf(const Value& x)
{
    return apply(erfSpec, x);
}

std::vector<const OpSpec*> activationOps()
{
    return {&leakyReluSpec, &leakyReluGradientSpec, &eluSpec,         &eluGradientSpec,         &softplusSpec, &softplusGradientSpec,
            &geluSpec,      &geluGradientSpec,      &siluSpec,        &siluGradientSpec,        &mishSpec,     &mishGradientSpec,
            &hardSwishSpec, &hardSwishGradientSpec, &clippedReluSpec, &clippedReluGradientSpec, &erfSpec,      &erfGradientSpec};
}

void activationReferenceKernels(KernelTable& table)
{
    addReferences<LeakyReluFunction>(table, "LeakyRelu");
    addReferences<EluFunction>(table, "Elu");
    addReferences<SoftplusFunction>(table, "Softplus");
    addReferences<GeluFunction>(table, "Gelu");
    addReferences<SiluFunction>(table, "Silu");
    addReferences<MishFunction>(table, "Mish");
    addReferences<HardSwishFunction>(table, "HardSwish");
    addReferences<ClippedReluFunction>(table, "ClippedRelu");
    addReferences<ErfFunction>(table, "Erf");
}

} // namespace weft
