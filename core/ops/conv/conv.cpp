#include "core/ops/conv/conv.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/conv/conv_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/support/window.h"

namespace weft {

namespace {

using Integers = std::vector<std::int64_t>;

void requireFit(const TensorType& x, const TensorType& kernel, std::int64_t groups)
{
    requireFloating("Conv", x);
    requireSameDType("Conv", x, kernel);
    requireRank("Conv", x, 3, 5);
    if (kernel.shape.rank() != x.shape.rank() || !kernel.shape.isFixed())
        throw Error(WEFT_TEXT("Ops", "Conv needs a kernel [filters, channels, …] with as many axes as the input %1, but it is %2."),
                    toString(x.shape), toString(kernel.shape));
    const Dim channels = x.shape[1];
    if (!channels.isFixed() || groups < 1 || channels.factor % groups != 0 || kernel.shape[0].factor % groups != 0)
        throw Error(WEFT_TEXT("Ops", "Conv cannot split the %1 channels of %2 and the %3 filters into %4 groups. Choose a divisor of both."),
                    toString(channels), toString(x.shape), toString(kernel.shape[0]), groups);
    if (kernel.shape[1].factor * groups != channels.factor)
        throw Error(WEFT_TEXT("Ops", "Conv: the kernel %1 expects %2 channels in each of %3 groups, but the input %4 has %5 channels."),
                    toString(kernel.shape), toString(kernel.shape[1]), groups, toString(x.shape), toString(channels));
}

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType& x = inputs[0];
    const TensorType& kernel = inputs[1];
    requireFit(x, kernel, attributes.integer("groups"));
    if (inputs.size() > 2 && inputs[2] != TensorType{x.dtype, {kernel.shape[0]}})
        throw Error(WEFT_TEXT("Ops", "Conv needs a bias with one number for each of the %1 filters, but it is %2."), toString(kernel.shape[0]),
                    describe(inputs[2]));
    const std::size_t axes = static_cast<std::size_t>(x.shape.rank() - 2);
    for (const char* key : {"strides", "padBegin", "padEnd", "dilations"}) {
        if (attributes.integers(key).size() != axes)
            throw Error(WEFT_TEXT("Ops", "Conv over the input %1 needs %2 numbers in %3, but has %4."), toString(x.shape), axes, key,
                        attributes.integers(key).size());
    }
    std::vector<Dim> dims{x.shape[0], kernel.shape[0]};
    for (std::size_t i = 0; i < axes; ++i) {
        const int axis = static_cast<int>(i) + 2;
        dims.push_back(windowPositions("Conv", x.shape, x.shape[axis], kernel.shape[axis].factor, attributes.integers("strides")[i],
                                       attributes.integers("padBegin")[i], attributes.integers("padEnd")[i], attributes.integers("dilations")[i]));
    }
    return {{x.dtype, Shape(std::move(dims))}};
}

TypeList inferKernelGradient(TypeSpan inputs, const Attributes& attributes)
{
    const Dim filters = inputs[1].shape[1];
    std::vector<Dim> dims{filters, inputs[0].shape[1].factor / attributes.integer("groups")};
    for (const std::int64_t size : attributes.integers("kernelSize"))
        dims.push_back(size);
    const DType type = resultType(inputs[0].dtype, attributes);
    TypeList types{{type, Shape(std::move(dims))}};
    if (attributes.flag("hasBias"))
        types.push_back({type, {filters}});
    return types;
}

/// Products of a convolution that gives y with this kernel: C/groups · kernel size for each element of y.
Cost costOf(const Value& y, const Shape& kernel, std::int64_t t)
{
    return {elementsPerSample(y.shape(), t) * elementsPerSample(kernel, t) / static_cast<double>(kernel[0].factor), 0};
}

Cost cost(const Op& op, std::int64_t t)
{
    return costOf(op.output(), op.input(1).shape(), t);
}
Cost inputGradientCost(const Op& op, std::int64_t t)
{
    return costOf(op.input(0), op.input(1).shape(), t);
}
Cost kernelGradientCost(const Op& op, std::int64_t t)
{
    return costOf(op.input(1), op.output().shape(), t);
}

/// Extent of dx without output padding, for an axis of dy.
std::int64_t smallestInput(const Attributes& attributes, std::size_t axis, std::int64_t positions, std::int64_t kernel)
{
    return (positions - 1) * attributes.integers("strides")[axis] - attributes.integers("padBegin")[axis] - attributes.integers("padEnd")[axis]
        + (kernel - 1) * attributes.integers("dilations")[axis] + 1;
}

OnnxForm transposeOnnx(const Op& op)
{
    const Attributes& attributes = op.attributes();
    Integers pads = attributes.integers("padBegin");
    pads.insert(pads.end(), attributes.integers("padEnd").begin(), attributes.integers("padEnd").end());
    const Extents kernel = op.input(1).shape().at(1);
    Integers outputPadding;
    for (std::size_t i = 0; i + 2 < kernel.size(); ++i) {
        const int axis = static_cast<int>(i) + 2;
        outputPadding.push_back(op.output().shape()[axis].factor - smallestInput(attributes, i, op.input(0).shape()[axis].factor, kernel[i + 2]));
    }
    return onnxNode(op, "ConvTranspose",
                    {{"kernel_shape", Integers(kernel.begin() + 2, kernel.end())},
                     {"strides", attributes.integers("strides")},
                     {"pads", pads},
                     {"dilations", attributes.integers("dilations")},
                     {"group", attributes.integer("groups")},
                     {"output_padding", outputPadding}});
}

const OpSpec kernelGradientSpec{.name = "ConvKernelGradient", .infer = inferKernelGradient, .cost = kernelGradientCost};

/// The gradient of a transposed convolution is the convolution, and the same kernel gradient with x and dy changing places.
std::vector<Value> transposeGradient(const Op& op, std::span<const Value> dy)
{
    const Value& kernel = op.input(1);
    const Attributes& attributes = op.attributes();
    const ConvGeometry geometry{attributes.integers("strides"), attributes.integers("padBegin"), attributes.integers("padEnd"),
                                attributes.integers("dilations"), attributes.integer("groups")};
    Attributes forKernel = attributes;
    const Extents kernelExtents = kernel.shape().at(1);
    forKernel.set("kernelSize", Integers(kernelExtents.begin() + 2, kernelExtents.end()));
    forKernel.set("hasBias", false);
    const Value dKernel = op.output().graph().add(kernelGradientSpec, {dy[0], op.input(0)}, std::move(forKernel))[0];
    return {conv(dy[0], kernel, Value(), geometry), dKernel};
}

const OpSpec inputGradientSpec{
    .name = "ConvInputGradient", .infer = inferShaped, .gradient = transposeGradient, .cost = inputGradientCost, .onnx = transposeOnnx};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    Graph& graph = op.output().graph();
    const Value& x = op.input(0);
    const Value& kernel = op.input(1);
    const bool hasBias = op.inputs().size() > 2;

    Attributes forInput = op.attributes();
    forInput.set("shape", encodeShape(x.shape()));
    const Value dx = graph.add(inputGradientSpec, {dy[0], kernel}, std::move(forInput))[0];

    Attributes forKernel = op.attributes();
    const Extents kernelExtents = kernel.shape().at(1);
    forKernel.set("kernelSize", Integers(kernelExtents.begin() + 2, kernelExtents.end()));
    forKernel.set("hasBias", hasBias);
    const auto& ofKernel = graph.add(kernelGradientSpec, {x, dy[0]}, std::move(forKernel));
    std::vector<Value> gradients{dx, ofKernel[0]};
    if (hasBias)
        gradients.push_back(ofKernel[1]);
    return gradients;
}

OnnxForm onnx(const Op& op)
{
    const Attributes& attributes = op.attributes();
    Integers pads = attributes.integers("padBegin");
    pads.insert(pads.end(), attributes.integers("padEnd").begin(), attributes.integers("padEnd").end());
    const Extents kernel = op.input(1).shape().at(1);
    return onnxNode(op, "Conv",
                    {{"kernel_shape", Integers(kernel.begin() + 2, kernel.end())},
                     {"strides", attributes.integers("strides")},
                     {"pads", pads},
                     {"dilations", attributes.integers("dilations")},
                     {"group", attributes.integer("groups")}});
}

const OpSpec spec{.name = "Conv", .infer = infer, .gradient = gradient, .cost = cost, .onnx = onnx};

} // namespace

Value conv(const Value& x, const Value& kernel, const Value& bias, const ConvGeometry& geometry)
{
    std::vector<Value> inputs{x, kernel};
    if (bias)
        inputs.push_back(bias);
    return x.graph().add(spec, std::move(inputs),
                         {{"strides", geometry.strides},
                          {"padBegin", geometry.padBegin},
                          {"padEnd", geometry.padEnd},
                          {"dilations", geometry.dilations},
                          {"groups", geometry.groups}})[0];
}

Value convTranspose(const Value& x, const Value& kernel, const ConvGeometry& geometry, const std::vector<std::int64_t>& outputPadding)
{
    const std::size_t axes = geometry.strides.size();
    const Shape &shape = x.shape(), &k = kernel.shape();
    bool fits = shape.rank() == static_cast<int>(axes) + 2 && k.rank() == shape.rank() && k.isFixed() && shape[1] == k[0]
        && outputPadding.size() == axes && geometry.groups > 0 && k[0].factor % geometry.groups == 0;
    for (int axis = 2; fits && axis < shape.rank(); ++axis)
        fits = shape[axis].isFixed();
    if (!fits)
        throw Error(WEFT_TEXT("Ops", "A transposed convolution with %1 groups cannot use the kernel %2 on the input %3."), geometry.groups,
                    toString(k), toString(shape));
    Attributes attributes{{"strides", geometry.strides},
                          {"padBegin", geometry.padBegin},
                          {"padEnd", geometry.padEnd},
                          {"dilations", geometry.dilations},
                          {"groups", geometry.groups}};
    std::vector<Dim> dims{shape[0], k[1].factor * geometry.groups};
    for (std::size_t i = 0; i < axes; ++i) {
        const int axis = static_cast<int>(i) + 2;
        const std::int64_t extent = smallestInput(attributes, i, shape[axis].factor, k[axis].factor) + outputPadding[i];
        if (extent < 1 || outputPadding[i] < 0 || outputPadding[i] >= geometry.strides[i])
            throw Error(WEFT_TEXT("Ops",
                                  "A transposed convolution of %1 with the kernel %2 leaves %3 positions with an output padding of %4; the "
                                  "output padding must be below the stride, %5."),
                        toString(shape), toString(k), extent, outputPadding[i], geometry.strides[i]);
        dims.push_back(extent);
    }
    attributes.set("shape", encodeShape(Shape(std::move(dims))));
    return x.graph().add(inputGradientSpec, {x, kernel}, std::move(attributes))[0];
}

std::vector<const OpSpec*> convOps()
{
    return {&spec, &inputGradientSpec, &kernelGradientSpec};
}

void convReferenceKernels(KernelTable& table)
{
    addReference<ConvReference>(table, "Conv");
    addReference<ConvInputGradientReference>(table, "ConvInputGradient");
    addReference<ConvKernelGradientReference>(table, "ConvKernelGradient");
}

} // namespace weft
