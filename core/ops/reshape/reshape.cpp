#include "core/ops/reshape/reshape.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/reshape/reshape_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const Shape to = decodeShape(attributes.integers("shape"));
    if (to.elements() != inputs[0].shape.elements())
        throw Error(WEFT_TEXT("Ops", "The shape %1 has %2 elements, but the new shape %3 has %4. Choose a shape of equal size."),
                    toString(inputs[0].shape), toString(inputs[0].shape.elements()), toString(to), toString(to.elements()));
    return {{inputs[0].dtype, to}};
}

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    return {reshape(dy[0], op.input(0).shape())};
}

OnnxForm onnx(const Op& op)
{
    return {{{"Reshape", {"x0", "shape"}, {"y0"}, {}}}, {{"shape", onnxList(onnxReshape(op.input(0).shape(), op.output().shape()))}}};
}

Cost noCost(const Op&, std::int64_t)
{
    return {};
}

const OpSpec spec{.name = "Reshape", .infer = infer, .gradient = gradient, .cost = noCost, .onnx = onnx, .isView = true};

} // namespace

Value reshape(const Value& x, const Shape& shape)
{
    return x.shape() == shape ? x : x.graph().add(spec, {x}, {{"shape", encodeShape(shape)}})[0];
}

std::vector<const OpSpec*> reshapeOps()
{
    return {&spec};
}

void reshapeReferenceKernels(KernelTable& table)
{
    addMovingReference<ReshapeReference>(table, "Reshape");
}

} // namespace weft
