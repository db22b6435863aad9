#include "core/ops/constant/constant.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/cast/cast_ref.h"
#include "core/ops/constant/constant_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

using Reals = std::vector<double>;

TypeList infer(TypeSpan, const Attributes& attributes)
{
    const Shape shape = decodeShape(attributes.integers("shape"));
    const std::size_t given = attributes.get<Reals>("values").size();
    const bool isFull = shape.isFixed() && static_cast<std::int64_t>(given) == elementCount(shape.at(1));
    if (given != 1 && !isFull)
        throw Error(WEFT_TEXT("Ops", "A constant of the shape %1 was given %2 numbers. Give one, or one for each element."), toString(shape), given);
    return {{static_cast<DType>(attributes.integer("dtype")), shape}};
}

Cost cost(const Op&, std::int64_t)
{
    return {};
}

OnnxForm onnx(const Op& op)
{
    const Shape& shape = op.output().shape();
    if (!shape.isFixed())
        throw Error(WEFT_TEXT("Ops", "A constant of the shape %1 cannot be written as ONNX: its size depends on the batch or the sequence."),
                    toString(shape));
    Reals values = op.attributes().get<Reals>("values");
    values.resize(static_cast<std::size_t>(elementCount(shape.at(1))), values[0]);
    return {{{"Identity", {"values"}, {"y0"}, {}}}, {{"values", {op.output().dtype(), shape.at(1), std::move(values)}}}};
}

const OpSpec spec{.name = "Constant", .infer = infer, .cost = cost, .onnx = onnx};

std::vector<KernelOption> factory(const KernelRequest& request)
{
    std::vector<KernelOption> options;
    visitType(request.outputs[0].dtype, [&](auto type) {
        options.push_back(rowMajorOption(request, "reference", 1.0, [values = request.attributes.get<Reals>("values")](const KernelContext& context) {
            writeConstant<decltype(type)>(context, values);
        }));
    });
    return options;
}

} // namespace

Value constant(Graph& graph, DType dtype, const Shape& shape, std::vector<double> values)
{
    return graph.add(spec, {}, {{"values", std::move(values)}, {"shape", encodeShape(shape)}, {"dtype", static_cast<std::int64_t>(dtype)}})[0];
}

std::vector<const OpSpec*> constantOps()
{
    return {&spec};
}

void constantReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "Constant", factory);
}

} // namespace weft
