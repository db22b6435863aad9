#include <cmath>
#include <limits>
#include <numeric>

#include <QtTest>

#include "core/base/random.h"
#include "core/engine/differentiate.h"
#include "core/ops/accuracy/accuracy.h"
#include "core/ops/assign/assign.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/cross_entropy/cross_entropy.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/gaussian_noise/gaussian_noise.h"
#include "core/ops/layer_norm/layer_norm.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {
const Dim N = Dim::batch();
const double notANumber = std::numeric_limits<double>::quiet_NaN();
} // namespace

class OpsTrainingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void softmaxOfLargeNumbersIsFinite()
    {
        OpBench bench;
        const Value x = bench.input({N, 3}, {0, std::log(2), std::log(5), 1000, 1000, 1000});
        QVERIFY(agree(bench.values(softmax(x), 2), {0.125, 0.25, 0.625, 1.0 / 3, 1.0 / 3, 1.0 / 3}));
        const Value columns = bench.input({2, 2}, {0, 0, std::log(3), 0});
        QVERIFY(agree(bench.values(softmax(columns, 0)), {0.25, 0.5, 0.75, 0.5}));
    }

    void crossEntropyAndItsGradient()
    {
        OpBench bench;
        const Value logits = bench.input({N, 3}, {0, std::log(2), std::log(5), 1000, 0, 0});
        const Value target = bench.input({N}, {1, 0}, DType::Int32);
        const Value loss = softmaxCrossEntropy(logits, target);
        QVERIFY(agree(bench.values(loss, 2), {std::log(4), 0}));
        const Value gradient = differentiate(reduceMean(loss, {}), {logits})[0];
        QVERIFY(agree(bench.values(gradient, 2), {0.0625, -0.375, 0.3125, 0, 0, 0}));
    }

    void labelOutOfRangeGivesNotANumber()
    {
        OpBench bench;
        const Value logits = bench.input({N, 2}, {0, 0, 0, 0, 0, 0});
        const Value target = bench.input({N}, {2, -1, 1}, DType::Int32);
        QVERIFY(agree(bench.values(softmaxCrossEntropy(logits, target), 3), {notANumber, notANumber, std::log(2)}));
    }

    void lossRefusesTargetsOfAnotherKind()
    {
        OpBench bench;
        const Value logits = bench.input({N, 10}, {});
        QCOMPARE(errorOf([&] {
                     softmaxCrossEntropy(logits, bench.input({N, 10}, {}));
                 }),
                 std::string("Cross-entropy over the prediction [N, 10] needs class numbers int32 [N] as target, but they are float32 [N, 10]."));
    }

    void firstOfEqualMaximaIsThePrediction()
    {
        OpBench bench;
        const Value prediction = bench.input({N, 3}, {1, 3, 2, 5, 5, 0, 5, 5, 0});
        QVERIFY(agree(bench.values(isCorrect(prediction, bench.input({N}, {1, 0, 1}, DType::Int32)), 3), {1, 1, 0}));
    }

    void dropoutFollowsPhilox()
    {
        OpBench bench;
        const std::int64_t indices[] = {40, 41};
        bench.state = {11, 3, indices};
        const Value x = bench.input({N, 6}, Numbers(12, 1.0));
        Numbers expected;
        for (const std::int64_t sample : indices) {
            for (std::uint64_t e = 0; e < 6; ++e) {
                const std::uint64_t stream = mixKeys(mixKeys(99, 3), static_cast<std::uint64_t>(sample));
                expected.push_back(uniform01(philox(11, stream, e / 4)[e % 4]) < 0.25f ? 0.0 : 4.0 / 3);
            }
        }
        QVERIFY(agree(bench.values(dropout(x, 0.25, 99), 2), expected));
    }

    /// Two words of Philox make one number by the transform of Box and Muller.
    void noiseFollowsPhilox()
    {
        OpBench bench;
        const std::int64_t indices[] = {40, 41};
        bench.state = {11, 3, indices};
        const Value x = bench.input({N, 3}, Numbers(6, 1.0));
        Numbers expected;
        for (const std::int64_t sample : indices) {
            for (std::uint64_t e = 0; e < 3; ++e) {
                const auto words = philox(11, mixKeys(mixKeys(99, 3), static_cast<std::uint64_t>(sample)), e / 2);
                const double u = 1 - static_cast<double>(uniform01(words[2 * (e % 2)]));
                const double turn = 2 * std::acos(-1.0) * static_cast<double>(uniform01(words[2 * (e % 2) + 1]));
                expected.push_back(1 + 0.25 * std::sqrt(-2 * std::log(u)) * std::cos(turn));
            }
        }
        QVERIFY(agree(bench.values(gaussianNoise(x, 0.25, 99), 2), expected));
    }

    void dropoutMaskBelongsToTheSampleNotItsPlace()
    {
        OpBench bench;
        const Value y = dropout(bench.input({N, 50}, Numbers(100, 1.0)), 0.5, 1);
        const std::int64_t forth[] = {3, 8}, back[] = {8, 3};
        bench.state = {1, 1, forth};
        Numbers one = bench.values(y, 2);
        bench.state.sampleIndices = back;
        std::rotate(one.begin(), one.begin() + 50, one.end());
        QVERIFY(agree(bench.values(y, 2), one));
        bench.state.step = 2;
        QVERIFY(bench.values(y, 2) != one);
    }

    void dropoutKeepsTheMean()
    {
        OpBench bench;
        const Numbers y = bench.values(dropout(bench.input({N, 20000}, Numbers(20000, 1.0)), 0.3, 5));
        QVERIFY(std::abs(std::accumulate(y.begin(), y.end(), 0.0) / 20000 - 1.0) < 0.02);
        QVERIFY(agree(bench.values(dropout(bench.graph.inputs()[0], 1.0, 5)), Numbers(20000, 0.0)));
        QVERIFY(agree(bench.values(dropout(bench.graph.inputs()[0], 0.0, 5)), Numbers(20000, 1.0)));
    }

    void batchNormUsesTheBatch()
    {
        OpBench bench;
        const Value x = bench.input({N, 2, 2}, {1, 3, 10, 10, 5, 7, 20, 40});
        const BatchNormResult result = batchNorm(x, bench.input({2}, {1, 2}), bench.input({2}, {0, 1}), 0.0);
        const auto values = bench.values({result.y, result.mean, result.variance}, 2);
        // Channel 0: 1 3 5 7 with mean 4 and biased variance 5; channel 1: 10 10 20 40, mean 20, variance 150.
        const double a = 1 / std::sqrt(5.0), b = 2 / std::sqrt(150.0);
        QVERIFY(agree(values[0], {-3 * a, -a, 1 - 10 * b, 1 - 10 * b, a, 3 * a, 1, 1 + 20 * b}));
        QVERIFY(agree(values[1], {4, 20}));
        QVERIFY(agree(values[2], {20.0 / 3, 200}));
    }

    void layerNormUsesTheLastAxis()
    {
        OpBench bench;
        const Value x = bench.input({2, 2}, {1, 3, -4, 4});
        QVERIFY(agree(bench.values(layerNorm(x, {}, {}, 0.0)), {-1, 1, -1, 1}));
        QVERIFY(agree(bench.values(layerNorm(x, bench.input({2}, {1, 2}), bench.input({2}, {0, 10}), 3.0)), {-0.5, 11, -0.9176629, 11.8353259}));
        QVERIFY(errorOf([&] { layerNorm(x, bench.input({3}, {}), bench.input({3}, {}), 0.1); }).find("LayerNorm") != std::string::npos);
    }

    void batchNormWithGivenStatistics()
    {
        OpBench bench;
        const Value x = bench.input({N, 2}, {1, 2, 3, 4});
        const Value y
            = batchNormInference(x, bench.input({2}, {2, 1}), bench.input({2}, {0, 10}), bench.input({2}, {1, 2}), bench.input({2}, {3, 0}), 1.0);
        QVERIFY(agree(bench.values(y, 2), {0, 10, 2, 12}));
        QVERIFY(!errorOf([&] { batchNorm(x, bench.input({3}, {}), bench.input({2}, {}), 0.1); }).empty());
    }

    void assignOverwrites()
    {
        OpBench bench;
        assign(bench.variable("v", {2}, {1, 2}), bench.input({2}, {5, 6}));
        bench.step();
        QVERIFY(agree(bench.contents("v"), {5, 6}));
    }

    void sgdWithoutMomentum()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.1});
        sgdUpdate(rate, {{bench.variable("p", {2}, {1, 2}), bench.input({2}, {10, -10}), {}}}, 0.0, false, 0.5);
        bench.step();
        QVERIFY(agree(bench.contents("p"), {1 - 0.1 * 10.5, 2 - 0.1 * -9}));
    }

    void sgdWithMomentum()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.1});
        sgdUpdate(rate, {{bench.variable("p", {1}, {1}), bench.input({1}, {2}), {bench.variable("v", {1}, {0})}}}, 0.9, false, 0.0);
        bench.step();
        QVERIFY(agree(bench.contents("p"), {1 - 0.1 * 2}));
        bench.step();
        QVERIFY(agree(bench.contents("v"), {0.9 * 2 + 2}));
        QVERIFY(agree(bench.contents("p"), {0.8 - 0.1 * 3.8}));
    }

    void sgdWithNesterovMomentum()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.1});
        sgdUpdate(rate, {{bench.variable("p", {1}, {1}), bench.input({1}, {2}), {bench.variable("v", {1}, {0})}}}, 0.9, true, 0.0);
        bench.step();
        QVERIFY(agree(bench.contents("p"), {1 - 0.1 * (2 + 0.9 * 2)}));
    }

    void adamCorrectsItsBias()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.01});
        const auto target = [&](const std::string& name, double gradient) {
            return UpdateTarget{bench.variable(name, {1}, {1}),
                                bench.input({1}, {gradient}),
                                {bench.variable("m" + name, {1}, {0}), bench.variable("v" + name, {1}, {0})}};
        };
        adamUpdate(rate, {target("p", 3), target("q", -0.001)}, 0.9, 0.999, 1e-8, 0.0);
        bench.step();
        // The first step has the length of the learning rate, whatever the gradient.
        QVERIFY(agree(bench.contents("p"), {0.99}));
        QVERIFY(agree(bench.contents("q"), {1.01}, 1e-5));
        bench.state.step = 2;
        bench.feed(1, {1});
        bench.step();
        const double m = (0.9 * 0.1 * 3 + 0.1 * 1) / (1 - 0.81);
        const double v = (0.999 * 0.001 * 9 + 0.001 * 1) / (1 - 0.999 * 0.999);
        QVERIFY(agree(bench.contents("p"), {0.99 - 0.01 * m / std::sqrt(v)}));
    }

    void decaySparesWhatIsExempt()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.1});
        bench.variable("w", {1}, {1});
        const Value exempt = bench.graph.variable("b", Role::Parameter, {DType::Float32, {1}}, {Initializer::Kind::Constant, 1.0}, false);
        const Value zero = bench.input({1}, {0});
        sgdUpdate(rate, {{bench.graph.findVariable("w"), zero, {}}, {exempt, zero, {}}}, 0.0, false, 0.5);
        bench.step();
        QVERIFY(agree(bench.contents("w"), {0.95}));
        QVERIFY(agree(bench.contents("b"), {1}));
    }

    void updateRefusesGradientsOfAnotherShape()
    {
        OpBench bench;
        const Value rate = bench.input({}, {0.1});
        const Value p = bench.variable("p", {2}, {1, 2});
        QVERIFY(!errorOf([&] { sgdUpdate(rate, {{p, bench.input({3}, {}), {}}}, 0.0, false, 0.0); }).empty());
    }
};

QTEST_APPLESS_MAIN(OpsTrainingTest)
#include "ops_training_test.moc"
