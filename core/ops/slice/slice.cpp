#include "core/ops/slice/slice.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/slice/slice_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TensorType withExtent(const TensorType& type, std::int64_t axis, std::int64_t extent)
{
    std::vector<Dim> dims = type.shape.dims();
    dims[static_cast<std::size_t>(axis)] = extent;
    return {type.dtype, Shape(std::move(dims))};
}

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const std::int64_t axis = attributes.integer("axis"), begin = attributes.integer("begin"), end = attributes.integer("end");
    const Dim extent = inputs[0].shape[static_cast<int>(axis)];
    if (!extent.isFixed() || begin < 0 || begin >= end || end > extent.factor)
        throw Error(WEFT_TEXT("Ops", "The part from %1 to before %2 does not lie within axis %3 of the shape %4. Choose 0 ≤ begin < end ≤ %5."),
                    begin, end, axis, toString(inputs[0].shape), toString(extent));
    return {withExtent(inputs[0], axis, end - begin)};
}

TypeList inferGradient(TypeSpan inputs, const Attributes& attributes)
{
    return {withExtent(inputs[0], attributes.integer("axis"), attributes.integer("extent"))};
}

/// The gradient of padding with zeros is the slice.
std::vector<Value> gradientOfGradient(const Op& op, std::span<const Value> dy)
{
    const Attributes& attributes = op.attributes();
    return {slice(dy[0], static_cast<int>(attributes.integer("axis")), attributes.integer("begin"), attributes.integer("end"))};
}

/// ONNX lists the zeros before each axis, then those after each.
OnnxForm padOnnx(const Op& op)
{
    const Attributes& attributes = op.attributes();
    const auto rank = static_cast<std::size_t>(op.output().shape().rank());
    const auto axis = static_cast<std::size_t>(attributes.integer("axis"));
    std::vector<std::int64_t> pads(2 * rank, 0);
    pads[axis] = attributes.integer("begin");
    pads[rank + axis] = attributes.integer("extent") - attributes.integer("end");
    return {{{"Pad", {"x0", "pads"}, {"y0"}, {{"mode", std::string("constant")}}}}, {{"pads", onnxList(pads)}}};
}

const OpSpec gradientSpec{.name = "SliceGradient", .infer = inferGradient, .gradient = gradientOfGradient, .onnx = padOnnx};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    Attributes attributes = op.attributes();
    attributes.set("extent", op.input(0).shape()[static_cast<int>(attributes.integer("axis"))].factor);
    return {op.output().graph().add(gradientSpec, {dy[0]}, std::move(attributes))[0]};
}

OnnxForm onnx(const Op& op)
{
    const Attributes& attributes = op.attributes();
    return {{{"Slice", {"x0", "starts", "ends", "axes"}, {"y0"}, {}}},
            {{"starts", onnxList({attributes.integer("begin")})},
             {"ends", onnxList({attributes.integer("end")})},
             {"axes", onnxList({attributes.integer("axis")})}}};
}

const OpSpec spec{.name = "Slice", .infer = infer, .gradient = gradient, .onnx = onnx};

} // namespace

Value slice(const Value& x, int axis, std::int64_t begin, std::int64_t end)
{
    const std::int64_t counted = countedAxis("Slice", axis, x.shape());
    return x.graph().add(spec, {x}, {{"axis", counted}, {"begin", begin}, {"end", end}})[0];
}

Value padZeros(const Value& x, int axis, std::int64_t before, std::int64_t after)
{
    const std::int64_t counted = countedAxis("Pad", axis, x.shape());
    const Dim extent = x.shape()[static_cast<int>(counted)];
    if (!extent.isFixed() || before < 0 || after < 0)
        throw Error(WEFT_TEXT("Ops", "Padding with %1 and %2 zeros needs a fixed axis and counts that are not negative, but axis %3 of %4 is given."),
                    before, after, counted, toString(x.shape()));
    return x.graph().add(gradientSpec, {x},
                         {{"axis", counted}, {"begin", before}, {"end", before + extent.factor}, {"extent", before + extent.factor + after}})[0];
}

std::vector<const OpSpec*> sliceOps()
{
    return {&spec, &gradientSpec};
}

void sliceReferenceKernels(KernelTable& table)
{
    addMovingReference<SliceReference<false>>(table, "Slice");
    addMovingReference<SliceReference<true>>(table, "SliceGradient");
}

} // namespace weft
