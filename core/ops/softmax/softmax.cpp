#include "core/ops/softmax/softmax.h"

#include "core/graph/graph.h"
#include "core/ops/softmax/softmax_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/support/sequence.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating("Softmax", inputs[0]);
    return {inputs[0]};
}

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

const OpSpec gradientSpec{.name = "SoftmaxGradient", .infer = inferGradient};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(gradientSpec, {dy[0], op.output()}, op.attributes())[0]};
}

OnnxForm onnx(const Op& op)
{
    return onnxNode(op, "Softmax", {{"axis", op.attributes().integer("axis")}});
}

const OpSpec spec{.name = "Softmax", .infer = infer, .gradient = gradient, .onnx = onnx};

TypeList inferMasked(TypeSpan inputs, const Attributes&)
{
    requireFloating("Softmax", inputs[0]);
    requireRank("Softmax of scores", inputs[0], 3, maxRank);
    if (inputs.size() > 1)
        requireLengths("Softmax of scores", inputs[1], inputs[0].shape[0]);
    return {inputs[0]};
}

std::vector<Value> maskedGradient(const Op& op, std::span<const Value> dy)
{
    // What was left out is 0 in y, and so is its gradient.
    std::vector<Value> gradients(op.inputs().size());
    gradients[0] = op.output().graph().add(gradientSpec, {dy[0], op.output()}, {{"axis", std::int64_t(op.output().shape().rank() - 1)}})[0];
    return gradients;
}

/// Scores that do not count are lowered until the exponential is 0.
OnnxForm maskedOnnx(const Op& op)
{
    const Shape& shape = op.output().shape();
    OnnxForm form;
    std::string scores = "x0";
    if (op.inputs().size() > 1) {
        const std::string bias = onnxMaskBias(form, onnxLengthMask(form, shape.back(), "x1"), op.input(0).dtype());
        std::vector<std::int64_t> between;
        for (std::int64_t axis = 1; axis + 1 < shape.rank(); ++axis)
            between.push_back(axis);
        form.constants["between"] = onnxList(between);
        form.nodes.push_back({"Unsqueeze", {bias, "between"}, {"wideBias"}, {}});
        form.nodes.push_back({"Add", {scores, "wideBias"}, {"real"}, {}});
        scores = "real";
    }
    if (op.attributes().flag("causal")) {
        form.nodes.push_back({"Add", {scores, onnxCausalBias(form, shape[-2], shape[-1], op.input(0).dtype())}, {"past"}, {}});
        scores = "past";
    }
    form.nodes.push_back({"Softmax", {scores}, {"y0"}, {{"axis", std::int64_t(shape.rank() - 1)}}});
    return form;
}

const OpSpec maskedSpec{.name = "MaskedSoftmax", .infer = inferMasked, .gradient = maskedGradient, .onnx = maskedOnnx};

} // namespace

Value softmax(const Value& x, int axis)
{
    const std::int64_t counted = countedAxis("Softmax", axis, x.shape());
    return x.graph().add(spec, {x}, {{"axis", counted}})[0];
}

Value maskedSoftmax(const Value& scores, const Value& lengths, bool isCausal)
{
    return scores.graph().add(maskedSpec, lengths ? std::vector<Value>{scores, lengths} : std::vector<Value>{scores}, {{"causal", isCausal}})[0];
}

std::vector<const OpSpec*> softmaxOps()
{
    return {&spec, &gradientSpec, &maskedSpec};
}

void softmaxReferenceKernels(KernelTable& table)
{
    addReference<SoftmaxReference>(table, "Softmax");
    addReference<SoftmaxGradientReference>(table, "SoftmaxGradient");
    addReference<MaskedSoftmaxReference>(table, "MaskedSoftmax");
}

} // namespace weft
