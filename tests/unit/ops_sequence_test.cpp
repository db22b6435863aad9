#include <QtTest>

#include "core/engine/differentiate.h"
#include "core/ops/embedding/embedding.h"
#include "core/ops/first_rows/first_rows.h"
#include "core/ops/over_time/over_time.h"
#include "core/ops/recurrent/recurrent.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/steps/steps.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {

const Dim N = Dim::batch();
const double notANumber = std::nan("");

double sigmoidOf(double x)
{
    return 1.0 / (1.0 + std::exp(-x));
}

/// One unit that reads one feature; weights as PyTorch names them, gate after gate.
struct OneUnit {
    OpBench bench;
    Value x, lengths;
    CellWeights weights;

    OneUnit(Cell cell, const Numbers& steps, const Numbers& kernel, const Numbers& recurrentKernel, const Numbers& bias, const Numbers& recurrentBias,
            const Numbers& real = {})
    {
        const std::int64_t gates = gatesOf(cell);
        const auto samples = static_cast<std::int64_t>(real.empty() ? 1 : real.size());
        x = bench.input({N, static_cast<std::int64_t>(steps.size()) / samples, 1}, steps);
        if (!real.empty())
            lengths = bench.input({N}, real, DType::Int32);
        weights = {bench.variable("w", {1, gates}, kernel), bench.variable("r", {1, gates}, recurrentKernel), bench.variable("b", {gates}, bias),
                   bench.variable("c", {gates}, recurrentBias)};
    }
};

} // namespace

class OpsSequenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void embeddingLooksRowsUp()
    {
        OpBench bench;
        const Value table = bench.input({3, 2}, {1, 2, 3, 4, 5, 6});
        const Value tokens = bench.input({N, 2}, {2, 0, -1, 3}, DType::Int32);
        QVERIFY(agree(bench.values(embedding(table, tokens), 2), {5, 6, 1, 2, notANumber, notANumber, notANumber, notANumber}));
        QVERIFY(errorOf([&] { embedding(table, table); }).find("int32") != std::string::npos);
    }

    void paddingAndUnusedRowsGetNoGradient()
    {
        OpBench bench;
        const Value table = bench.variable("table", {4, 1}, {1, 2, 3, 4});
        const Value tokens = bench.input({N, 3}, {0, 1, 3, 3, 0, 3}, DType::Int32);
        const Value loss = reduceSum(embedding(table, tokens, 0), {});
        QVERIFY(agree(bench.values(differentiate(loss, {table})[0], 2), {0, 1, 0, 3}));
    }

    void reductionsOverTimeSeeRealStepsOnly()
    {
        OpBench bench;
        const Value x = bench.input({N, 3, 2}, {1, 10, 3, 20, 8, -90, /**/ 4, 40, 100, 100, 100, 100});
        const Value lengths = bench.input({N}, {2, 1}, DType::Int32);
        QVERIFY(agree(bench.values(meanOverTime(x), 2), {4, -20, 68, 80}));
        QVERIFY(agree(bench.values(meanOverTime(x, lengths), 2), {2, 15, 4, 40}));
        QVERIFY(agree(bench.values(maxOverTime(x), 2), {8, 20, 100, 100}));
        QVERIFY(agree(bench.values(maxOverTime(x, lengths), 2), {3, 20, 4, 40}));
        const auto slope = [&](const Value& y) { return bench.values(differentiate(reduceSum(y, {}), {x})[0], 2); };
        QVERIFY(agree(slope(meanOverTime(x, lengths)), {0.5, 0.5, 0.5, 0.5, 0, 0, 1, 1, 0, 0, 0, 0}));
        QVERIFY(agree(slope(maxOverTime(x, lengths)), {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0}));
        QVERIFY(errorOf([&] { meanOverTime(x, x); }).find("int32 [N]") != std::string::npos);
    }

    void lengthsOutsideTheSequenceAreClamped()
    {
        OpBench bench;
        const Value x = bench.input({N, 2, 1}, {1, 3, 5, 7});
        const Value lengths = bench.input({N}, {0, 9}, DType::Int32);
        QVERIFY(agree(bench.values(meanOverTime(x, lengths), 2), {1, 6}));
    }

    void softmaxLeavesPaddingAndTheFutureOut()
    {
        OpBench bench;
        const double e = std::exp(1.0);
        const Value scores = bench.input({N, 2, 3}, {1, 2, 9, 2, 1, 9});
        const Value lengths = bench.input({N}, {2}, DType::Int32);
        QVERIFY(agree(bench.values(maskedSoftmax(scores, lengths, false)), {1 / (1 + e), e / (1 + e), 0, e / (1 + e), 1 / (1 + e), 0}));
        QVERIFY(agree(bench.values(maskedSoftmax(scores, {}, true)), {1, 0, 0, e / (1 + e), 1 / (1 + e), 0}));
    }

    void tablesGiveTheirFirstRows()
    {
        OpBench bench;
        const Value table = bench.input({3, 2}, {1, 2, 3, 4, 5, 6});
        QVERIFY(agree(bench.values(firstRows(table, Dim::time(2))), {1, 2, 3, 4}));
        QVERIFY(agree(bench.values(firstRows(table, 1)), {1, 2}));
        const Value all = firstRows(table, Dim::time(4));
        QVERIFY(!errorOf([&] { bench.values(all); }).empty());
    }

    void stepsAreCountedAndCompared()
    {
        OpBench bench;
        const Value limits = bench.input({N, 1}, {1, 3}, DType::Int32);
        QVERIFY(agree(bench.values(less(steps(bench.graph, 3), limits), 2), {1, 0, 0, 1, 1, 1}));
    }

    void simpleRnnByHand()
    {
        OneUnit unit(Cell::SimpleRnn, {0.5, -1}, {0.7}, {0.4}, {0.1}, {0.2});
        const RecurrentResult result = recurrent(Cell::SimpleRnn, unit.x, unit.weights, {}, false, true);
        const double first = std::tanh(0.35 + 0.3);
        const double second = std::tanh(-0.7 + 0.4 * first + 0.3);
        QVERIFY(agree(unit.bench.values(result.y), {first, second}));
        QVERIFY(agree(unit.bench.values(result.last), {second}));
    }

    void lstmByHand()
    {
        OneUnit unit(Cell::Lstm, {0.5, -1}, {0.7, -0.3, 0.9, 0.2}, {0.4, 0.5, -0.6, 0.1}, {0.1, 0.2, 0.3, 0.4}, {0, -0.1, 0.1, 0.2});
        double h = 0, cell = 0;
        Numbers states;
        for (const double x : {0.5, -1.0}) {
            const double i = sigmoidOf(0.7 * x + 0.4 * h + 0.1), f = sigmoidOf(-0.3 * x + 0.5 * h + 0.1);
            const double g = std::tanh(0.9 * x - 0.6 * h + 0.4), o = sigmoidOf(0.2 * x + 0.1 * h + 0.6);
            cell = f * cell + i * g;
            h = o * std::tanh(cell);
            states.push_back(h);
        }
        QVERIFY(agree(unit.bench.values(recurrent(Cell::Lstm, unit.x, unit.weights, {}, false, true).y), states));
        QVERIFY(agree(unit.bench.values(recurrent(Cell::Lstm, unit.x, unit.weights, {}, false, false).y), states));
    }

    void gruByHand()
    {
        OneUnit unit(Cell::Gru, {0.5, -1}, {0.7, -0.3, 0.9}, {0.4, 0.5, -0.6}, {0.1, 0.2, 0.3}, {0, -0.1, 0.1});
        double h = 0;
        Numbers states;
        for (const double x : {0.5, -1.0}) {
            const double r = sigmoidOf(0.7 * x + 0.4 * h + 0.1), z = sigmoidOf(-0.3 * x + 0.5 * h + 0.1);
            const double n = std::tanh(0.9 * x + 0.3 + r * (-0.6 * h + 0.1));
            h = (1 - z) * n + z * h;
            states.push_back(h);
        }
        QVERIFY(agree(unit.bench.values(recurrent(Cell::Gru, unit.x, unit.weights, {}, false, true).y), states));
    }

    void paddingPassesTheStateThrough_data()
    {
        QTest::addColumn<int>("cell");
        QTest::addColumn<bool>("isReverse");
        for (const bool isReverse : {false, true}) {
            QTest::newRow(isReverse ? "simple, backwards" : "simple") << int(Cell::SimpleRnn) << isReverse;
            QTest::newRow(isReverse ? "lstm, backwards" : "lstm") << int(Cell::Lstm) << isReverse;
            QTest::newRow(isReverse ? "gru, backwards" : "gru") << int(Cell::Gru) << isReverse;
        }
    }

    void paddingPassesTheStateThrough()
    {
        QFETCH(int, cell);
        QFETCH(bool, isReverse);
        const Cell kind = static_cast<Cell>(cell);
        const auto gates = static_cast<std::size_t>(gatesOf(kind));
        const auto first = [&](const Numbers& four) { return Numbers(four.begin(), four.begin() + static_cast<std::ptrdiff_t>(gates)); };
        const Numbers w = first({0.7, -0.3, 0.9, 0.2}), r = first({0.4, 0.5, -0.6, 0.1}), b = first({0.1, 0.2, 0.3, 0.4}),
                      c = first({0, -0.1, 0.1, 0.2});
        OneUnit padded(kind, {0.5, -1, 77, 0.3, 0.6, 0.9}, w, r, b, c, {2, 3});
        OneUnit alone(kind, {0.5, -1}, w, r, b, c);
        const RecurrentResult two = recurrent(kind, padded.x, padded.weights, padded.lengths, isReverse, true);
        const RecurrentResult one = recurrent(kind, alone.x, alone.weights, {}, isReverse, true);
        const std::vector<Numbers> both = padded.bench.values({two.y, two.last}, 2), short_ = alone.bench.values({one.y, one.last});
        QVERIFY(agree({both[0][0], both[0][1], both[0][2]}, {short_[0][0], short_[0][1], 0}));
        QCOMPARE(both[1][0], short_[1][0]);
        QCOMPARE(both[1][1], isReverse ? both[0][3] : both[0][5]);
        // What stands in the padding changes nothing, and gets no slope.
        const Value slope = differentiate(reduceSum(two.last, {}), {padded.x})[0];
        QCOMPARE(padded.bench.values(slope, 2)[2], 0.0);
    }

    void weightsThatDoNotFitAreRefused()
    {
        OneUnit unit(Cell::Lstm, {0.5}, {1, 1, 1, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0});
        QVERIFY(errorOf([&] { recurrent(Cell::Gru, unit.x, unit.weights, {}, false, true); }).find("[1, 3]") != std::string::npos);
        const RecurrentResult result = recurrent(Cell::Lstm, unit.x, unit.weights, {}, false, false);
        QVERIFY(errorOf([&] { differentiate(reduceSum(result.y, {}), {unit.x}); }).find("inference") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(OpsSequenceTest)
#include "ops_sequence_test.moc"
