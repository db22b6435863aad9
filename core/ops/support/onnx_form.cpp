#include "core/ops/support/onnx_form.h"

#include "core/base/error.h"

namespace weft {

OnnxForm onnxNode(const Op& op, const char* type, Attributes attributes)
{
    OnnxNode node{type, {}, {}, std::move(attributes)};
    for (std::size_t i = 0; i < op.inputs().size(); ++i)
        node.inputs.push_back("x" + std::to_string(i));
    for (std::size_t i = 0; i < op.outputs().size(); ++i)
        node.outputs.push_back("y" + std::to_string(i));
    return {{std::move(node)}, {}};
}

OnnxConstant onnxScalar(DType dtype, double value)
{
    return {dtype, {}, {value}};
}

OnnxConstant onnxList(const std::vector<std::int64_t>& values)
{
    return {DType::Int64, {static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()}};
}

std::int64_t onnxType(DType dtype)
{
    switch (dtype) {
    case DType::Float32: return 1;
    case DType::UInt8: return 2;
    case DType::Int32: return 6;
    case DType::Int64: return 7;
    case DType::Float16: return 10;
    case DType::Float64: return 11;
    case DType::BFloat16: return 16;
    }
    return 0;
}

std::vector<std::int64_t> onnxReshape(const Shape& from, const Shape& to)
{
    std::vector<std::int64_t> entries;
    int inferred = 0;
    for (int i = 0; i < to.rank(); ++i) {
        if (to[i].isFixed()) {
            entries.push_back(to[i].factor);
        } else if (i < from.rank() && from[i] == to[i]) {
            entries.push_back(0);
        } else {
            entries.push_back(-1);
            ++inferred;
        }
    }
    if (inferred > 1)
        throw Error(
            WEFT_TEXT("Ops", "The reshape from %1 to %2 cannot be written as ONNX: more than one axis changes with the batch or the sequence."),
            toString(from), toString(to));
    return entries;
}

} // namespace weft
