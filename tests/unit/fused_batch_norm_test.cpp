// A card does what follows a BatchNorm in its kernel, and the gradients of both in one, with the results of the ops they stand for.
#include <QtTest>

#include <functional>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/activation/activation.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/card_plans.h"

using namespace weft;

namespace {

constexpr std::int64_t samples = 6, channels = 8, side = 5;

/// Two BatchNorms, their gradients with regard to all inputs, and what a test builds between.
struct Norms {
    OpBench bench;
    Value x = image(1), other = image(2), dy = image(3);
    Value scale = bench.input({channels}, numbers(channels, 4), DType::Float32),
          shift = bench.input({channels}, numbers(channels, 5), DType::Float32);

    BatchNormResult norm(const Value& of) { return batchNorm(of, scale, shift, 1e-5); }
    /// y and its gradients
    std::vector<Value> withGradients(const Value& y)
    {
        std::vector<Value> all{y};
        const std::vector<Value> gradients = differentiate(reduceSum(multiply(y, dy), {}), {x, scale, shift});
        all.insert(all.end(), gradients.begin(), gradients.end());
        return all;
    }

private:
    Value image(double seed)
    {
        return bench.input({Dim::batch(), channels, side, side}, numbers(samples * channels * side * side, seed), DType::Float32);
    }
};

using Activation = std::function<Value(const Value&)>;

} // namespace

class FusedBatchNormTest : public QObject, CardPlans {
    Q_OBJECT

public:
    FusedBatchNormTest() : CardPlans(samples) {}

private Q_SLOTS:
    void init()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable("not run: " + problem));
    }

    void activationsAreInItsKernel_data()
    {
        QTest::addColumn<Activation>("activation");
        QTest::addColumn<QString>("op");
        QTest::newRow("relu") << Activation(relu) << "Relu";
        QTest::newRow("leaky relu") << Activation([](const Value& v) { return leakyRelu(v, 0.1); }) << "LeakyRelu";
        QTest::newRow("clipped relu") << Activation([](const Value& v) { return clippedRelu(v, 1.0); }) << "ClippedRelu";
        QTest::newRow("silu") << Activation(silu) << "Silu";
        QTest::newRow("hard swish") << Activation(hardSwish) << "HardSwish";
    }
    void activationsAreInItsKernel()
    {
        QFETCH(Activation, activation);
        QFETCH(QString, op);
        Norms norms;
        compare(norms.bench, norms.withGradients(activation(norms.norm(norms.x).y)));
        QCOMPARE(count("FusedBatchNorm"), 1);
        QCOMPARE(count("FusedBatchNormGradient"), 1);
        for (const QString& gone : {QStringLiteral("BatchNorm"), QStringLiteral("BatchNormGradient"), op, op + "Gradient"})
            QCOMPARE(count(qPrintable(gone)), 0);
    }

    /// A relu's result alone decides about its gradient, whoever else reads that.
    void aGradientThatOthersReadStays()
    {
        Norms norms;
        const Value y = relu(norms.norm(norms.x).y);
        std::vector<Value> all = norms.withGradients(y);
        const Op* gradient = nullptr;
        for (const auto& op : all[0].graph().ops())
            gradient = std::string_view(op->spec().name) == "ReluGradient" ? op.get() : gradient;
        QVERIFY(gradient);
        all.push_back(gradient->output());
        compare(norms.bench, all);
        QCOMPARE(count("FusedBatchNorm"), 1);
        QCOMPARE(count("FusedBatchNormGradient"), 0);
        QCOMPARE(count("BatchNormGradient"), 1);
    }

    void aResidualIsAddedInItsKernel()
    {
        for (const bool isFirst : {true, false}) {
            Norms norms;
            const Value shortcut = square(norms.other), normal = norms.norm(norms.x).y;
            compare(norms.bench, norms.withGradients(relu(isFirst ? add(shortcut, normal) : add(normal, shortcut))));
            QCOMPARE(count("FusedBatchNorm"), 1);
            for (const char* op : {"BatchNorm", "Add", "Relu"})
                QCOMPARE(count(op), 0);
            QCOMPARE(count("FusedBatchNormGradient"), 0);
            QCOMPARE(count("BatchNormGradient"), 1);
        }
    }

    /// The later one takes in what the earlier one gives.
    void ofTwoNormsThatMeetOneIsFused()
    {
        Norms norms;
        const Value first = norms.norm(norms.other).y, second = norms.norm(norms.x).y;
        compare(norms.bench, norms.withGradients(relu(add(first, second))));
        QCOMPARE(count("BatchNorm"), 1);
        QCOMPARE(count("FusedBatchNorm"), 1);
        QCOMPARE(count("Relu"), 0);
    }

    void aSumThatOthersReadEndsIt()
    {
        Norms norms;
        const Value sum = add(norms.norm(norms.x).y, norms.other);
        std::vector<Value> all = norms.withGradients(relu(sum));
        all.push_back(square(sum));
        compare(norms.bench, all);
        QCOMPARE(count("FusedBatchNorm"), 1);
        QCOMPARE(count("Add"), 0);
        QCOMPARE(count("Relu"), 1);
    }

    void whatIsFetchedOrReadElsewhereStays()
    {
        for (const bool isFetched : {true, false}) {
            Norms norms;
            const Value normal = norms.norm(norms.x).y;
            std::vector<Value> all = norms.withGradients(relu(normal));
            all.push_back(isFetched ? normal : square(normal));
            compare(norms.bench, all);
            QCOMPARE(count("FusedBatchNorm"), 0);
            QCOMPARE(count("BatchNorm"), 1);
            QCOMPARE(count("Relu"), 1);
        }
    }

    /// A sum that stretches, and one of a value with itself.
    void sumsOfOtherKindsStay()
    {
        Norms norms;
        const Value normal = norms.norm(norms.x).y;
        compare(norms.bench, norms.withGradients(relu(add(normal, reduceSum(norms.other, {0, 2, 3}, true)))));
        QCOMPARE(count("FusedBatchNorm"), 0);
        Norms doubled;
        const Value twice = doubled.norm(doubled.x).y;
        compare(doubled.bench, doubled.withGradients(relu(add(twice, twice))));
        QCOMPARE(count("FusedBatchNorm"), 0);
    }

    /// Statistics of the batch are as they were.
    void statisticsComeOutOfTheFusedOp()
    {
        Norms norms;
        const BatchNormResult result = norms.norm(norms.x);
        compare(norms.bench, {relu(result.y), result.mean, result.variance});
        QCOMPARE(count("FusedBatchNorm"), 1);
    }

    void theProcessorKeepsTheOps()
    {
        Norms norms;
        SessionOptions options;
        options.threads = 1;
        Session session(options);
        remember(session.plan(norms.bench.graph, {samples, 1, norms.withGradients(relu(norms.norm(norms.x).y))}));
        QCOMPARE(count("FusedBatchNorm"), 0);
        QCOMPARE(count("BatchNorm"), 1);
    }
};

QTEST_GUILESS_MAIN(FusedBatchNormTest)
#include "fused_batch_norm_test.moc"
