// The gradient of an embedding's table stays rows where it may; training is that with the whole gradient.
#include <algorithm>
#include <cmath>

#include <QtTest>

#include "core/base/random.h"
#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/binary/binary.h"
#include "core/ops/blend_update/blend_update.h"
#include "core/ops/constant/constant.h"
#include "core/ops/embedding/embedding.h"
#include "core/ops/global_norm/global_norm.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/over_time/over_time.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

using namespace weft;

namespace {

constexpr std::int64_t words = 60, width = 5, samples = 3, steps = 4;

struct Choice {
    const char* rule = "AdamUpdate";
    int slots = 2;
    bool isMean = false;
    bool isClipped = false;
    bool isGathered = false;
    UpdateOptions options = {};
};

/// Texts, their vectors (or the mean of them), a product, and an update.
struct TextNet {
    Graph graph;
    Value tokens = graph.input("tokens", {DType::Int32, {Dim::batch(), steps}});
    Value lengths = graph.input("lengths", {DType::Int32, {Dim::batch()}});
    Value rate = graph.input("rate", {DType::Float32, {}});
    Value table = variable("table", Role::Parameter, {words, width});
    Value kernel = variable("kernel", Role::Parameter, {width, 2});
    Value loss, dTable;

    explicit TextNet(const Choice& choice)
    {
        const Value vectors = embedding(table, tokens, 0);
        const Value rows = choice.isMean ? meanOverTime(vectors, lengths) : reshape(vectors, {Dim::batch() * Dim(steps), width});
        loss = reduceSum(square(matmul(rows, kernel)), {});
        std::vector<Value> gradients = differentiate(loss, {table, kernel});
        dTable = gradients[0];
        if (choice.isGathered) {
            const Value sum = variable("gathered", Role::Slot, {words, width});
            blendUpdate(rate, rate, {{sum, gradients[0]}});
            gradients[0] = sum;
        }
        UpdateOptions options = choice.options;
        if (choice.isClipped)
            options.gradientScale
                = minimum(divide(constant(graph, DType::Float32, {}, {0.5}), globalNorm(gradients)), constant(graph, DType::Float32, {}, {1.0}));
        std::vector<UpdateTarget> targets{{table, gradients[0], {}}, {kernel, gradients[1], {}}};
        for (UpdateTarget& target : targets)
            for (int i = 0; i < choice.slots; ++i)
                target.slots.push_back(variable("slot" + std::to_string(i) + target.parameter.name(), Role::Slot, target.parameter.shape()));
        optimizerUpdate(choice.rule, rate, targets,
                        {{"beta1", 0.9}, {"beta2", 0.99}, {"epsilon", 1e-8}, {"momentum", 0.9}, {"nesterov", false}, {"learningRateDecay", 0.0}},
                        options);
    }

    Value variable(const std::string& name, Role role, const Shape& shape)
    {
        const Initializer random{Initializer::Kind::Uniform, -0.5, 0.5, 0, 0};
        return graph.variable(name, role, {DType::Float32, shape}, role == Role::Slot ? Initializer() : random);
    }
};

struct Trained {
    std::vector<float> table;
    std::vector<std::string> ops;
    bool has(const std::string& op) const { return std::find(ops.begin(), ops.end(), op) != ops.end(); }
};

/// The table after a few steps. `fetchesGradient`: the gradient is asked for, so that it must be whole.
Trained trained(DeviceKind device, const Choice& choice, bool fetchesGradient)
{
    const TextNet net(choice);
    SessionOptions options;
    options.device = device;
    options.seed = 3;
    Session session(options);
    std::vector<Value> fetches{net.loss};
    if (fetchesGradient)
        fetches.push_back(net.dTable);
    Plan& plan = session.plan(net.graph, {samples, 1, fetches, true});
    const float rate = 0.1f;
    const std::int32_t lengths[samples] = {4, 1, 3};
    for (std::int64_t step = 1; step <= 6; ++step) {
        std::vector<std::int32_t> tokens(samples * steps);
        for (std::size_t i = 0; i < tokens.size(); ++i)
            tokens[i] = static_cast<std::int32_t>(philox(1, static_cast<std::uint64_t>(step), i)[0] % words);
        tokens[1] = tokens[0]; // a word twice in one text
        tokens[2] = 0; // the padding
        tokens[9] = tokens[3]; // a word in two texts
        const void* const feeds[] = {tokens.data(), lengths, &rate};
        const StepState state{3, step, nullptr};
        session.run(plan, feeds, {}, state);
    }
    Trained result;
    result.table.resize(words * width);
    session.readVariable("table", std::as_writable_bytes(std::span(result.table)));
    for (const PlanStep& step : plan.steps())
        result.ops.push_back(step.op);
    return result;
}

double largestDifference(const Trained& a, const Trained& b)
{
    double largest = 0;
    for (std::size_t i = 0; i < a.table.size(); ++i)
        largest = std::max(largest, static_cast<double>(std::abs(a.table[i] - b.table[i])));
    return largest;
}

const std::vector<Choice> choices{
    {.rule = "SgdUpdate", .slots = 0},
    {.rule = "SgdUpdate", .slots = 0, .options = {.weightDecay = 0.1}},
    {.rule = "MomentumUpdate", .slots = 1},
    {.rule = "AdagradUpdate", .slots = 1},
    {},
    {.options = {.weightDecay = 0.1}},
    {.options = {.weightDecay = 0.1, .isDecoupled = true, .l1 = 0.01, .clipValue = 0.2}},
};

} // namespace

class RowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void trainingWithRowsIsThatWithTheWholeGradientToTheBit()
    {
        for (const Choice& choice : choices) {
            const Trained rows = trained(DeviceKind::Cpu, choice, false);
            const Trained whole = trained(DeviceKind::Cpu, choice, true);
            QVERIFY(rows.has("EmbeddingRows") && !rows.has("EmbeddingGradient"));
            QVERIFY(whole.has("EmbeddingGradient") && !whole.has("EmbeddingRows"));
            QVERIFY2(rows.table == whole.table, choice.rule);
            QVERIFY(largestDifference(rows, trained(DeviceKind::Reference, choice, false)) < 1e-5);
        }
    }

    void aMeanOverTimeGivesItsRowsWithoutTheVectorsBetween()
    {
        for (Choice choice : choices) {
            choice.isMean = true;
            const Trained rows = trained(DeviceKind::Cpu, choice, false);
            QVERIFY(rows.has("EmbeddingRows") && rows.has("EmbeddingMean"));
            for (const char* op : {"Embedding", "EmbeddingGradient", "MeanOverTime", "MeanOverTimeGradient"})
                QVERIFY2(!rows.has(op), op);
            QVERIFY(largestDifference(rows, trained(DeviceKind::Reference, choice, false)) < 1e-5);
        }
    }

    void theNormOfAllGradientsTakesRows()
    {
        for (const bool isMean : {false, true}) {
            const Choice choice{.isMean = isMean, .isClipped = true};
            const Trained rows = trained(DeviceKind::Cpu, choice, false);
            QVERIFY(rows.has("EmbeddingRows") && rows.has("GlobalNorm"));
            QVERIFY(largestDifference(rows, trained(DeviceKind::Reference, choice, false)) < 1e-5);
            QVERIFY(largestDifference(rows, trained(DeviceKind::Cpu, {.isMean = isMean}, false)) > 1e-3);
        }
    }

    void gradientsThatAreGatheredAreWhole()
    {
        const Choice choice{.isMean = true, .isGathered = true};
        const Trained gathered = trained(DeviceKind::Cpu, choice, false);
        QVERIFY(gathered.has("EmbeddingGradient") && !gathered.has("EmbeddingRows"));
        QVERIFY(largestDifference(gathered, trained(DeviceKind::Reference, choice, false)) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(RowsTest)
#include "engine_rows_test.moc"
