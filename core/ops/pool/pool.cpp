#include "core/ops/pool/pool.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/pool/pool_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/support/window.h"

namespace weft {

namespace {

using Integers = std::vector<std::int64_t>;

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType& x = inputs[0];
    requireFloating("Pooling", x);
    requireRank("Pooling", x, 3, 5);
    const std::size_t axes = static_cast<std::size_t>(x.shape.rank() - 2);
    for (const char* key : {"kernel", "strides", "padBegin", "padEnd"}) {
        if (attributes.integers(key).size() != axes)
            throw Error(WEFT_TEXT("Ops", "Pooling over the input %1 needs %2 numbers in %3, but has %4."), toString(x.shape), axes, key,
                        attributes.integers(key).size());
    }
    std::vector<Dim> dims{x.shape[0], x.shape[1]};
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int64_t kernel = attributes.integers("kernel")[i];
        const std::int64_t before = attributes.integers("padBegin")[i];
        const std::int64_t after = attributes.integers("padEnd")[i];
        // A window of nothing but padding has no largest element.
        if (before >= kernel || after >= kernel)
            throw Error(WEFT_TEXT("Ops", "Pooling with a window of %1 allows padding of at most %2, but it is %3 and %4."), kernel, kernel - 1,
                        before, after);
        dims.push_back(
            windowPositions("Pooling", x.shape, x.shape[static_cast<int>(i) + 2], kernel, attributes.integers("strides")[i], before, after, 1));
    }
    return {{x.dtype, Shape(std::move(dims))}};
}

TypeList inferMaxGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

const OpSpec maxPoolGradientSpec{.name = "MaxPoolGradient", .infer = inferMaxGradient};
const OpSpec averagePoolGradientSpec{.name = "AveragePoolGradient", .infer = inferShaped};

std::vector<Value> maxPoolGradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(maxPoolGradientSpec, {dy[0], op.input(0), op.output()}, op.attributes())[0]};
}

std::vector<Value> averagePoolGradient(const Op& op, std::span<const Value> dy)
{
    Attributes attributes = op.attributes();
    attributes.set("shape", encodeShape(op.input(0).shape()));
    return {op.output().graph().add(averagePoolGradientSpec, {dy[0]}, std::move(attributes))[0]};
}

Attributes onnxWindow(const Op& op)
{
    const Attributes& attributes = op.attributes();
    Integers pads = attributes.integers("padBegin");
    pads.insert(pads.end(), attributes.integers("padEnd").begin(), attributes.integers("padEnd").end());
    return {{"kernel_shape", attributes.integers("kernel")}, {"strides", attributes.integers("strides")}, {"pads", pads}};
}

OnnxForm maxPoolOnnx(const Op& op)
{
    return onnxNode(op, "MaxPool", onnxWindow(op));
}

OnnxForm averagePoolOnnx(const Op& op)
{
    Attributes attributes = onnxWindow(op);
    attributes.set("count_include_pad", std::int64_t(op.attributes().flag("countPadding") ? 1 : 0));
    return onnxNode(op, "AveragePool", std::move(attributes));
}

const OpSpec maxPoolSpec{.name = "MaxPool", .infer = infer, .gradient = maxPoolGradient, .onnx = maxPoolOnnx};
const OpSpec averagePoolSpec{.name = "AveragePool", .infer = infer, .gradient = averagePoolGradient, .onnx = averagePoolOnnx};

Attributes windowAttributes(const PoolGeometry& geometry)
{
    return {{"kernel", geometry.kernel}, {"strides", geometry.strides}, {"padBegin", geometry.padBegin}, {"padEnd", geometry.padEnd}};
}

} // namespace

Value maxPool(const Value& x, const PoolGeometry& geometry)
{
    return x.graph().add(maxPoolSpec, {x}, windowAttributes(geometry))[0];
}

Value averagePool(const Value& x, const PoolGeometry& geometry, bool countPadding)
{
    Attributes attributes = windowAttributes(geometry);
    attributes.set("countPadding", countPadding);
    return x.graph().add(averagePoolSpec, {x}, std::move(attributes))[0];
}

std::vector<const OpSpec*> poolOps()
{
    return {&maxPoolSpec, &maxPoolGradientSpec, &averagePoolSpec, &averagePoolGradientSpec};
}

void poolReferenceKernels(KernelTable& table)
{
    addReference<MaxPoolReference>(table, "MaxPool");
    addReference<MaxPoolGradientReference>(table, "MaxPoolGradient");
    addReference<AveragePoolReference>(table, "AveragePool");
    addReference<AveragePoolGradientReference>(table, "AveragePoolGradient");
}

} // namespace weft
