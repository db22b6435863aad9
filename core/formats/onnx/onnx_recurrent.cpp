#include "core/formats/onnx/onnx_recurrent.h"

#include "core/base/error.h"
#include "core/ops/concat/concat.h"
#include "core/ops/recurrent/recurrent_onnx.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"
#include "core/ops/transpose/transpose.h"

namespace weft {

namespace {

/// The blocks of the first axis, which stand in ONNX's order of gates, in ours.
Value inOurOrder(Cell cell, const Value& x)
{
    const std::vector<std::int64_t> order = onnxGates(cell);
    const std::int64_t units = x.shape()[0].factor / static_cast<std::int64_t>(order.size());
    std::vector<Value> gates(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto begin = static_cast<std::int64_t>(i) * units;
        gates[static_cast<std::size_t>(order[i])] = slice(x, 0, begin, begin + units);
    }
    return gates.size() == 1 ? gates[0] : concat(gates, 0);
}

/// [1, G·H, in] as [in, G·H].
Value weights(Cell cell, const Value& x)
{
    return transpose(inOurOrder(cell, reshape(x, {x.shape()[1], x.shape()[2]})), {1, 0});
}

} // namespace

bool isRecurrentOnnx(const std::string& type)
{
    return type == "RNN" || type == "LSTM" || type == "GRU";
}

RecurrentResult buildRecurrentOnnx(const OnnxOperator& node)
{
    const Cell cell = node.type == "RNN" ? Cell::SimpleRnn : node.type == "LSTM" ? Cell::Lstm : Cell::Gru;
    const std::string direction = node.attributes.has("direction") ? node.attributes.text("direction") : "forward";
    const bool isOurs = node.inputs.size() >= 4 && node.inputs.size() <= 5 && direction != "bidirectional"
        && (cell != Cell::Gru || (node.attributes.has("linear_before_reset") && node.attributes.integer("linear_before_reset") == 1));
    if (!isOurs)
        throw Error(WEFT_TEXT("Formats", "The ONNX node %1 (%2) has settings that Weft does not read."), node.name, node.type);
    for (const OnnxOperand& input : node.inputs) {
        if (!input.value)
            throw Error(WEFT_TEXT("Formats", "The ONNX node %1 (%2) lacks an input or a setting. The file is damaged."), node.name, node.type);
    }
    const Value x = transpose(node.inputs[0].value, {1, 0, 2});
    const Value biases = node.inputs[3].value;
    const std::int64_t width = biases.shape()[1].factor / 2;
    const auto bias = [&](std::int64_t begin) { return inOurOrder(cell, slice(reshape(biases, {2 * width}), 0, begin, begin + width)); };
    const CellWeights own{weights(cell, node.inputs[1].value), weights(cell, node.inputs[2].value), bias(0), bias(width)};
    const Value lengths = node.inputs.size() > 4 ? node.inputs[4].value : Value();
    const RecurrentResult result = recurrent(cell, x, own, lengths, direction == "reverse", false);
    const Shape& y = result.y.shape();
    return {reshape(transpose(result.y, {1, 0, 2}), {y[1], 1, y[0], y[2]}), reshape(result.last, {1, y[0], y[2]})};
}

} // namespace weft
