#include "core/ops/over_time/over_time.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/over_time/over_time_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/support/sequence.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    const TensorType& x = inputs[0];
    requireFloating("A reduction over time", x);
    requireRank("A reduction over time", x, 2, maxRank);
    if (inputs.size() > 1)
        requireLengths("A reduction over time", inputs[1], x.shape[0]);
    std::vector<Dim> dims = x.shape.dims();
    dims.erase(dims.begin() + 1);
    return {{x.dtype, Shape(std::move(dims))}};
}

TypeList inferMaxGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

Cost cost(const Op& op, std::int64_t t)
{
    return {0, elementsPerSample(op.input(0).shape(), t)};
}

const OpSpec meanGradientSpec{.name = "MeanOverTimeGradient", .infer = inferShaped};
const OpSpec maxGradientSpec{.name = "MaxOverTimeGradient", .infer = inferMaxGradient};

/// One empty gradient for the lengths, where there are any.
std::vector<Value> ofX(const Op& op, const Value& dx)
{
    std::vector<Value> gradients(op.inputs().size());
    gradients[0] = dx;
    return gradients;
}

std::vector<Value> meanGradient(const Op& op, std::span<const Value> dy)
{
    std::vector<Value> inputs{dy[0]};
    inputs.insert(inputs.end(), op.inputs().begin() + 1, op.inputs().end());
    return ofX(op, op.output().graph().add(meanGradientSpec, std::move(inputs), {{"shape", encodeShape(op.input(0).shape())}})[0]);
}

std::vector<Value> maxGradient(const Op& op, std::span<const Value> dy)
{
    std::vector<Value> inputs{dy[0], op.input(0)};
    inputs.insert(inputs.end(), op.inputs().begin() + 1, op.inputs().end());
    return ofX(op, op.output().graph().add(maxGradientSpec, std::move(inputs))[0]);
}

/// The mask [N, T] with further axes of 1, so that it stretches over x.
std::string maskLikeX(OnnxForm& form, const Op& op)
{
    const std::string mask = onnxLengthMask(form, op.input(0).shape()[1], "x1");
    std::vector<std::int64_t> axes;
    for (int axis = 2; axis < op.input(0).shape().rank(); ++axis)
        axes.push_back(axis);
    if (axes.empty())
        return mask;
    form.constants["maskAxes"] = onnxList(axes);
    form.nodes.push_back({"Unsqueeze", {mask, "maskAxes"}, {"wideMask"}, {}});
    return "wideMask";
}

OnnxForm meanOnnx(const Op& op)
{
    if (op.inputs().size() == 1)
        return onnxNode(op, "ReduceMean", {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t(0)}});
    OnnxForm form;
    const std::string mask = maskLikeX(form, op);
    form.constants["time"] = onnxList({1});
    form.nodes.push_back({"Mul", {"x0", mask}, {"real"}, {}});
    form.nodes.push_back({"ReduceSum", {"real", "time"}, {"sum"}, {{"keepdims", std::int64_t(0)}}});
    form.nodes.push_back({"ReduceSum", {mask, "time"}, {"count"}, {{"keepdims", std::int64_t(0)}}});
    form.nodes.push_back({"Div", {"sum", "count"}, {"y0"}, {}});
    return form;
}

OnnxForm maxOnnx(const Op& op)
{
    const Attributes attributes{{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t(0)}};
    if (op.inputs().size() == 1)
        return onnxNode(op, "ReduceMax", attributes);
    OnnxForm form;
    const std::string bias = onnxMaskBias(form, maskLikeX(form, op), op.input(0).dtype());
    form.nodes.push_back({"Add", {"x0", bias}, {"real"}, {}});
    form.nodes.push_back({"ReduceMax", {"real"}, {"y0"}, attributes});
    return form;
}

const OpSpec meanSpec{.name = "MeanOverTime", .infer = infer, .gradient = meanGradient, .cost = cost, .onnx = meanOnnx};
const OpSpec maxSpec{.name = "MaxOverTime", .infer = infer, .gradient = maxGradient, .cost = cost, .onnx = maxOnnx};

Value apply(const OpSpec& spec, const Value& x, const Value& lengths)
{
    return x.graph().add(spec, lengths ? std::vector<Value>{x, lengths} : std::vector<Value>{x})[0];
}

} // namespace

Value meanOverTime(const Value& x, const Value& lengths)
{
    return apply(meanSpec, x, lengths);
}

Value maxOverTime(const Value& x, const Value& lengths)
{
    return apply(maxSpec, x, lengths);
}

std::vector<const OpSpec*> overTimeOps()
{
    return {&meanSpec, &meanGradientSpec, &maxSpec, &maxGradientSpec};
}

void overTimeReferenceKernels(KernelTable& table)
{
    addReference<MeanOverTimeReference>(table, "MeanOverTime");
    addReference<MeanOverTimeGradientReference>(table, "MeanOverTimeGradient");
    addReference<MaxOverTimeReference>(table, "MaxOverTime");
    addReference<MaxOverTimeGradientReference>(table, "MaxOverTimeGradient");
}

} // namespace weft
