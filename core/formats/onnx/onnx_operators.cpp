#include "core/formats/onnx/onnx_operators.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "core/formats/onnx/onnx_recurrent.h"
#include "core/ops/activation/activation.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/binary/binary.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/cast/cast.h"
#include "core/ops/concat/concat.h"
#include "core/ops/conv/conv.h"
#include "core/ops/embedding/embedding.h"
#include "core/ops/first_rows/first_rows.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/steps/steps.h"
#include "core/ops/transpose/transpose.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

using Integers = std::vector<std::int64_t>;

Error damaged(const OnnxOperator& node)
{
    return Error(WEFT_TEXT("Formats", "The ONNX node %1 (%2) lacks an input or a setting. The file is damaged."), node.name, node.type);
}

Value operand(const OnnxOperator& node, std::size_t index)
{
    if (index >= node.inputs.size() || !node.inputs[index].value)
        throw damaged(node);
    return node.inputs[index].value;
}

const Integers& list(const OnnxOperator& node, std::size_t index)
{
    if (index >= node.inputs.size() || node.inputs[index].value)
        throw damaged(node);
    return node.inputs[index].list;
}

template <class T> const T& setting(const OnnxOperator& node, const char* key)
{
    const auto it = node.attributes.entries().find(key);
    if (it == node.attributes.entries().end() || !std::holds_alternative<T>(it->second))
        throw damaged(node);
    return std::get<T>(it->second);
}

std::vector<int> axesOf(const Integers& axes)
{
    return {axes.begin(), axes.end()};
}

template <Value (*function)(const Value&)> Value unary(const OnnxOperator& node)
{
    return function(operand(node, 0));
}

template <Value (*function)(const Value&, const Value&)> Value binary(const OnnxOperator& node)
{
    return function(operand(node, 0), operand(node, 1));
}

Value leaky(const OnnxOperator& node)
{
    return leakyRelu(operand(node, 0), setting<double>(node, "alpha"));
}

Value clipped(const OnnxOperator& node)
{
    return minimum(maximum(operand(node, 0), operand(node, 1)), operand(node, 2));
}

Value exponentialLinear(const OnnxOperator& node)
{
    return elu(operand(node, 0), setting<double>(node, "alpha"));
}

/// ONNX lists all beginnings, then all ends.
std::pair<Integers, Integers> padsOf(const OnnxOperator& node)
{
    const Integers& pads = setting<Integers>(node, "pads");
    const auto middle = pads.begin() + static_cast<std::ptrdiff_t>(pads.size() / 2);
    return {Integers(pads.begin(), middle), Integers(middle, pads.end())};
}

Value convolution(const OnnxOperator& node)
{
    const auto [before, after] = padsOf(node);
    const ConvGeometry geometry{setting<Integers>(node, "strides"), before, after, setting<Integers>(node, "dilations"),
                                setting<std::int64_t>(node, "group")};
    return conv(operand(node, 0), operand(node, 1), node.inputs.size() > 2 ? operand(node, 2) : Value(), geometry);
}

Value transposedConvolution(const OnnxOperator& node)
{
    const auto [before, after] = padsOf(node);
    const ConvGeometry geometry{setting<Integers>(node, "strides"), before, after, setting<Integers>(node, "dilations"),
                                setting<std::int64_t>(node, "group")};
    return convTranspose(operand(node, 0), operand(node, 1), geometry, setting<Integers>(node, "output_padding"));
}

PoolGeometry windowOf(const OnnxOperator& node)
{
    const auto [before, after] = padsOf(node);
    return {setting<Integers>(node, "kernel_shape"), setting<Integers>(node, "strides"), before, after};
}

Value maximumPool(const OnnxOperator& node)
{
    return maxPool(operand(node, 0), windowOf(node));
}

Value meanPool(const OnnxOperator& node)
{
    return averagePool(operand(node, 0), windowOf(node), setting<std::int64_t>(node, "count_include_pad") != 0);
}

Value product(const OnnxOperator& node)
{
    return matmul(operand(node, 0), operand(node, 1));
}

Value permuted(const OnnxOperator& node)
{
    return transpose(operand(node, 0), axesOf(setting<Integers>(node, "perm")));
}

/// 0 keeps the axis, −1 takes what is left of the elements.
Value reshaped(const OnnxOperator& node)
{
    const Value x = operand(node, 0);
    std::vector<Dim> dims;
    Dim known(1);
    int open = -1;
    for (const std::int64_t entry : list(node, 1)) {
        const int axis = static_cast<int>(dims.size());
        if ((entry == 0 && axis >= x.shape().rank()) || entry < -1 || (entry == -1 && open >= 0))
            throw damaged(node);
        dims.push_back(entry == 0 ? x.shape()[axis] : Dim(entry));
        if (entry == -1)
            open = axis;
        else
            known = known * dims.back();
    }
    if (open >= 0) {
        const Dim all = x.shape().elements();
        Dim rest(all.factor / std::max<std::int64_t>(1, known.factor));
        rest.timesN = all.timesN && !known.timesN;
        rest.timesT = all.timesT && !known.timesT;
        dims[static_cast<std::size_t>(open)] = rest;
    }
    return reshape(x, Shape(std::move(dims)));
}

Value cut(const OnnxOperator& node)
{
    // Up to the number of steps: a table of positions.
    if (node.inputs.size() == 4 && node.inputs[2].dims.size() == 1)
        return firstRows(operand(node, 0), node.inputs[2].dims[0]);
    const Integers &starts = list(node, 1), &ends = list(node, 2), &axes = list(node, 3);
    if (starts.size() != axes.size() || ends.size() != axes.size())
        throw damaged(node);
    Value x = operand(node, 0);
    for (std::size_t i = 0; i < axes.size(); ++i)
        x = slice(x, static_cast<int>(axes[i]), starts[i], ends[i]);
    return x;
}

Value padded(const OnnxOperator& node)
{
    const Integers& pads = list(node, 1);
    Value x = operand(node, 0);
    const std::size_t rank = static_cast<std::size_t>(x.shape().rank());
    if (pads.size() != 2 * rank || setting<std::string>(node, "mode") != "constant" || node.inputs.size() > 2)
        throw damaged(node);
    for (std::size_t axis = 0; axis < rank; ++axis)
        if (pads[axis] != 0 || pads[rank + axis] != 0)
            x = padZeros(x, static_cast<int>(axis), pads[axis], pads[rank + axis]);
    return x;
}

Value joined(const OnnxOperator& node)
{
    std::vector<Value> values;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        values.push_back(operand(node, i));
    return concat(values, static_cast<int>(setting<std::int64_t>(node, "axis")));
}

/// 1 leaves an axis as it is.
Value expanded(const OnnxOperator& node)
{
    const Value x = operand(node, 0);
    const Integers& entries = list(node, 1);
    std::vector<Dim> dims;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const int axis = static_cast<int>(i) - (static_cast<int>(entries.size()) - x.shape().rank());
        dims.push_back(entries[i] == 1 && axis >= 0 ? x.shape()[axis] : Dim(entries[i]));
    }
    return broadcastTo(x, Shape(std::move(dims)));
}

/// Axes of 1 put in at the places that the list names.
Value unsqueezed(const OnnxOperator& node)
{
    const Value x = operand(node, 0);
    std::vector<Dim> dims = x.shape().dims();
    for (const std::int64_t axis : list(node, 1)) {
        if (axis < 0 || axis > static_cast<std::int64_t>(dims.size()))
            throw damaged(node);
        dims.insert(dims.begin() + axis, Dim(1));
    }
    return reshape(x, Shape(std::move(dims)));
}

Value squeezed(const OnnxOperator& node)
{
    const Value x = operand(node, 0);
    std::vector<Dim> dims = x.shape().dims();
    const Integers& axes = list(node, 1);
    if (axes.size() != 1 || axes[0] < 0 || axes[0] >= x.shape().rank() || x.shape()[static_cast<int>(axes[0])] != Dim(1))
        throw damaged(node);
    dims.erase(dims.begin() + axes[0]);
    return reshape(x, Shape(std::move(dims)));
}

Value lookedUp(const OnnxOperator& node)
{
    if (setting<std::int64_t>(node, "axis") != 0)
        throw damaged(node);
    return embedding(operand(node, 0), operand(node, 1));
}

/// 0 … T − 1 as int32.
Value counted(const OnnxOperator& node)
{
    if (node.inputs.size() != 3 || node.inputs[1].dims.size() != 1)
        throw damaged(node);
    return steps(operand(node, 0).graph(), node.inputs[1].dims[0]);
}

bool keepsDims(const OnnxOperator& node)
{
    return setting<std::int64_t>(node, "keepdims") != 0;
}

Value sum(const OnnxOperator& node)
{
    return reduceSum(operand(node, 0), axesOf(list(node, 1)), keepsDims(node));
}

Value mean(const OnnxOperator& node)
{
    return reduceMean(operand(node, 0), axesOf(setting<Integers>(node, "axes")), keepsDims(node));
}

Value largest(const OnnxOperator& node)
{
    return reduceMax(operand(node, 0), axesOf(setting<Integers>(node, "axes")), keepsDims(node));
}

Value normalisedExponential(const OnnxOperator& node)
{
    return softmax(operand(node, 0), static_cast<int>(setting<std::int64_t>(node, "axis")));
}

Value batchNormalization(const OnnxOperator& node)
{
    return batchNormInference(operand(node, 0), operand(node, 1), operand(node, 2), operand(node, 3), operand(node, 4),
                              setting<double>(node, "epsilon"));
}

Value converted(const OnnxOperator& node)
{
    switch (setting<std::int64_t>(node, "to")) {
    case 1: return cast(operand(node, 0), DType::Float32);
    case 2: return cast(operand(node, 0), DType::UInt8);
    case 6: return cast(operand(node, 0), DType::Int32);
    case 11: return cast(operand(node, 0), DType::Float64);
    default: throw Error(WEFT_TEXT("Formats", "The ONNX node %1 casts to an element type that Weft does not read."), node.name);
    }
}

Value unchanged(const OnnxOperator& node)
{
    return operand(node, 0);
}

const std::map<std::string, Value (*)(const OnnxOperator&)>& builders()
{
    static const std::map<std::string, Value (*)(const OnnxOperator&)> all{
        {"Relu", unary<relu>},
        {"Sigmoid", unary<sigmoid>},
        {"Tanh", unary<tanh>},
        {"LeakyRelu", leaky},
        {"Elu", exponentialLinear},
        {"Clip", clipped},
        {"Softplus", unary<softplus>},
        {"HardSwish", unary<hardSwish>},
        {"Erf", unary<erf>},
        {"Exp", unary<exp>},
        {"Log", unary<log>},
        {"Sqrt", unary<sqrt>},
        {"Neg", unary<negate>},
        {"Add", binary<add>},
        {"Sub", binary<subtract>},
        {"Mul", binary<multiply>},
        {"Div", binary<divide>},
        {"Max", binary<maximum>},
        {"Min", binary<minimum>},
        {"Conv", convolution},
        {"ConvTranspose", transposedConvolution},
        {"MaxPool", maximumPool},
        {"AveragePool", meanPool},
        {"MatMul", product},
        {"Transpose", permuted},
        {"Reshape", reshaped},
        {"Slice", cut},
        {"Pad", padded},
        {"Concat", joined},
        {"Expand", expanded},
        {"ReduceSum", sum},
        {"ReduceMean", mean},
        {"ReduceMax", largest},
        {"Softmax", normalisedExponential},
        {"BatchNormalization", batchNormalization},
        {"Cast", converted},
        {"Identity", unchanged},
        {"Unsqueeze", unsqueezed},
        {"Squeeze", squeezed},
        {"Gather", lookedUp},
        {"Range", counted},
        {"Less", binary<less>},
    };
    return all;
}

/// Nodes that compute with shapes: their results are known while the graph is built.
std::optional<OnnxOperand> extentsOf(const OnnxOperator& node)
{
    if (node.type == "Shape")
        return OnnxOperand{{}, {}, operand(node, 0).shape().dims()};
    const std::vector<Dim> dims = node.inputs.empty() ? std::vector<Dim>() : node.inputs[0].dims;
    if (dims.empty())
        return std::nullopt;
    if (node.type == "Cast" || node.type == "Unsqueeze")
        return OnnxOperand{{}, {}, dims};
    const Integers& index = list(node, 1);
    if (node.type != "Gather" || index.size() != 1 || index[0] < 0 || index[0] >= static_cast<std::int64_t>(dims.size()))
        throw damaged(node);
    return OnnxOperand{{}, {}, {dims[static_cast<std::size_t>(index[0])]}};
}

} // namespace

std::vector<OnnxOperand> buildOnnxOperator(const OnnxOperator& node)
{
    if (std::optional<OnnxOperand> extents = extentsOf(node))
        return {std::move(*extents)};
    if (isRecurrentOnnx(node.type)) {
        const RecurrentResult result = buildRecurrentOnnx(node);
        return {{result.y, {}, {}}, {result.last, {}, {}}};
    }
    const auto it = builders().find(node.type);
    if (it == builders().end())
        throw Error(WEFT_TEXT("Formats", "The ONNX node %1 is a %2, an operator that Weft does not read."), node.name, node.type);
    return {{it->second(node), {}, {}}};
}

} // namespace weft
