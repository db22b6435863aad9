#include "core/ops/softmax/softmax.h"

#include "core/graph/graph.h"
#include "core/ops/softmax/softmax_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

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

} // namespace

Value softmax(const Value& x, int axis)
{
    const std::int64_t counted = countedAxis("Softmax", axis, x.shape());
    return x.graph().add(spec, {x}, {{"axis", counted}})[0];
}

std::vector<const OpSpec*> softmaxOps()
{
    return {&spec, &gradientSpec};
}

void softmaxReferenceKernels(KernelTable& table)
{
    addReference<SoftmaxReference>(table, "Softmax");
    addReference<SoftmaxGradientReference>(table, "SoftmaxGradient");
}

} // namespace weft
