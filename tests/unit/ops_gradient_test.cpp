#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <QtTest>

#include "core/engine/differentiate.h"
#include "core/ops/activation/activation.h"
#include "core/ops/all_reduce/all_reduce.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/binary/binary.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/cast/cast.h"
#include "core/ops/concat/concat.h"
#include "core/ops/conv/conv.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/embedding/embedding.h"
#include "core/ops/first_rows/first_rows.h"
#include "core/ops/gaussian_noise/gaussian_noise.h"
#include "core/ops/layer_norm/layer_norm.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/op_catalogue.h"
#include "core/ops/over_time/over_time.h"
#include "core/ops/pool/pool.h"
#include "core/ops/recurrent/recurrent.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/transpose/transpose.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {

/// The batch that symbolic shapes are run with.
constexpr std::int64_t samples = 3;

enum class Fill { Signed, Positive, Classes };

struct Operand {
    Shape shape;
    Fill fill = Fill::Signed;
};

using Operands = std::vector<Value>;

/// One op on operands of given shapes; all floating operands are checked.
struct GradientCase {
    const char* op; ///< the op that the case is for
    const char* name;
    std::vector<Operand> operands;
    std::function<Value(const Operands&)> build;
    double step = 1e-4; ///< of the numeric derivative
};

const Dim N = Dim::batch();

std::vector<GradientCase> elementwiseCases()
{
    const Operand any{{N, 5}}, positive{{N, 5}, Fill::Positive};
    return {
        {"Relu", "relu", {any}, [](const Operands& x) { return relu(x[0]); }},
        {"Sigmoid", "sigmoid", {any}, [](const Operands& x) { return sigmoid(x[0]); }},
        {"Tanh", "tanh", {any}, [](const Operands& x) { return tanh(x[0]); }},
        {"Exp", "exp", {any}, [](const Operands& x) { return exp(x[0]); }},
        {"Log", "log", {positive}, [](const Operands& x) { return log(x[0]); }},
        {"Sqrt", "sqrt", {positive}, [](const Operands& x) { return sqrt(x[0]); }},
        {"Square", "square", {any}, [](const Operands& x) { return square(x[0]); }},
        {"Negate", "negate", {any}, [](const Operands& x) { return negate(x[0]); }},
        {"LeakyRelu", "leaky relu", {any}, [](const Operands& x) { return leakyRelu(x[0], 0.1); }},
        {"Elu", "elu", {any}, [](const Operands& x) { return elu(x[0], 1.5); }},
        {"Softplus", "softplus", {any}, [](const Operands& x) { return softplus(x[0]); }},
        {"Gelu", "gelu", {any}, [](const Operands& x) { return gelu(x[0]); }},
        {"Silu", "silu", {any}, [](const Operands& x) { return silu(x[0]); }},
        {"Mish", "mish", {any}, [](const Operands& x) { return mish(x[0]); }},
        {"ClippedRelu", "clipped relu", {any}, [](const Operands& x) { return clippedRelu(x[0], 0.5); }},
        {"HardSwish", "hard swish", {any}, [](const Operands& x) { return hardSwish(x[0]); }},
        {"Erf", "error function", {any}, [](const Operands& x) { return weft::erf(x[0]); }},
        {"Affine", "affine", {any}, [](const Operands& x) { return affine(x[0], -2.5, 0.75); }},
        {"Add", "add", {any, any}, [](const Operands& x) { return add(x[0], x[1]); }},
        {"Add", "add a row", {{{N, 2, 3}}, {{3}}}, [](const Operands& x) { return add(x[0], x[1]); }},
        {"Add", "add to itself", {any}, [](const Operands& x) { return add(x[0], x[0]); }},
        {"Subtract", "subtract a row", {{{3}}, {{N, 2, 3}}}, [](const Operands& x) { return subtract(x[0], x[1]); }},
        {"Multiply", "multiply by a column", {{{N, 2, 3}}, {{2, 1}}}, [](const Operands& x) { return multiply(x[0], x[1]); }},
        {"Divide", "divide by a column", {{{N, 2, 3}}, {{2, 1}, Fill::Positive}}, [](const Operands& x) { return divide(x[0], x[1]); }},
        {"Maximum", "maximum", {any, any}, [](const Operands& x) { return maximum(x[0], x[1]); }},
        {"Maximum", "maximum of a row", {{{N, 5}}, {{5}}}, [](const Operands& x) { return maximum(x[0], x[1]); }},
        {"Minimum", "minimum of a row", {{{5}}, {{N, 5}}}, [](const Operands& x) { return minimum(x[0], x[1]); }},
        // A cast to float32 rounds, so the values and the step are ones that it represents exactly.
        {"Cast", "cast there and back", {any}, [](const Operands& x) { return cast(cast(x[0], DType::Float32), DType::Float64); }, 0.25},
    };
}

std::vector<GradientCase> shapeCases()
{
    return {
        {"Reshape",
         "reshape",
         {{{N, 2, 3}}},
         [](const Operands& x) {
             return reshape(x[0], {N, 6});
         }},
        {"Transpose",
         "transpose",
         {{{N, 2, 3}}},
         [](const Operands& x) {
             return transpose(x[0], {1, 2, 0});
         }},
        {"Concat", "concat", {{{N, 2, 3}}, {{N, 1, 3}}, {{N, 2, 3}}}, [](const Operands& x) { return concat(x, 1); }},
        {"Slice", "slice", {{{N, 5, 2}}}, [](const Operands& x) { return slice(x[0], 1, 1, 4); }},
        {"SliceGradient",
         "slice twice",
         {{{N, 5}}},
         [](const Operands& x) {
             // The square makes the gradient depend on x, so that it can be differentiated again.
             const Value y = reduceSum(square(slice(x[0], 1, 1, 4)), {});
             return differentiate(y, {x[0]})[0];
         }},
        {"BroadcastTo",
         "stretch",
         {{{2, 1}}},
         [](const Operands& x) {
             return broadcastTo(x[0], {N, 2, 3});
         }},
        {"SumTo",
         "sum to",
         {{{N, 2, 3}}},
         [](const Operands& x) {
             return sumTo(x[0], {2, 1});
         }},
        {"ReduceSum",
         "sum of axes",
         {{{N, 2, 3}}},
         [](const Operands& x) {
             return reduceSum(x[0], {0, 2});
         }},
        {"ReduceSum", "sum, axes kept", {{{N, 2, 3}}}, [](const Operands& x) { return reduceSum(x[0], {1}, true); }},
        {"ReduceMean", "mean of all", {{{N, 2, 3}}}, [](const Operands& x) { return reduceMean(x[0], {}); }},
        {"ReduceMean",
         "mean over the batch",
         {{{N, 2, 3}}},
         [](const Operands& x) {
             return reduceMean(x[0], {0, -1});
         }},
        {"ReduceMax",
         "maximum of axes",
         {{{N, 4, 3}}},
         [](const Operands& x) {
             return reduceMax(x[0], {0, 2});
         }},
        {"MatMul", "matmul", {{{N, 4}}, {{4, 2}}}, [](const Operands& x) { return matmul(x[0], x[1]); }},
        {"MatMul", "matmul, a swapped", {{{4, N}}, {{4, 2}}}, [](const Operands& x) { return matmul(x[0], x[1], true, false); }},
        {"MatMul", "matmul, b swapped", {{{N, 4}}, {{2, 4}}}, [](const Operands& x) { return matmul(x[0], x[1], false, true); }},
        {"MatMul", "matmul, both swapped", {{{4, N}}, {{2, 4}}}, [](const Operands& x) { return matmul(x[0], x[1], true, true); }},
        {"MatMul", "one matrix for all", {{{N, 2, 4}}, {{4, 3}}}, [](const Operands& x) { return matmul(x[0], x[1]); }},
        {"MatMul", "one swapped matrix for all", {{{N, 4, 2}}, {{3, 4}}}, [](const Operands& x) { return matmul(x[0], x[1], true, true); }},
        {"MatMul", "batched alike", {{{N, 2, 4}}, {{N, 4, 3}}}, [](const Operands& x) { return matmul(x[0], x[1]); }},
        {"MatMul", "batched alike, b swapped", {{{N, 2, 4}}, {{N, 3, 4}}}, [](const Operands& x) { return matmul(x[0], x[1], false, true); }},
    };
}

std::vector<GradientCase> windowCases()
{
    const auto convolution = [](const ConvGeometry& geometry) {
        return [geometry](const Operands& x) { return conv(x[0], x[1], x.size() > 2 ? x[2] : Value(), geometry); };
    };
    return {
        {"Conv", "conv", {{{N, 2, 5, 4}}, {{3, 2, 3, 2}}, {{3}}}, convolution({})},
        {"Conv", "conv, strides and uneven padding", {{{N, 2, 5, 4}}, {{3, 2, 3, 2}}, {{3}}}, convolution({{2, 1}, {1, 0}, {2, 1}, {1, 1}, 1})},
        {"Conv", "conv, dilated", {{{N, 2, 6, 5}}, {{3, 2, 2, 3}}}, convolution({{1, 1}, {1, 2}, {1, 2}, {2, 2}, 1})},
        {"Conv", "conv, groups", {{{N, 4, 4, 4}}, {{6, 2, 3, 3}}, {{6}}}, convolution({{1, 1}, {1, 1}, {1, 1}, {1, 1}, 2})},
        {"Conv", "conv over one axis", {{{N, 2, 7}}, {{3, 2, 3}}, {{3}}}, convolution({{2}, {1}, {1}, {1}, 1})},
        {"Conv", "conv over three axes", {{{N, 1, 3, 4, 3}}, {{2, 1, 2, 2, 2}}}, convolution({{1, 2, 1}, {1, 0, 0}, {0, 1, 0}, {1, 1, 1}, 1})},
        {"ConvInputGradient",
         "transposed conv",
         {{{N, 3, 4, 3}}, {{3, 2, 3, 2}}},
         [](const Operands& x) {
             return convTranspose(x[0], x[1], {}, {0, 0});
         }},
        {"ConvInputGradient",
         "transposed conv, strides, padding, dilations, groups",
         {{{N, 4, 3, 4}}, {{4, 3, 3, 2}}},
         [](const Operands& x) {
             return convTranspose(x[0], x[1], {{2, 3}, {1, 0}, {0, 1}, {1, 2}, 2}, {1, 2});
         }},
        {"MaxPool", "max pool", {{{N, 2, 4, 6}}}, [](const Operands& x) { return maxPool(x[0], {}); }},
        {"MaxPool",
         "max pool, overlapping and padded",
         {{{N, 2, 5, 5}}},
         [](const Operands& x) {
             return maxPool(x[0], {{3, 3}, {2, 2}, {1, 1}, {1, 0}});
         }},
        {"AveragePool",
         "average pool",
         {{{N, 2, 5, 5}}},
         [](const Operands& x) {
             return averagePool(x[0], {{3, 3}, {2, 2}, {1, 1}, {1, 1}}, true);
         }},
        {"AveragePool",
         "average pool without padding",
         {{{N, 2, 5, 5}}},
         [](const Operands& x) {
             return averagePool(x[0], {{3, 3}, {2, 2}, {1, 1}, {1, 1}}, false);
         }},
    };
}

std::vector<GradientCase> networkCases()
{
    return {
        {"Softmax", "softmax", {{{N, 5}}}, [](const Operands& x) { return softmax(x[0]); }},
        {"Softmax", "softmax over a middle axis", {{{N, 4, 2}}}, [](const Operands& x) { return softmax(x[0], 1); }},
        {"SoftmaxCrossEntropy", "cross-entropy", {{{N, 5}}, {{N}, Fill::Classes}}, [](const Operands& x) { return softmaxCrossEntropy(x[0], x[1]); }},
        {"GaussianNoise", "noise", {{{N, 20}}}, [](const Operands& x) { return square(gaussianNoise(x[0], 0.4, 99)); }},
        {"Dropout", "dropout", {{{N, 20}}}, [](const Operands& x) { return dropout(x[0], 0.4, 99); }},
        {"BatchNorm",
         "batch norm",
         {{{N, 2, 2, 3}}, {{2}, Fill::Positive}, {{2}}},
         [](const Operands& x) { return batchNorm(x[0], x[1], x[2], 1e-3).y; }},
        {"BatchNorm",
         "batch norm of features",
         {{{N, 4}}, {{4}, Fill::Positive}, {{4}}},
         [](const Operands& x) { return batchNorm(x[0], x[1], x[2], 1e-3).y; }},
        {"BatchNormInference",
         "batch norm, given statistics",
         {{{N, 2, 3}}, {{2}, Fill::Positive}, {{2}}, {{2}}, {{2}, Fill::Positive}},
         [](const Operands& x) { return batchNormInference(x[0], x[1], x[2], x[3], x[4], 1e-3); }},
    };
}

/// A recurrent op with lengths as the last operand where it has six; the loss sees every state and the last.
GradientCase recurrentCase(const char* op, const char* name, Cell cell, bool isReverse, bool hasLengths)
{
    const std::int64_t units = 2, width = units * gatesOf(cell);
    std::vector<Operand> operands{{{N, 4, 3}}, {{3, width}}, {{units, width}}, {{width}}, {{width}}};
    if (hasLengths)
        operands.push_back({{N}, Fill::Classes});
    return {op, name, operands, [cell, isReverse](const Operands& x) {
                const RecurrentResult result = recurrent(cell, x[0], {x[1], x[2], x[3], x[4]}, x.size() > 5 ? x[5] : Value(), isReverse, true);
                return concat({reshape(result.y, {N, 8}), result.last}, 1);
            }};
}

std::vector<GradientCase> sequenceCases()
{
    return {
        {"LayerNorm", "layer norm", {{{N, 2, 5}}, {{5}}, {{5}}}, [](const Operands& x) { return layerNorm(x[0], x[1], x[2], 0.1); }},
        {"LayerNorm", "layer norm without scale", {{{N, 4}}}, [](const Operands& x) { return layerNorm(x[0], {}, {}, 0.1); }},
        {"Embedding", "embedding", {{{5, 3}}, {{N, 4}, Fill::Classes}}, [](const Operands& x) { return embedding(x[0], x[1]); }},
        {"AllReduceStart", "sum over ranks, sent", {{{4, 3}}}, [](const Operands& x) { return allReduce(x[0]); }},
        {"AllReduceFinish", "sum over ranks", {{{N, 3}}}, [](const Operands& x) { return allReduce(x[0]); }},
        {"FirstRows", "first rows", {{{4, 3}}}, [](const Operands& x) { return firstRows(x[0], Dim::time(2)); }},
        {"MeanOverTime", "mean over time", {{{N, 4, 3}}}, [](const Operands& x) { return meanOverTime(x[0]); }},
        {"MeanOverTime", "mean over real steps", {{{N, 4, 3}}, {{N}, Fill::Classes}}, [](const Operands& x) { return meanOverTime(x[0], x[1]); }},
        {"MaxOverTime", "maximum over time", {{{N, 4, 3}}}, [](const Operands& x) { return maxOverTime(x[0]); }},
        {"MaxOverTime", "maximum over real steps", {{{N, 4, 3}}, {{N}, Fill::Classes}}, [](const Operands& x) { return maxOverTime(x[0], x[1]); }},
        {"MaskedSoftmax",
         "softmax of real keys",
         {{{N, 2, 3, 4}}, {{N}, Fill::Classes}},
         [](const Operands& x) { return maskedSoftmax(x[0], x[1], false); }},
        {"MaskedSoftmax", "causal softmax", {{{N, 3, 3}}}, [](const Operands& x) { return maskedSoftmax(x[0], {}, true); }},
        recurrentCase("SimpleRnn", "simple recurrent", Cell::SimpleRnn, false, false),
        recurrentCase("SimpleRnn", "simple recurrent, backwards, with lengths", Cell::SimpleRnn, true, true),
        recurrentCase("Lstm", "lstm", Cell::Lstm, false, false),
        recurrentCase("Lstm", "lstm with lengths", Cell::Lstm, false, true),
        recurrentCase("Lstm", "lstm, backwards, with lengths", Cell::Lstm, true, true),
        recurrentCase("Gru", "gru", Cell::Gru, false, false),
        recurrentCase("Gru", "gru with lengths", Cell::Gru, false, true),
        recurrentCase("Gru", "gru, backwards, with lengths", Cell::Gru, true, true),
        {"Lstm",
         "lstm, only its last state",
         {{{N, 3, 2}}, {{2, 8}}, {{2, 8}}, {{8}}, {{8}}},
         [](const Operands& x) {
             return recurrent(Cell::Lstm, x[0], {x[1], x[2], x[3], x[4]}, {}, false, true).last;
         }},
    };
}

std::vector<GradientCase> allCases()
{
    std::vector<GradientCase> all;
    for (const auto& some : {elementwiseCases(), shapeCases(), windowCases(), networkCases(), sequenceCases()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

/// Numbers that differ from each other and from 0 by more than the steps taken: multiples of the
/// golden ratio, modulo 1, on a grid that float32 represents.
class Generator {
public:
    Numbers numbers(std::size_t count, Fill fill)
    {
        Numbers out(count);
        for (double& number : out) {
            m_count += 1;
            const double share = m_count * 0.6180339887498949;
            const double fraction = (std::floor((share - std::floor(share)) * 2048) + 0.5) / 2048;
            number = fill == Fill::Classes ? std::floor(fraction * 5) : fill == Fill::Positive ? fraction + 0.5 : 2 * fraction - 1;
        }
        return out;
    }

private:
    double m_count = 0;
};

/// A case as a graph in double precision whose loss is Σ weights · y.
struct Checked {
    OpBench bench;
    Operands operands;
    std::vector<Numbers> numbers;
    Value loss;

    explicit Checked(const GradientCase& test)
    {
        Generator generator;
        for (const Operand& operand : test.operands) {
            numbers.push_back(generator.numbers(static_cast<std::size_t>(elementCount(operand.shape.at(samples))), operand.fill));
            operands.push_back(bench.input(operand.shape, numbers.back(), operand.fill == Fill::Classes ? DType::Int32 : DType::Float64));
        }
        const Value y = test.build(operands);
        const Value weights
            = bench.input(y.shape(), generator.numbers(static_cast<std::size_t>(elementCount(y.shape().at(samples))), Fill::Signed), DType::Float64);
        loss = reduceSum(multiply(y, weights), {});
    }

    /// d loss / d one number by five points; its error is of the fourth order.
    double numericGradient(std::size_t operand, std::size_t i, double step)
    {
        const auto lossAt = [&](double offset) {
            Numbers moved = numbers[operand];
            moved[i] += offset;
            bench.feed(operand, moved);
            return bench.values(loss, samples)[0];
        };
        const double slope = (8 * (lossAt(step) - lossAt(-step)) - (lossAt(2 * step) - lossAt(-2 * step))) / (12 * step);
        bench.feed(operand, numbers[operand]);
        return slope;
    }
};

} // namespace

class OpsGradientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyDifferentiableOpHasACase()
    {
        std::set<std::string> covered;
        for (const GradientCase& test : allCases()) {
            const Checked checked(test);
            std::set<std::string> inGraph;
            for (const auto& op : checked.bench.graph.ops())
                inGraph.insert(op->spec().name);
            QVERIFY2(inGraph.count(test.op), test.name);
            covered.insert(test.op);
        }
        for (const OpSpec* spec : opCatalogue())
            QVERIFY2(!spec->gradient || covered.count(spec->name), spec->name);
    }

    void gradientAgreesWithNumericOne_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const GradientCase& test : allCases())
            QTest::newRow((std::string(test.op) + ": " + test.name).c_str()) << index++;
    }

    void gradientAgreesWithNumericOne()
    {
        QFETCH(int, index);
        const GradientCase test = allCases()[static_cast<std::size_t>(index)];
        Checked checked(test);
        Operands targets;
        std::copy_if(checked.operands.begin(), checked.operands.end(), std::back_inserter(targets),
                     [](const Value& value) { return isFloating(value.dtype()); });
        const std::vector<Value> gradients = differentiate(checked.loss, targets);
        QVERIFY(std::all_of(gradients.begin(), gradients.end(), [](const Value& value) { return bool(value); }));
        const std::vector<Numbers> analytic = checked.bench.values(gradients, samples);
        for (std::size_t operand = 0; operand < targets.size(); ++operand) {
            QCOMPARE(gradients[operand].type() == targets[operand].type(), true);
            double scale = 0, difference = 0;
            for (std::size_t i = 0; i < analytic[operand].size(); ++i) {
                const double numeric = checked.numericGradient(operand, i, test.step);
                scale = std::max(scale, std::abs(numeric));
                difference = std::max(difference, std::abs(analytic[operand][i] - numeric));
            }
            QVERIFY2(scale > 1e-3, "The loss does not depend on this operand, so the check says nothing.");
            QVERIFY2(difference < 1e-6 * scale, qPrintable(QString("operand %1: %2 off %3").arg(operand).arg(difference).arg(scale)));
        }
    }
};

QTEST_APPLESS_MAIN(OpsGradientTest)
#include "ops_gradient_test.moc"
