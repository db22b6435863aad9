#include "core/ops/steps/steps.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/steps/steps_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/support/sequence.h"

namespace weft {

namespace {

TypeList inferSteps(TypeSpan, const Attributes& attributes)
{
    return {{DType::Int32, decodeShape(attributes.integers("shape"))}};
}

TypeList inferLess(TypeSpan inputs, const Attributes&)
{
    for (const TensorType& input : inputs) {
        if (input.dtype != DType::Int32)
            throw Error(WEFT_TEXT("Ops", "Less compares int32 numbers, but was given %1. Cast them."), describe(input));
    }
    return {{DType::UInt8, broadcastShapes("Less", inputs[0].shape, inputs[1].shape)}};
}

OnnxForm stepsOnnx(const Op& op)
{
    OnnxForm form;
    form.nodes.push_back({"Identity", {onnxSteps(form, op.output().shape()[0])}, {"y0"}, {}});
    return form;
}

/// ONNX gives truth values; ours are bytes.
OnnxForm lessOnnx(const Op&)
{
    return {{{"Less", {"x0", "x1"}, {"isLess"}, {}}, {"Cast", {"isLess"}, {"y0"}, {{"to", onnxType(DType::UInt8)}}}}, {}};
}

const OpSpec stepsSpec{.name = "Steps", .infer = inferSteps, .onnx = stepsOnnx};
const OpSpec lessSpec{.name = "Less", .infer = inferLess, .onnx = lessOnnx};

template <class Reference> std::vector<KernelOption> factory(const KernelRequest& request)
{
    return referenceOption<Reference>(request, &Reference::run);
}

} // namespace

Value steps(Graph& graph, const Dim& count)
{
    return graph.add(stepsSpec, {}, {{"shape", encodeShape({count})}})[0];
}

Value less(const Value& a, const Value& b)
{
    return a.graph().add(lessSpec, {a, b})[0];
}

std::vector<const OpSpec*> stepsOps()
{
    return {&stepsSpec, &lessSpec};
}

void stepsReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "Steps", &factory<StepsReference>);
    table.add(DeviceKind::Reference, "Less", &factory<LessReference>);
}

} // namespace weft
