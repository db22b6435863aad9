// A card makes the loss of a batch, the count of right answers and the gradient of the logits in one op.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/ops/accuracy/accuracy.h"
#include "core/ops/binary/binary.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/card.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {

constexpr std::int64_t samples = 7, classes = 5;
const std::vector<double> targets{0, 4, 2, 2, 1, 3, 0};

struct Loss {
    OpBench bench;
    Value x, target = bench.input({Dim::batch()}, targets, DType::Int32);
    Value logits, losses, mean, correct;

    explicit Loss(std::vector<double> numbers = someNumbers()) : x(bench.input({Dim::batch(), classes}, numbers, DType::Float32))
    {
        logits = affine(x, 2.0);
        losses = softmaxCrossEntropy(logits, target);
        mean = reduceMean(losses, {});
        correct = reduceSum(isCorrect(logits, target), {});
    }

    static std::vector<double> someNumbers()
    {
        std::vector<double> all(static_cast<std::size_t>(samples * classes));
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = std::round(4 * std::sin(1.7 * static_cast<double>(i * i % 1009))) / 2; // Some are equal.
        return all;
    }
};

} // namespace

class FusedLossTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        if (const QString problem = cardProblem(); !problem.isEmpty())
            QSKIP(qPrintable("not run: " + problem));
    }

    void aStepHasOneOp()
    {
        Loss loss;
        compare(loss, {loss.mean, loss.correct, differentiate(loss.mean, {loss.x})[0]});
        QCOMPARE(count("FusedCrossEntropy"), 1);
        for (const char* gone :
             {"SoftmaxCrossEntropy", "SoftmaxCrossEntropyGradient", "ReduceMean", "ReduceMeanGradient", "ReduceSum", "IsCorrect", "Constant"})
            QCOMPARE(count(gone), 0);
    }

    void anEvaluationHasOneToo()
    {
        Loss loss;
        compare(loss, {loss.mean, loss.correct});
        QCOMPARE(m_ops, (std::vector<std::string>{"Affine", "FusedCrossEntropy"}));
        Loss alone;
        compare(alone, {alone.mean});
        QCOMPARE(m_ops, (std::vector<std::string>{"Affine", "FusedCrossEntropy"}));
    }

    /// A loss that another factor scales, as that of a rank, has the slope of that factor.
    void aSlopeThatIsComputedStaysApart()
    {
        Loss loss;
        const Value share = loss.bench.input({}, {0.25}, DType::Float32);
        compare(loss, {loss.mean, loss.correct, differentiate(multiply(loss.mean, share), {loss.x})[0]});
        QCOMPARE(count("FusedCrossEntropy"), 1);
        QCOMPARE(count("SoftmaxCrossEntropyGradient"), 1);
    }

    /// Losses of samples that someone looks at, or that are weighted.
    void lossesOfSamplesKeepTheOps()
    {
        Loss fetched;
        compare(fetched, {fetched.mean, fetched.losses, differentiate(fetched.mean, {fetched.x})[0]});
        QCOMPARE(count("FusedCrossEntropy"), 0);
        Loss weighted;
        const Value weights = weighted.bench.input({Dim::batch()}, {1, 2, 3, 4, 5, 6, 7}, DType::Float32);
        const Value mean = reduceMean(multiply(weighted.losses, weights), {});
        compare(weighted, {mean, weighted.correct, differentiate(mean, {weighted.x})[0]});
        QCOMPARE(count("FusedCrossEntropy"), 0);
    }

    /// Answers that are counted against other logits are another op.
    void otherLogitsAreCountedApart()
    {
        Loss loss;
        const Value other = reduceSum(isCorrect(affine(loss.x, -1.0), loss.target), {});
        compare(loss, {loss.mean, other, differentiate(loss.mean, {loss.x})[0]});
        QCOMPARE(count("FusedCrossEntropy"), 1);
        QCOMPARE(count("IsCorrect"), 1);
    }

    /// A NaN among the logits is as right or wrong as without fusion, and spoils the loss so that training can say so.
    void notANumberIsTold()
    {
        std::vector<double> numbers = Loss::someNumbers();
        numbers[1] = numbers[5] = numbers[14] = std::numeric_limits<double>::quiet_NaN();
        Loss loss(numbers);
        const std::vector<Value> fetches{loss.mean, loss.correct};
        const double expected = loss.bench.values(loss.correct, samples)[0];
        const std::vector<Numbers> actual = onCard(loss, fetches);
        QVERIFY(std::isnan(actual[0][0]));
        QCOMPARE(actual[1][0], expected);
    }

private:
    std::vector<Numbers> onCard(Loss& loss, const std::vector<Value>& fetches)
    {
        SessionOptions options;
        options.device = DeviceKind::Cuda;
        options.threads = 1;
        Session session(options);
        Plan& plan = session.plan(loss.bench.graph, {samples, 1, fetches});
        m_ops.clear();
        for (const PlanStep& step : plan.steps())
            m_ops.push_back(step.op);
        return loss.bench.run(session, plan, fetches, samples);
    }
    void compare(Loss& loss, const std::vector<Value>& fetches)
    {
        const std::vector<Numbers> expected = loss.bench.values(fetches, samples), actual = onCard(loss, fetches);
        for (std::size_t i = 0; i < fetches.size(); ++i)
            QVERIFY2(agree(actual[i], expected[i], 1e-5), qPrintable(QStringLiteral("value %1").arg(i)));
    }
    std::ptrdiff_t count(const char* op) const { return std::ranges::count(m_ops, op); }

    std::vector<std::string> m_ops; ///< of the plan made last
};

QTEST_GUILESS_MAIN(FusedLossTest)
#include "fused_loss_test.moc"
