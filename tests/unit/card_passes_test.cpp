// What a card does in one kernel that a graph says in several ops: residual blocks that predict, and running averages.
#include <QtTest>

#include <cmath>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/assign/assign.h"
#include "core/ops/binary/binary.h"
#include "core/ops/conv/conv.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/card_plans.h"

using namespace weft;

namespace {

constexpr std::int64_t samples = 3, channels = 4, side = 6;

struct Residual {
    OpBench bench;
    Value x = bench.input({Dim::batch(), channels, side, side}, numbers(samples* channels* side* side, 1), DType::Float32);

    Value convolved(const Value& of, double seed, bool hasBias = true)
    {
        const Value kernel = bench.input({channels, channels, 3, 3}, numbers(channels * channels * 9, seed), DType::Float32);
        const Value bias = bench.input({channels}, numbers(channels, seed + 1), DType::Float32);
        ConvGeometry geometry;
        geometry.padBegin = geometry.padEnd = {1, 1};
        return conv(of, kernel, hasBias ? bias : Value(), geometry);
    }
};

} // namespace

class CardPassesTest : public QObject, CardPlans {
    Q_OBJECT

public:
    CardPassesTest() : CardPlans(samples) {}

private Q_SLOTS:
    void init()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable("not run: " + problem));
    }

    void aResidualBlockIsOneConvolution()
    {
        for (const bool isFirst : {true, false}) {
            Residual block;
            const Value y = block.convolved(block.x, 3);
            compare(block.bench, {relu(isFirst ? add(block.x, y) : add(y, block.x))});
            QCOMPARE(ops(), std::vector<std::string>{"FusedConvAdd"});
        }
    }

    void withoutAReluAsWell()
    {
        Residual block;
        const Value sum = add(block.x, block.convolved(block.x, 3));
        compare(block.bench, {sum, relu(sum)});
        QCOMPARE(ops(), (std::vector<std::string>{"FusedConvAdd", "Relu"}));
    }

    /// The later one takes in the earlier one's result.
    void ofTwoThatMeetOneAdds()
    {
        Residual block;
        const Value first = block.convolved(block.x, 3), second = block.convolved(block.x, 5);
        compare(block.bench, {relu(add(first, second))});
        QCOMPARE(ops(), (std::vector<std::string>{"Conv", "FusedConvAdd"}));
    }

    void othersStay()
    {
        Residual withoutBias;
        compare(withoutBias.bench, {relu(add(withoutBias.x, withoutBias.convolved(withoutBias.x, 3, false)))});
        QCOMPARE(count("FusedConvAdd"), 0);
        Residual fetched;
        const Value y = fetched.convolved(fetched.x, 3);
        compare(fetched.bench, {y, relu(add(fetched.x, y))});
        QCOMPARE(count("FusedConvAdd"), 0);
        Residual doubled;
        const Value twice = doubled.convolved(doubled.x, 3);
        compare(doubled.bench, {relu(add(twice, twice))});
        QCOMPARE(count("FusedConvAdd"), 0);
    }

    /// Three averages with one momentum, and one with another.
    void runningAveragesAreOneOp()
    {
        OpBench bench;
        const Value x = bench.input({2}, {1, -2}, DType::Float32);
        std::vector<Value> variables;
        for (int i = 0; i < 4; ++i)
            variables.push_back(bench.variable("average" + std::to_string(i), {2}, {double(i), 3}));
        for (int i = 0; i < 4; ++i) {
            const double momentum = i == 2 ? 0.5 : 0.25;
            assign(variables[static_cast<std::size_t>(i)],
                   add(affine(variables[static_cast<std::size_t>(i)], 1 - momentum), affine(affine(x, i + 1.0), momentum)));
        }
        Session session(onACard());
        session.addVariables(bench.graph);
        for (int i = 0; i < 4; ++i) {
            const std::vector<float> start{float(i), 3.0f};
            session.writeVariable("average" + std::to_string(i), std::as_bytes(std::span(start)));
        }
        Plan& plan = session.plan(bench.graph, {1, 1, {}, true});
        remember(plan);
        bench.run(session, plan, {}, 1);
        QCOMPARE(count("BlendUpdate"), 1);
        QCOMPARE(count("Assign"), 1); // the other one, alone
        for (int i = 0; i < 4; ++i) {
            std::vector<float> now(2);
            session.readVariable("average" + std::to_string(i), std::as_writable_bytes(std::span(now)));
            const float share = i == 2 ? 0.5f : 0.25f;
            QCOMPARE(now[0], (1 - share) * float(i) + share * float(i + 1));
            QCOMPARE(now[1], (1 - share) * 3.0f + share * -2.0f * float(i + 1));
        }
    }

    /// A variable that something else reads, or that is written twice, is written at its place.
    void averagesThatAreReadBetweenStay()
    {
        OpBench bench;
        const Value x = bench.input({2}, {1, -2}, DType::Float32);
        std::vector<Value> fetches;
        for (int i = 0; i < 2; ++i) {
            const Value variable = bench.variable("average" + std::to_string(i), {2}, {double(i), 3});
            for (int times = 0; times <= i; ++times)
                assign(variable, add(affine(variable, 0.5), affine(x, 0.5)));
            if (i == 0)
                fetches.push_back(square(variable));
        }
        Session session(onACard());
        session.addVariables(bench.graph);
        remember(session.plan(bench.graph, {1, 1, fetches, true}));
        QCOMPARE(count("BlendUpdate"), 0);
        QCOMPARE(count("Assign"), 3);
    }

    /// A byte numbers the taps of most windows; without a gradient nobody asks.
    void maximaAreNumberedForTheirGradients()
    {
        for (const auto& [kernel, isTrained, fused] :
             {std::tuple{3, true, 1}, std::tuple{15, true, 1}, std::tuple{16, true, 0}, std::tuple{3, false, 0}}) {
            OpBench bench;
            const Value x = bench.input({Dim::batch(), channels, 20, 20}, numbers(samples * channels * 400, 1), DType::Float32);
            PoolGeometry geometry;
            geometry.kernel = {kernel, kernel};
            geometry.strides = {2, 2};
            geometry.padBegin = geometry.padEnd = {1, 1};
            const Value y = maxPool(square(x), geometry);
            std::vector<Value> fetches{y, reduceSum(square(y), {0, 1, 2, 3})};
            if (isTrained)
                fetches.push_back(differentiate(fetches[1], std::vector<Value>{x})[0]);
            compare(bench, fetches);
            QCOMPARE(count("IndexedMaxPool"), fused);
            QCOMPARE(count("IndexedMaxPoolGradient"), fused);
            QCOMPARE(count("MaxPoolGradient"), isTrained ? 1 - fused : 0);
        }
    }

    /// The first one wins, with its channels side by side as well.
    void aNanIsTheMaximum()
    {
        for (const std::int64_t width : {std::int64_t(1), std::int64_t(8)}) {
            OpBench bench;
            std::vector<double> filled = numbers(samples * width * 36, 3);
            for (const std::size_t at : {std::size_t(7), std::size_t(8), std::size_t(20), filled.size() - 1})
                filled[at] = std::nan("");
            const Value x = bench.input({Dim::batch(), width, 6, 6}, filled, DType::Float32);
            const Value y = maxPool(x, {{3, 3}, {2, 2}, {1, 1}, {1, 1}});
            Session session(onACard());
            const std::vector<double> onCard = bench.run(session, session.plan(bench.graph, {samples, 1, {y}}), {y}, samples)[0],
                                      expected = bench.values(y, samples);
            for (std::size_t i = 0; i < expected.size(); ++i)
                QVERIFY(std::isnan(expected[i]) ? std::isnan(onCard[i]) : onCard[i] == expected[i]);
        }
    }
};

QTEST_GUILESS_MAIN(CardPassesTest)
#include "card_passes_test.moc"
