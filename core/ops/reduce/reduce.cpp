#include "core/ops/reduce/reduce.h"

#include <algorithm>

#include "core/graph/graph.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/reduce/reduce_ref.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

using Integers = std::vector<std::int64_t>;

Shape reducedShape(const Shape& from, const Integers& axes, bool keepDims)
{
    std::vector<Dim> dims;
    for (int i = 0; i < from.rank(); ++i) {
        const bool isReduced = std::find(axes.begin(), axes.end(), i) != axes.end();
        if (!isReduced)
            dims.push_back(from[i]);
        else if (keepDims)
            dims.push_back(1);
    }
    return Shape(std::move(dims));
}

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    requireFloating("A reduction", inputs[0]);
    return {{resultType(inputs[0].dtype, attributes), reducedShape(inputs[0].shape, attributes.integers("axes"), attributes.flag("keepDims"))}};
}

TypeList inferMaxGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

Cost cost(const Op& op, std::int64_t t)
{
    return {0, elementsPerSample(op.input(0).shape(), t)};
}

const OpSpec meanGradientSpec{.name = "ReduceMeanGradient", .infer = inferShaped};
const OpSpec maxGradientSpec{.name = "ReduceMaxGradient", .infer = inferMaxGradient};

std::vector<Value> sumGradient(const Op& op, std::span<const Value> dy)
{
    const Shape& from = op.input(0).shape();
    return {broadcastTo(reshape(dy[0], reducedShape(from, op.attributes().integers("axes"), true)), from)};
}

std::vector<Value> meanGradient(const Op& op, std::span<const Value> dy)
{
    Attributes attributes = op.attributes();
    attributes.set("shape", encodeShape(op.input(0).shape()));
    return {op.output().graph().add(meanGradientSpec, {dy[0]}, std::move(attributes))[0]};
}

std::vector<Value> maxGradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(maxGradientSpec, {dy[0], op.input(0), op.output()}, op.attributes())[0]};
}

std::int64_t keepsDims(const Op& op)
{
    return op.attributes().flag("keepDims") ? 1 : 0;
}

/// Since opset 13 the axes of ReduceSum are an input; those of the others follow in opset 18.
OnnxForm sumOnnx(const Op& op)
{
    return {{{"ReduceSum", {"x0", "axes"}, {"y0"}, {{"keepdims", keepsDims(op)}}}}, {{"axes", onnxList(op.attributes().integers("axes"))}}};
}

OnnxForm meanOnnx(const Op& op)
{
    return onnxNode(op, "ReduceMean", {{"axes", op.attributes().integers("axes")}, {"keepdims", keepsDims(op)}});
}

OnnxForm maxOnnx(const Op& op)
{
    return onnxNode(op, "ReduceMax", {{"axes", op.attributes().integers("axes")}, {"keepdims", keepsDims(op)}});
}

const OpSpec sumSpec{.name = "ReduceSum", .infer = infer, .gradient = sumGradient, .cost = cost, .onnx = sumOnnx};
const OpSpec meanSpec{.name = "ReduceMean", .infer = infer, .gradient = meanGradient, .cost = cost, .onnx = meanOnnx};
const OpSpec maxSpec{.name = "ReduceMax", .infer = infer, .gradient = maxGradient, .cost = cost, .onnx = maxOnnx};

/// Counts axes from the front, sorts them and fills in all of them for none.
Value apply(const OpSpec& spec, const Value& x, const std::vector<int>& axes, bool keepDims)
{
    Integers counted;
    for (const int axis : axes)
        counted.push_back(countedAxis("A reduction", axis, x.shape()));
    for (int i = 0; axes.empty() && i < x.shape().rank(); ++i)
        counted.push_back(i);
    std::sort(counted.begin(), counted.end());
    counted.erase(std::unique(counted.begin(), counted.end()), counted.end());
    return x.graph().add(spec, {x}, {{"axes", counted}, {"keepDims", keepDims}})[0];
}

} // namespace

Value reduceSum(const Value& x, std::vector<int> axes, bool keepDims)
{
    return apply(sumSpec, x, axes, keepDims);
}
Value reduceMean(const Value& x, std::vector<int> axes, bool keepDims)
{
    return apply(meanSpec, x, axes, keepDims);
}
Value reduceMax(const Value& x, std::vector<int> axes, bool keepDims)
{
    return apply(maxSpec, x, axes, keepDims);
}

std::vector<const OpSpec*> reduceOps()
{
    return {&sumSpec, &meanSpec, &meanGradientSpec, &maxSpec, &maxGradientSpec};
}

void reduceReferenceKernels(KernelTable& table)
{
    addReference<ReduceSumReference<false>>(table, "ReduceSum");
    addReference<ReduceSumReference<true>>(table, "ReduceMean");
    addReference<ReduceMeanGradientReference>(table, "ReduceMeanGradient");
    addReference<ReduceMaxReference>(table, "ReduceMax");
    addReference<ReduceMaxGradientReference>(table, "ReduceMaxGradient");
}

} // namespace weft
