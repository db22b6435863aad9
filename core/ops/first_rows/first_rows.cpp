#include "core/ops/first_rows/first_rows.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/first_rows/first_rows_ref.h"
#include "core/ops/slice/slice.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TensorType withRows(const TensorType& type, const Dim& rows)
{
    std::vector<Dim> dims = type.shape.dims();
    dims[0] = rows;
    return {type.dtype, Shape(std::move(dims))};
}

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    requireRank("A table of steps", inputs[0], 1, maxRank);
    return {withRows(inputs[0], decodeShape(attributes.integers("rows"))[0])};
}

const OpSpec gradientSpec{.name = "FirstRowsGradient", .infer = infer};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(gradientSpec, {dy[0]}, {{"rows", encodeShape({op.input(0).shape()[0]})}})[0]};
}

OnnxForm onnx(const Op&)
{
    return {{{"Unsqueeze", {"T", "first"}, {"end"}, {}}, {"Slice", {"x0", "first", "end", "first"}, {"y0"}, {}}}, {{"first", onnxList({0})}}};
}

const OpSpec spec{.name = "FirstRows", .infer = infer, .gradient = gradient, .onnx = onnx};

std::vector<KernelOption> factory(const KernelRequest& request)
{
    if (request.outputs[0].extents[0] > request.inputs[0].extents[0])
        return {};
    return movingFactory<FirstRowsReference>(request);
}

} // namespace

Value firstRows(const Value& table, const Dim& rows)
{
    if (rows.isFixed())
        return rows == table.shape()[0] ? table : slice(table, 0, 0, rows.factor);
    return table.graph().add(spec, {table}, {{"rows", encodeShape({rows})}})[0];
}

std::vector<const OpSpec*> firstRowsOps()
{
    return {&spec, &gradientSpec};
}

void firstRowsReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "FirstRows", &factory);
    addMovingReference<FirstRowsReference>(table, "FirstRowsGradient");
}

} // namespace weft
