#include "core/ops/layer_norm/layer_norm.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/layer_norm/fused_layer_norm_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating("LayerNorm", inputs[0]);
    requireRank("LayerNorm", inputs[0], 1, maxRank);
    for (const TensorType& weight : inputs.subspan(1)) {
        if (weight.shape != Shape{inputs[0].shape.back()} || !isWeightOf(weight.dtype, inputs[0].dtype))
            throw Error(WEFT_TEXT("Ops", "LayerNorm over %1 needs one number for each of the %2 features, but was given %3."), describe(inputs[0]),
                        toString(inputs[0].shape.back()), describe(weight));
    }
    return {inputs[0]};
}

/// dx and, where there is a scale, its slope and that of the shift.
TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    TypeList types{inputs[1]};
    if (inputs.size() > 2)
        types.insert(types.end(), 2, inputs[2]);
    return types;
}

const OpSpec gradientSpec{.name = "LayerNormGradient", .infer = inferGradient};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    std::vector<Value> inputs{dy[0], op.input(0)};
    if (op.inputs().size() > 1)
        inputs.push_back(op.input(1));
    return op.output().graph().add(gradientSpec, std::move(inputs), op.attributes());
}

OnnxForm onnx(const Op& op)
{
    OnnxForm form;
    const Attributes last{{"axes", std::vector<std::int64_t>{op.input(0).shape().rank() - 1}}, {"keepdims", std::int64_t(1)}};
    form.constants["epsilon"] = onnxScalar(op.input(0).dtype(), op.attributes().real("epsilon"));
    const bool isAffine = op.inputs().size() > 1;
    form.nodes = {{"ReduceMean", {"x0"}, {"mean"}, last},
                  {"Sub", {"x0", "mean"}, {"centred"}, {}},
                  {"Mul", {"centred", "centred"}, {"squares"}, {}},
                  {"ReduceMean", {"squares"}, {"variance"}, last},
                  {"Add", {"variance", "epsilon"}, {"positive"}, {}},
                  {"Sqrt", {"positive"}, {"deviation"}, {}},
                  {"Div", {"centred", "deviation"}, {isAffine ? "standardized" : "y0"}, {}}};
    if (isAffine) {
        form.nodes.push_back({"Mul", {"standardized", "x1"}, {"scaled"}, {}});
        form.nodes.push_back({"Add", {"scaled", "x2"}, {"y0"}, {}});
    }
    return form;
}

/// The ops that they stand for have been checked when they were built.
TypeList inferFused(TypeSpan inputs, const Attributes&)
{
    return {inputs[0], inputs[0]};
}

TypeList inferFusedGradient(TypeSpan inputs, const Attributes& attributes)
{
    TypeList types{inputs[1], inputs[2], inputs[2]};
    if (attributes.real("rate") > 0)
        types.push_back(inputs[1]);
    return types;
}

const OpSpec fusedSpec{.name = "FusedLayerNorm", .infer = inferFused, .readsState = true};
const OpSpec fusedGradientSpec{.name = "FusedLayerNormGradient", .infer = inferFusedGradient, .readsState = true};

const OpSpec spec{.name = "LayerNorm", .infer = infer, .gradient = gradient, .onnx = onnx};

} // namespace

Value layerNorm(const Value& x, const Value& scale, const Value& shift, double epsilon)
{
    return x.graph().add(spec, scale ? std::vector<Value>{x, scale, shift} : std::vector<Value>{x}, {{"epsilon", epsilon}})[0];
}

const OpSpec& fusedLayerNormSpec()
{
    return fusedSpec;
}
const OpSpec& fusedLayerNormGradientSpec()
{
    return fusedGradientSpec;
}

std::vector<const OpSpec*> layerNormOps()
{
    return {&spec, &gradientSpec, &fusedSpec, &fusedGradientSpec};
}

void layerNormReferenceKernels(KernelTable& table)
{
    addReference<LayerNormReference>(table, "LayerNorm");
    addReference<LayerNormGradientReference>(table, "LayerNormGradient");
    addReference<FusedLayerNormReference>(table, "FusedLayerNorm");
    addReference<FusedLayerNormGradientReference>(table, "FusedLayerNormGradient");
}

} // namespace weft
