#include "core/ops/recurrent/recurrent.h"

#include "core/base/error.h"
#include "core/device/sixteen_bits.h"
#include "core/graph/graph.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/recurrent/recurrent_onnx.h"
#include "core/ops/recurrent/recurrent_ref.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

/// Arrays of 16 bits have gates, biases and gradients of weights in float32.
DType typeOfSums(const TensorType& x)
{
    return isSixteenBits(x.dtype) ? DType::Float32 : x.dtype;
}

TypeList inferForward(Cell cell, TypeSpan inputs, const Attributes& attributes)
{
    const TensorType& x = inputs[0];
    requireFloating("A recurrent op", x);
    requireRank("A recurrent op", x, 3, 3);
    const Dim units = inputs[2].shape[0];
    const Dim width(units.factor * gatesOf(cell));
    const DType sums = typeOfSums(x);
    const TensorType wanted[] = {x, {x.dtype, {x.shape[2], width}}, {x.dtype, {units, width}}, {sums, {width}}, {sums, {width}}};
    for (std::size_t i = 1; i < 5; ++i) {
        if (inputs[i] != wanted[i])
            throw Error(WEFT_TEXT("Ops", "A recurrent op over %1 with %2 units needs weights %3, but was given %4."), toString(x.shape),
                        toString(units), describe(wanted[i]), describe(inputs[i]));
    }
    if (inputs.size() > 5)
        requireLengths("A recurrent op", inputs[5], x.shape[0]);
    const Dim n = x.shape[0], t = x.shape[1];
    TypeList types{{x.dtype, {n, t, units}}, {x.dtype, {n, units}}};
    if (attributes.flag("forTraining") && cell != Cell::SimpleRnn) {
        types.push_back({sums, {n, t, width}});
        types.push_back({sums, {n, t, units}});
    }
    return types;
}

TypeList inferBackward(TypeSpan inputs, const Attributes& attributes)
{
    const std::size_t first = (attributes.flag("hasDy") ? 1u : 0u) + (attributes.flag("hasDLast") ? 1u : 0u);
    const TensorType &kernel = inputs[first], &y = inputs[first + 1];
    const Dim width = kernel.shape[1];
    const DType sums = typeOfSums(y);
    return {{y.dtype, {y.shape[0], y.shape[1], width}}, {sums, kernel.shape}, {sums, {width}}, {sums, {width}}};
}

/// One product of every step with the recurrent kernel, of every input with the kernel.
Cost forwardCost(const Op& op, std::int64_t t)
{
    const double steps = static_cast<double>(op.input(0).shape()[1].at(1, t));
    return {steps * (elementsPerSample(op.input(1).shape(), t) + elementsPerSample(op.input(2).shape(), t)), 0};
}

/// The product with the transposed recurrent kernel and that for its own slope.
Cost backwardCost(const Op& op, std::int64_t t)
{
    const double steps = static_cast<double>(op.output(0).shape()[1].at(1, t));
    return {2 * steps * elementsPerSample(op.output(1).shape(), t), 0};
}

/// [N, T, F] as [N·T, F].
Value stepsAsRows(const Value& x)
{
    return reshape(x, {x.shape()[0] * x.shape()[1], x.shape()[2]});
}

std::vector<Value> gradientOf(const OpSpec& backward, const Op& op, std::span<const Value> dy)
{
    if (!op.attributes().flag("forTraining"))
        throw Error(WEFT_TEXT("Ops", "A recurrent op that was built for inference cannot be trained."));
    std::vector<Value> inputs;
    for (int i = 0; i < 2; ++i) {
        if (dy[static_cast<std::size_t>(i)])
            inputs.push_back(dy[static_cast<std::size_t>(i)]);
    }
    inputs.push_back(op.input(2));
    inputs.push_back(op.output(0));
    inputs.insert(inputs.end(), op.outputs().begin() + 2, op.outputs().end());
    inputs.insert(inputs.end(), op.inputs().begin() + 5, op.inputs().end());
    const std::vector<Value> slopes = op.output().graph().add(
        backward, std::move(inputs),
        {{"reverse", op.attributes().flag("reverse")}, {"hasDy", static_cast<bool>(dy[0])}, {"hasDLast", static_cast<bool>(dy[1])}});
    std::vector<Value> gradients{matmul(slopes[0], op.input(1), false, true), matmul(stepsAsRows(op.input(0)), stepsAsRows(slopes[0]), true, false),
                                 slopes[1], slopes[2], slopes[3]};
    gradients.resize(op.inputs().size());
    return gradients;
}

/// The specs of one kind of cell.
template <Cell cell> struct Specs {
    static TypeList infer(TypeSpan inputs, const Attributes& attributes) { return inferForward(cell, inputs, attributes); }
    static std::vector<Value> gradient(const Op& op, std::span<const Value> dy) { return gradientOf(backward, op, dy); }
    static OnnxForm onnx(const Op& op) { return recurrentOnnx(cell, op); }

    static constexpr const char* names[] = {"SimpleRnn", "Lstm", "Gru"};
    static constexpr const char* gradientNames[] = {"SimpleRnnGradient", "LstmGradient", "GruGradient"};
    static const OpSpec forward;
    static const OpSpec backward;
};

template <Cell cell>
const OpSpec Specs<cell>::forward{.name = names[static_cast<int>(cell)], .infer = infer, .gradient = gradient, .cost = forwardCost, .onnx = onnx};
template <Cell cell> const OpSpec Specs<cell>::backward{.name = gradientNames[static_cast<int>(cell)], .infer = inferBackward, .cost = backwardCost};

const OpSpec& specOf(Cell cell)
{
    switch (cell) {
    case Cell::SimpleRnn: return Specs<Cell::SimpleRnn>::forward;
    case Cell::Lstm: return Specs<Cell::Lstm>::forward;
    case Cell::Gru: break;
    }
    return Specs<Cell::Gru>::forward;
}

} // namespace

int gatesOf(Cell cell)
{
    return cell == Cell::SimpleRnn ? 1 : cell == Cell::Lstm ? 4 : 3;
}

RecurrentResult recurrent(Cell cell, const Value& x, const CellWeights& weights, const Value& lengths, bool isReverse, bool forTraining)
{
    std::vector<Value> inputs{x, weights.kernel, weights.recurrentKernel, weights.bias, weights.recurrentBias};
    if (lengths)
        inputs.push_back(lengths);
    const std::vector<Value> outputs = x.graph().add(specOf(cell), std::move(inputs), {{"reverse", isReverse}, {"forTraining", forTraining}});
    return {outputs[0], outputs[1]};
}

std::vector<const OpSpec*> recurrentOps()
{
    return {&Specs<Cell::SimpleRnn>::forward, &Specs<Cell::SimpleRnn>::backward, &Specs<Cell::Lstm>::forward,
            &Specs<Cell::Lstm>::backward,     &Specs<Cell::Gru>::forward,        &Specs<Cell::Gru>::backward};
}

void recurrentReferenceKernels(KernelTable& table)
{
    addReference<RecurrentReference<SimpleRnnCell>>(table, "SimpleRnn");
    addReference<RecurrentGradientReference<SimpleRnnCell>>(table, "SimpleRnnGradient");
    addReference<RecurrentReference<LstmCell>>(table, "Lstm");
    addReference<RecurrentGradientReference<LstmCell>>(table, "LstmGradient");
    addReference<RecurrentReference<GruCell>>(table, "Gru");
    addReference<RecurrentGradientReference<GruCell>>(table, "GruGradient");
}

} // namespace weft
