#include "core/ops/concat/concat.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/concat/concat_ref.h"
#include "core/ops/slice/slice.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const int axis = static_cast<int>(attributes.integer("axis"));
    std::vector<Dim> dims = inputs[0].shape.dims();
    Dim total(0);
    for (const TensorType& input : inputs) {
        requireSameDType("Concat", inputs[0], input);
        bool fits = input.shape.rank() == inputs[0].shape.rank();
        for (int i = 0; fits && i < input.shape.rank(); ++i)
            fits = i == axis || input.shape[i] == inputs[0].shape[i];
        if (!fits)
            throw Error(WEFT_TEXT("Ops", "The shapes %1 and %2 cannot be joined along axis %3. All other axes must be equal."),
                        toString(inputs[0].shape), toString(input.shape), axis);
        if (!input.shape[axis].isFixed())
            throw Error(
                WEFT_TEXT("Ops", "The shape %1 cannot be joined along axis %2, which depends on the batch or the sequence. Choose another axis."),
                toString(input.shape), axis);
        total.factor += input.shape[axis].factor;
    }
    dims[static_cast<std::size_t>(axis)] = total;
    return {{inputs[0].dtype, Shape(std::move(dims))}};
}

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    const int axis = static_cast<int>(op.attributes().integer("axis"));
    std::vector<Value> gradients;
    std::int64_t begin = 0;
    for (const Value& input : op.inputs()) {
        const std::int64_t end = begin + input.shape()[axis].factor;
        gradients.push_back(slice(dy[0], axis, begin, end));
        begin = end;
    }
    return gradients;
}

OnnxForm onnx(const Op& op)
{
    return onnxNode(op, "Concat", {{"axis", op.attributes().integer("axis")}});
}

const OpSpec spec{.name = "Concat", .infer = infer, .gradient = gradient, .onnx = onnx};

} // namespace

Value concat(const std::vector<Value>& values, int axis)
{
    if (values.empty())
        throw Error(WEFT_TEXT("Ops", "Concat has nothing to join. Give it at least one input."));
    const std::int64_t counted = countedAxis("Concat", axis, values[0].shape());
    return values[0].graph().add(spec, values, {{"axis", counted}})[0];
}

std::vector<const OpSpec*> concatOps()
{
    return {&spec};
}

void concatReferenceKernels(KernelTable& table)
{
    addMovingReference<ConcatReference>(table, "Concat");
}

} // namespace weft
