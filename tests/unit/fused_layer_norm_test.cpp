// A card does what a residual block does around a LayerNorm in its kernel, and around its gradient in that one's.
#include <QtTest>

#include <algorithm>
#include <cmath>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/activation/activation.h"
#include "core/ops/binary/binary.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/layer_norm/layer_norm.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reduce/reduce.h"
#include "core/training/training_graph.h"
#include "tests/unit/card_plans.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr std::int64_t samples = 6, steps = 5, features = 24;
constexpr const char* fusedName = "residual-norm";

SessionOptions onACardWith(Precision precision, const char* without = "", MemoryUse memory = MemoryUse::Normal)
{
    SessionOptions options = onACard();
    options.precision = precision;
    options.withoutKernels = without;
    options.memory = memory;
    return options;
}

/// Two residual blocks, each of dense layers and their dropout, with the norm in front of it or behind the sum.
struct Blocks {
    OpBench bench;
    Value x = rows(1), dy = rows(2), y;
    std::vector<Value> weights;
    double rate;

    Blocks(bool isNormFirst, double ofDropout) : rate(ofDropout)
    {
        y = x;
        for (const int i : {0, 1})
            y = isNormFirst ? add(y, branch(normalised(y), i)) : normalised(add(branch(y, i), y));
        if (isNormFirst)
            y = normalised(y);
    }

    Value rows(double seed) { return bench.input({Dim::batch(), steps, features}, numbers(samples * steps * features, seed), DType::Float32); }
    Value normalised(const Value& of) { return layerNorm(of, weight({features}), weight({features}), 1e-5); }
    Value branch(const Value& of, int i)
    {
        // The wide layer's gradient is where most is alive.
        const Value wide = matmul(of, weight({features, 8 * features})), dense = matmul(wide, weight({8 * features, features}));
        return rate > 0 ? dropout(dense, rate, static_cast<std::uint64_t>(i)) : dense;
    }
    std::vector<Value> withGradients() const
    {
        std::vector<Value> all{y};
        std::vector<Value> targets = weights;
        targets.push_back(x);
        const std::vector<Value> gradients = differentiate(reduceSum(multiply(y, dy), {}), targets);
        all.insert(all.end(), gradients.begin(), gradients.end());
        return all;
    }

private:
    Value weight(const Shape& shape)
    {
        weights.push_back(bench.input(shape, numbers(elementCount(shape.at(1)), 3.0 + static_cast<double>(weights.size())), DType::Float32));
        return weights.back();
    }
};

/// A Transformer that tells texts apart, ready to be trained.
Lowered textNetwork(bool isNormFirst, std::int64_t blocks, std::int64_t width)
{
    const Tree::Map encoder{{"numLayers", blocks}, {"heads", 2}, {"feedForward", 4 * width}, {"dropout", 0.1}, {"normFirst", isNormFirst}};
    const Network network = Chain()
                                .add("words", "Input", {{"kind", "tokens"}, {"column", "words"}, {"shape", Tree::List{128}}})
                                .add("embedding", "Embedding", {{"vocabulary", 50}, {"dimension", width}})
                                .add("encoder", "TransformerEncoder", encoder)
                                .add("mean", "MeanOverTime")
                                .add("scores", "Dense", {{"units", 2}})
                                .add("loss", "CrossEntropy")
                                .network;
    return lower(network, {Mode::Train, true});
}

/// Of its first steps.
std::vector<float> lossesOf(bool isNormFirst, const SessionOptions& options)
{
    constexpr std::int64_t n = 3, t = 32;
    Lowered lowered = textNetwork(isNormFirst, 2, 16);
    const TrainingGraph training = buildTrainingGraph(lowered, TrainingSettings());
    StepNumbers stepNumbers;
    stepNumbers.learningRate = 0.01f;
    std::vector<std::vector<std::int32_t>> words;
    std::vector<float> scalars;
    scalars.reserve(lowered.graph->inputs().size());
    std::vector<const void*> feeds;
    for (const Value& input : lowered.graph->inputs()) {
        const auto scalar = std::ranges::find(training.scalars, input, &ScalarFeed::value);
        if (scalar != training.scalars.end()) {
            scalars.push_back(stepNumbers.*scalar->number);
            feeds.push_back(&scalars.back());
            continue;
        }
        const bool isLengths = input.name().find("lengths") != std::string::npos;
        const std::size_t ends = input.shape().rank() == 1 ? 2 : 50;
        std::vector<std::int32_t>& one = words.emplace_back(static_cast<std::size_t>(elementCount(input.shape().at(n, t))));
        for (std::size_t i = 0; i < one.size(); ++i)
            one[i] = static_cast<std::int32_t>(isLengths ? t : i * 7 % ends);
        feeds.push_back(one.data());
    }
    Session session(options);
    Plan& plan = session.plan(*lowered.graph, {n, t, {training.metrics.loss}, true});
    std::vector<float> losses(4);
    for (std::size_t i = 0; i < losses.size(); ++i) {
        void* const fetches[] = {&losses[i]};
        session.run(plan, feeds, fetches, {5, static_cast<std::int64_t>(i) + 1, nullptr});
    }
    return losses;
}

} // namespace

class FusedLayerNormTest : public QObject, CardPlans {
    Q_OBJECT

public:
    FusedLayerNormTest() : CardPlans(samples) {}

private Q_SLOTS:
    void init()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable("not run: " + problem));
    }

    void residualBlocksAreInItsKernel_data()
    {
        QTest::addColumn<bool>("isNormFirst");
        QTest::addColumn<double>("rate");
        for (const bool isNormFirst : {false, true})
            for (const double rate : {0.0, 0.3})
                QTest::addRow("%s, dropout %g", isNormFirst ? "before" : "behind", rate) << isNormFirst << rate;
    }
    void residualBlocksAreInItsKernel()
    {
        QFETCH(bool, isNormFirst);
        QFETCH(double, rate);
        Blocks blocks(isNormFirst, rate);
        compare(blocks.bench, blocks.withGradients());
        QCOMPARE(count("FusedLayerNorm"), 2);
        // Nothing stands around the last norm's gradient where there is no dropout.
        const int plain = rate > 0 ? 0 : 1, norms = isNormFirst ? 3 : 2;
        QCOMPARE(count("FusedLayerNormGradient"), norms - plain);
        QCOMPARE(count("LayerNormGradient"), plain);
        QCOMPARE(count("LayerNorm"), isNormFirst ? 1 : 0);
        QCOMPARE(count("Dropout"), 0);
        QCOMPARE(count("Add"), isNormFirst ? 0 : 1); // into the slope of x
    }

    /// What is added to 0 is what is dropped: the very bits.
    void masksAreThoseOfDropout()
    {
        for (const std::int64_t width : {features, std::int64_t(7)}) {
            OpBench bench;
            const Shape shape{Dim::batch(), steps, width};
            const Value zeros = bench.input(shape, std::vector<double>(static_cast<std::size_t>(samples * steps * width)));
            const Value branch = bench.input(shape, numbers(samples * steps * width, 1)), ones = bench.input({width}, numbers(width, 2));
            const Value dropped = dropout(branch, 0.4, 77), sum = add(zeros, dropped), y = layerNorm(sum, ones, ones, 1e-5);
            const std::vector<double> expected = bench.values(dropped, samples);
            Session session(onACard());
            Plan& plan = session.plan(bench.graph, {samples, 1, {sum, y}});
            remember(plan);
            QCOMPARE(count("FusedLayerNorm"), 1);
            QCOMPARE(bench.run(session, plan, {sum, y}, samples)[0], expected);
        }
    }

    /// An elementwise op before the sum makes a chain with it, which moves less.
    void whatChainsTakeIsLeftToThem()
    {
        Blocks blocks(false, 0);
        const Value bent = gelu(blocks.branch(blocks.x, 0));
        compare(blocks.bench, {blocks.normalised(add(blocks.x, bent))});
        QCOMPARE(count("FusedLayerNorm"), 0);
        QCOMPARE(count("ElementwiseChain"), 1);
        compare(blocks.bench, {blocks.normalised(add(blocks.x, bent)), bent}); // which cannot
        QCOMPARE(count("FusedLayerNorm"), 1);
    }

    /// Sums that stretch, of a value with itself, and of norms that are not right behind them.
    void otherSumsStay()
    {
        Blocks blocks(false, 0);
        const Value x = blocks.branch(blocks.x, 0), row = reduceSum(blocks.dy, {0, 1}, true), sum = add(x, blocks.dy);
        const std::vector<Value> all{blocks.normalised(add(x, row)), blocks.normalised(add(x, x)), blocks.normalised(sum)};
        compare(blocks.bench, all);
        QCOMPARE(count("FusedLayerNorm"), 0);
        QCOMPARE(count("LayerNorm"), 3);
    }

    /// A dropout that others read is computed by itself.
    void aBranchThatOthersReadStays()
    {
        Blocks blocks(false, 0.3);
        const Value branch = blocks.branch(blocks.x, 0);
        compare(blocks.bench, {blocks.normalised(add(blocks.x, branch)), branch});
        QCOMPARE(count("FusedLayerNorm"), 1);
        QCOMPARE(count("Dropout"), 1);
    }

    void leanPlansAndTheProcessorKeepTheOps()
    {
        const Blocks blocks(false, 0.3);
        SessionOptions processor;
        processor.threads = 1;
        for (const SessionOptions& options :
             {processor, onACardWith(Precision::Float32, "", MemoryUse::Lean), onACardWith(Precision::Float32, fusedName)}) {
            Session session(options);
            remember(session.plan(blocks.bench.graph, {samples, 1, {blocks.y}, true}));
            QCOMPARE(count("FusedLayerNorm"), 0);
            QCOMPARE(count("LayerNorm"), 2);
        }
    }

    /// The sum behind the gradient of one norm is that before the gradient of another: it belongs to the first.
    void aSumBetweenTwoNormsIsAddedOnce()
    {
        Blocks blocks(false, 0);
        blocks.weights.clear(); // the blocks that it came with do not count
        const Value inner = blocks.normalised(blocks.branch(blocks.x, 0)), sum = add(inner, blocks.branch(blocks.normalised(inner), 1));
        blocks.y = sum;
        compare(blocks.bench, blocks.withGradients());
        QCOMPARE(count("FusedLayerNormGradient"), 1);
        QCOMPARE(count("LayerNormGradient"), 1);
        QCOMPARE(count("Add"), 1); // of sum
    }

    /// Where most is alive at the norm itself, nothing more may be.
    void nothingIsFusedWhereMostIsAlive()
    {
        OpBench bench;
        const Shape shape{Dim::batch(), features};
        const auto input = [&](const Shape& of, double seed) { return bench.input(of, numbers(samples * elementCount(of.at(1)), seed)); };
        const Value weights = input({features, features}, 1), row = input({features}, 2);
        const Value sum = add(matmul(input(shape, 3), weights), matmul(input(shape, 4), weights)), y = layerNorm(sum, row, row, 1e-5);
        compare(bench, {y});
        QCOMPARE(count("FusedLayerNorm"), 0);
        compare(bench, {y, matmul(y, input({features, 4 * features}, 5))});
        QCOMPARE(count("FusedLayerNorm"), 1);
    }

    void networksTakeNoMoreMemory()
    {
        for (const bool isNormFirst : {false, true})
            for (const Precision precision : {Precision::Tf32, Precision::BFloat16}) {
                std::size_t arena[2];
                for (const bool isFused : {false, true}) {
                    Lowered lowered = textNetwork(isNormFirst, 6, 64);
                    const TrainingGraph training = buildTrainingGraph(lowered, TrainingSettings());
                    const PlanRequest request{16, 128, {training.metrics.loss}, true};
                    arena[isFused] = forecastPlan(*lowered.graph, request, onACardWith(precision, isFused ? "" : fusedName)).arena;
                }
                QVERIFY2(static_cast<double>(arena[1]) <= 1.001 * static_cast<double>(arena[0]),
                         qPrintable(QStringLiteral("%1 instead of %2 bytes").arg(arena[1]).arg(arena[0])));
            }
    }

    void trainingIsTheSame_data()
    {
        QTest::addColumn<bool>("isNormFirst");
        QTest::addColumn<int>("precision");
        for (const bool isNormFirst : {false, true})
            for (const Precision precision : {Precision::Float32, Precision::BFloat16})
                QTest::addRow("%s, %s", isNormFirst ? "before" : "behind", nameOf(precision)) << isNormFirst << static_cast<int>(precision);
    }
    void trainingIsTheSame()
    {
        QFETCH(bool, isNormFirst);
        QFETCH(int, precision);
        const auto rounding = static_cast<Precision>(precision);
        const std::vector<float> fused = lossesOf(isNormFirst, onACardWith(rounding)),
                                 plain = lossesOf(isNormFirst, onACardWith(rounding, fusedName));
        const float tolerance = rounding == Precision::Float32 ? 1e-4f : 2e-2f;
        for (std::size_t i = 0; i < fused.size(); ++i)
            QVERIFY2(std::abs(fused[i] - plain[i]) <= tolerance * plain[i],
                     qPrintable(QStringLiteral("step %1: %2 instead of %3").arg(i).arg(fused[i]).arg(plain[i])));
        QVERIFY(fused.front() != fused.back());
    }
};

QTEST_GUILESS_MAIN(FusedLayerNormTest)
#include "fused_layer_norm_test.moc"
