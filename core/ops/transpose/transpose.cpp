#include "core/ops/transpose/transpose.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/transpose/transpose_ref.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const Shape& from = inputs[0].shape;
    const std::vector<std::int64_t>& permutation = attributes.integers("permutation");
    std::vector<std::int64_t> sorted = permutation;
    std::sort(sorted.begin(), sorted.end());
    bool isPermutation = sorted.size() == static_cast<std::size_t>(from.rank());
    for (std::size_t i = 0; i < sorted.size(); ++i)
        isPermutation = isPermutation && sorted[i] == static_cast<std::int64_t>(i);
    if (!isPermutation)
        throw Error(WEFT_TEXT("Ops", "The order of axes %1 does not fit the shape %2. Name each of its %3 axes once, counted from 0."),
                    toString(Extents(permutation)), toString(from), from.rank());
    std::vector<Dim> dims;
    for (const std::int64_t axis : permutation)
        dims.push_back(from[static_cast<int>(axis)]);
    return {{inputs[0].dtype, Shape(std::move(dims))}};
}

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    const std::vector<std::int64_t>& permutation = op.attributes().integers("permutation");
    std::vector<int> inverse(permutation.size());
    for (std::size_t i = 0; i < permutation.size(); ++i)
        inverse[static_cast<std::size_t>(permutation[i])] = static_cast<int>(i);
    return {transpose(dy[0], std::move(inverse))};
}

OnnxForm onnx(const Op& op)
{
    return onnxNode(op, "Transpose", {{"perm", op.attributes().integers("permutation")}});
}

const OpSpec spec{.name = "Transpose", .infer = infer, .gradient = gradient, .onnx = onnx};

} // namespace

Value transpose(const Value& x, std::vector<int> permutation)
{
    return x.graph().add(spec, {x}, {{"permutation", std::vector<std::int64_t>(permutation.begin(), permutation.end())}})[0];
}

std::vector<const OpSpec*> transposeOps()
{
    return {&spec};
}

void transposeReferenceKernels(KernelTable& table)
{
    addMovingReference<TransposeReference>(table, "Transpose");
}

} // namespace weft
