// Attention as one op gives what its chain of ops gives, takes its place on a card, and needs no array of the size of
// queries times keys.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/attention/attention.h"
#include "core/ops/binary/binary.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"
#include "tests/unit/network_builder.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr std::int64_t samples = 4, heads = 3, width = 4, valueWidth = 5;
const std::vector<double> lengthsOfSamples{0, 1, 3, 1000};
constexpr double scale = 0.5;
constexpr std::uint64_t stream = 99;

struct Sizes {
    std::int64_t queries = 5, keys = 5;
    bool isCausal = false, hasLengths = false;
    double rate = 0;
};

std::vector<double> numbers(std::int64_t count, double seed)
{
    std::vector<double> all(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = std::sin(seed + 1.7 * static_cast<double>(i * i % 1009));
    return all;
}

/// softmax(scale·q·kᵀ)·v as layers build it, its gradients, and the ops that stand for both.
struct BothWays {
    OpBench bench;
    Value q, k, v, dy, lengths, weights;
    std::vector<Value> chain, fused; ///< y, dq, dk, dv

    BothWays(const Sizes& sizes, DType dtype)
    {
        const auto operand = [&](std::int64_t steps, std::int64_t features, double seed) {
            const std::int64_t count = samples * heads * steps * features;
            return bench.input({Dim::batch(), heads, steps, features}, numbers(count, seed), dtype);
        };
        q = operand(sizes.queries, width, 1);
        k = operand(sizes.keys, width, 2);
        v = operand(sizes.keys, valueWidth, 3);
        dy = operand(sizes.queries, valueWidth, 4);
        if (sizes.hasLengths)
            lengths = bench.input({Dim::batch()}, lengthsOfSamples, DType::Int32);
        buildChain(sizes);
        buildFused(sizes);
    }

private:
    void buildChain(const Sizes& sizes)
    {
        const Value scores = matmul(affine(q, scale), k, false, true);
        weights = lengths || sizes.isCausal ? maskedSoftmax(scores, lengths, sizes.isCausal) : softmax(scores);
        const Value y = matmul(sizes.rate > 0 ? dropout(weights, sizes.rate, stream) : weights, v);
        const std::vector<Value> gradients = differentiate(reduceSum(multiply(y, dy), {}), {q, k, v});
        chain = {y, gradients[0], gradients[1], gradients[2]};
    }

    void buildFused(const Sizes& sizes)
    {
        const Attributes attributes{
            {"scale", scale}, {"causal", sizes.isCausal}, {"rate", sizes.rate}, {"stream", static_cast<std::int64_t>(stream)}};
        const auto withLengths = [&](std::vector<Value> inputs) {
            if (lengths)
                inputs.push_back(lengths);
            return inputs;
        };
        const std::vector<Value> results = bench.graph.add(attentionSpec(), withLengths({q, k, v}), attributes);
        const std::vector<Value> gradients = bench.graph.add(attentionGradientSpec(), withLengths({dy, q, k, v, results[0], results[1]}), attributes);
        fused = {results[0], gradients[0], gradients[1], gradients[2]};
    }
};

std::vector<std::string> opsOf(const Plan& plan)
{
    std::vector<std::string> ops;
    for (const PlanStep& step : plan.steps())
        ops.push_back(step.op);
    return ops;
}

SessionOptions on(DeviceKind device)
{
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    return options;
}

/// A step of training of texts by a Transformer.
struct TransformerStep {
    Lowered lowered;
    TrainingGraph training;

    TransformerStep(std::int64_t layers, std::int64_t features) :
        lowered(lower(network(layers, features), {Mode::Train, true})), training(graphOf(lowered))
    {
    }

    PlanRequest request(std::int64_t n, std::int64_t t) const { return {n, t, {training.metrics.loss}, true}; }

private:
    static Network network(std::int64_t layers, std::int64_t features)
    {
        return Chain()
            .add("words", "Input", {{"kind", "tokens"}, {"column", "words"}, {"shape", Tree::List{512}}})
            .add("embedding", "Embedding", {{"vocabulary", 50}, {"dimension", features}})
            .add("encoder", "TransformerEncoder", {{"numLayers", layers}, {"heads", 4}, {"feedForward", 16}, {"dropout", 0.1}})
            .add("mean", "MeanOverTime")
            .add("scores", "Dense", {{"units", 2}})
            .add("loss", "CrossEntropy")
            .network;
    }
    static TrainingGraph graphOf(Lowered& lowered) { return buildTrainingGraph(lowered, TrainingSettings()); }
};

void addMasks()
{
    QTest::addColumn<bool>("isCausal");
    QTest::addColumn<bool>("hasLengths");
    QTest::addColumn<double>("rate");
    for (const bool isCausal : {false, true})
        for (const bool hasLengths : {false, true})
            for (const double rate : {0.0, 0.4})
                QTest::addRow("%s, %s, dropout %g", isCausal ? "causal" : "all", hasLengths ? "lengths" : "full", rate)
                    << isCausal << hasLengths << rate;
}

Sizes sizesOfRow(std::int64_t queries, std::int64_t keys)
{
    QFETCH(bool, isCausal);
    QFETCH(bool, hasLengths);
    QFETCH(double, rate);
    return {queries, keys, isCausal, hasLengths, rate};
}

} // namespace

class AttentionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_hasCard = cardProblem().isEmpty();
    }

    void theOpsAreTheirChain_data() { addMasks(); }
    /// In float64, where nothing but a fault makes a difference.
    void theOpsAreTheirChain()
    {
        for (const auto& [queries, keys] : std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {1, 6}, {5, 5}, {7, 3}, {17, 18}}) {
            BothWays both(sizesOfRow(queries, keys), DType::Float64);
            std::vector<Value> all = both.chain;
            all.insert(all.end(), both.fused.begin(), both.fused.end());
            const std::vector<Numbers> results = both.bench.values(all, samples);
            for (std::size_t i = 0; i < both.chain.size(); ++i)
                QVERIFY2(agree(results[4 + i], results[i], 1e-12), qPrintable(QStringLiteral("result %1 of %2 x %3").arg(i).arg(queries).arg(keys)));
        }
    }

    void aCardTakesTheOps_data() { addMasks(); }
    /// The chain on a card, where the planner puts the ops in its place, against the chain as it is: dropout drops the same.
    void aCardTakesTheOps()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        for (const std::int64_t steps : {1, 9}) {
            BothWays both(sizesOfRow(steps, steps), DType::Float32);
            const std::vector<Numbers> expected = both.bench.values(both.chain, samples), actual = onCard(both, both.chain);
            QCOMPARE(count("Attention"), 1);
            QCOMPARE(count("AttentionGradient"), 1);
            for (const char* op : {"MatMul", "Softmax", "MaskedSoftmax", "SoftmaxGradient", "Dropout"})
                QCOMPARE(count(op), 0);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY2(agree(actual[i], expected[i], 1e-4), qPrintable(QStringLiteral("result %1 of %2 steps").arg(i).arg(steps)));
        }
    }

    /// The result alone, and with each of its gradients without the others.
    void aCardTakesTheOpsForSomeGradients()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        for (std::size_t i = 0; i < 4; ++i) {
            BothWays both({9, 9, true, true, 0.4}, DType::Float32);
            std::vector<Value> fetches{both.chain[0]};
            if (i > 0)
                fetches.push_back(both.chain[i]);
            const std::vector<Numbers> expected = both.bench.values(fetches, samples), actual = onCard(both, fetches);
            QCOMPARE(count("Attention"), 1);
            QCOMPARE(count("AttentionGradient"), i > 0 ? 1 : 0);
            QCOMPARE(count("MaskedSoftmax"), 0);
            QVERIFY(agree(actual.back(), expected.back(), 1e-4));
        }
    }

    /// Someone looks at the weights: then they are there.
    void fetchedWeightsKeepTheChain()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        BothWays both({5, 5, true, false, 0.4}, DType::Float32);
        const std::vector<Value> fetches{both.weights, both.chain[0], both.chain[1]};
        const std::vector<Numbers> expected = both.bench.values(fetches, samples), actual = onCard(both, fetches);
        QCOMPARE(count("Attention"), 0);
        QCOMPARE(count("MaskedSoftmax"), 1);
        for (std::size_t i = 0; i < fetches.size(); ++i)
            QVERIFY(agree(actual[i], expected[i], 1e-4));
    }

    /// What is computed between the ops of the chain for something else.
    void otherReadersKeepTheChain()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        BothWays both({5, 5, false, true, 0.4}, DType::Float32);
        const Value entropy = reduceSum(square(both.weights), {2, 3});
        onCard(both, {both.chain[0], entropy});
        QCOMPARE(count("Attention"), 0);
    }

    void theProcessorKeepsTheChain()
    {
        Session session(on(DeviceKind::Cpu));
        BothWays both({5, 5, true, true, 0.4}, DType::Float32);
        const std::vector<std::string> ops = opsOf(session.plan(both.bench.graph, {samples, 1, both.chain}));
        QCOMPARE(std::ranges::count(ops, "Attention"), 0);
        QCOMPARE(std::ranges::count(ops, "MatMul"), 6);
    }

    /// The layer lowers to the chain that is replaced.
    void aTransformerTrainsWithoutItsScores()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        const TransformerStep step(3, 8);
        Session session(on(DeviceKind::Cuda));
        session.addVariables(*step.lowered.graph);
        m_ops = opsOf(session.plan(*step.lowered.graph, step.request(2, 32)));
        QCOMPARE(count("Attention"), 3);
        QCOMPARE(count("AttentionGradient"), 3);
        for (const char* op : {"Softmax", "MaskedSoftmax", "SoftmaxGradient"})
            QCOMPARE(count(op), 0);
    }

    /// Stored in 16 bits, matrices of heads stay as layers make them.
    void layersKeepTheirOrderInSixteenBits()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        for (const MemoryUse memory : {MemoryUse::Normal, MemoryUse::Lean}) {
            const TransformerStep step(3, 8);
            SessionOptions options = on(DeviceKind::Cuda);
            options.precision = Precision::BFloat16;
            options.memory = memory;
            Session session(options);
            session.addVariables(*step.lowered.graph);
            m_ops = opsOf(session.plan(*step.lowered.graph, step.request(2, 32)));
            QVERIFY(count("Attention") >= 3);
            QCOMPARE(count("AttentionGradient"), 3);
            QCOMPARE(count("Transpose"), 0);
        }
    }

    /// All values of a step take less than the scores of one layer would.
    void memoryGrowsWithTheLengthAlone()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
        const TransformerStep step(2, 8);
        constexpr std::size_t n = 64, t = 512, scores = n * 4 * t * t * sizeof(float);
        const auto arena = [&](DeviceKind device) { return forecastPlan(*step.lowered.graph, step.request(n, t), on(device)).arena; };
        QVERIFY(arena(DeviceKind::Cpu) > scores);
        QVERIFY2(arena(DeviceKind::Cuda) < scores / 2, qPrintable(QString::number(arena(DeviceKind::Cuda))));
    }

private:
    std::vector<Numbers> onCard(BothWays& both, const std::vector<Value>& fetches)
    {
        Session session(on(DeviceKind::Cuda));
        Plan& plan = session.plan(both.bench.graph, {samples, 1, fetches});
        m_ops = opsOf(plan);
        return both.bench.run(session, plan, fetches, samples);
    }
    std::ptrdiff_t count(const char* op) const { return std::ranges::count(m_ops, op); }

    bool m_hasCard = false;
    std::vector<std::string> m_ops; ///< of the plan made last
};

QTEST_GUILESS_MAIN(AttentionTest)
#include "attention_test.moc"
