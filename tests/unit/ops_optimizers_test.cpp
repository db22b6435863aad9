#include <cmath>

#include <QtTest>

#include "core/ops/binary/binary.h"
#include "core/ops/blend_update/blend_update.h"
#include "core/ops/constant/constant.h"
#include "core/ops/global_norm/global_norm.h"
#include "core/ops/keep_largest/keep_largest.h"
#include "core/ops/optimizer_update/optimizer_update.h"
#include "core/ops/unary/unary.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;

namespace {

const std::vector<Numbers> gradients{{0.5, -1.0, 0.25}, {-0.25, 2.0, 0.0}, {1.5, -0.5, 0.125}, {0.75, 0.1, -3.0}};
constexpr double rate = 0.1;

/// Three weights that an optimizer moves by four gradients.
struct Descent {
    OpBench bench;
    Value learningRate = bench.input({}, {rate});
    Value gradient = bench.input({3}, gradients[0]);
    Value weights = bench.variable("p", {3}, {1.0, -2.0, 0.5});

    /// The weights after all gradients; slots start at zero.
    Numbers run(const char* rule, int slots, const Attributes& numbers, const UpdateOptions& options = {})
    {
        UpdateTarget target{weights, gradient, {}};
        for (int i = 0; i < slots; ++i)
            target.slots.push_back(bench.variable("slot" + std::to_string(i), {3}, {0, 0, 0}));
        optimizerUpdate(rule, learningRate, {target}, numbers, options);
        for (std::size_t step = 0; step < gradients.size(); ++step) {
            bench.state.step = static_cast<std::int64_t>(step) + 1;
            bench.feed(1, gradients[step]);
            bench.step();
        }
        return bench.contents("p");
    }
};

const Attributes adam{{"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 1e-8}};

} // namespace

/// Where numbers are given without a source, PyTorch 1.13 in double precision gave them.
class OpsOptimizersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sgd()
    {
        QVERIFY(agree(Descent().run("SgdUpdate", 0, {}), {0.75, -2.06, 0.7625}));
        QVERIFY(agree(Descent().run("SgdUpdate", 0, {}, {.weightDecay = 0.1}), {0.71308356, -1.98068212, 0.74366553}));
    }

    void momentum()
    {
        QVERIFY(agree(Descent().run("MomentumUpdate", 1, {{"momentum", 0.9}, {"nesterov", false}}, {.weightDecay = 0.1}),
                      {0.45172536, -1.93676572, 0.64808643}));
        QVERIFY(agree(Descent().run("MomentumUpdate", 1, {{"momentum", 0.9}, {"nesterov", true}}), {0.33222, -2.16179, 0.9337475}));
    }

    void adamAndAdamW()
    {
        QVERIFY(agree(Descent().run("AdamUpdate", 2, adam, {.weightDecay = 0.1}), {0.703419945457, -1.92085109831, 0.292076800592}));
        QVERIFY(
            agree(Descent().run("AdamUpdate", 2, adam, {.weightDecay = 0.1, .isDecoupled = true}), {0.696685618668, -1.88729905134, 0.295612976035}));
    }

    /// As PyTorch 2 computes it; 1.13 multiplies one momentum too many into the correction.
    void nadam()
    {
        QVERIFY(agree(Descent().run("NadamUpdate", 2, {{"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 1e-8}, {"momentumDecay", 4e-3}}),
                      {0.768416374536, -1.97104909121, 0.453946126809}));
    }

    void rmsprop()
    {
        const Attributes plain{{"alpha", 0.99}, {"epsilon", 1e-8}, {"momentum", 0.9}};
        QVERIFY(agree(Descent().run("RmspropUpdate", 1, plain, {.weightDecay = 0.1}), {-0.923122019108, -1.5297104196, 0.369234443311}));
        QVERIFY(agree(Descent().run("RmspropMomentumUpdate", 2, plain), {-3.43089879634, -0.614398750886, -2.79975151947}));
    }

    void adagrad()
    {
        QVERIFY(agree(Descent().run("AdagradUpdate", 1, {{"learningRateDecay", 0.05}, {"epsilon", 1e-10}}, {.weightDecay = 0.1}),
                      {0.80171035605, -1.9479376775, 0.430531689535}));
    }

    void adadelta()
    {
        Descent descent;
        descent.bench.feed(0, {1.0});
        QVERIFY(agree(descent.run("AdadeltaUpdate", 2, {{"rho", 0.9}, {"epsilon", 1e-6}}, {.weightDecay = 0.1}),
                      {0.990869579294, -1.99844002303, 0.498592312187}));
    }

    /// Computed from the paper's definition.
    void lion()
    {
        QVERIFY(agree(Descent().run("LionUpdate", 1, {{"beta1", 0.9}, {"beta2", 0.99}}, {.weightDecay = 0.1, .isDecoupled = true}),
                      {0.76257611, -1.92317212, 0.286258105}));
    }

    void gradientsAreClippedBeforeTheDecay()
    {
        QVERIFY(agree(Descent().run("SgdUpdate", 0, {}, {.weightDecay = 0.1, .clipValue = 0.4}), {0.86668655, -1.89198406, 0.48366553}));
        Descent descent;
        Graph& graph = descent.bench.graph;
        const Value one = constant(graph, DType::Float32, {}, {1.0});
        const Value scale = minimum(divide(one, affine(globalNorm({descent.gradient}), 1.0, 1e-6)), one);
        QVERIFY(
            agree(descent.run("SgdUpdate", 0, {}, {.weightDecay = 0.1, .gradientScale = scale}), {0.812537024899, -1.90577352543, 0.548285607332}));
    }

    void l1PullsTowardsZero()
    {
        Descent descent;
        const Numbers after = descent.run("SgdUpdate", 0, {}, {.l1 = 0.5});
        // Four steps of rate·l1, against the sign of each weight.
        QVERIFY(agree(after, {0.75 - 4 * rate * 0.5, -2.06 + 4 * rate * 0.5, 0.7625 - 4 * rate * 0.5}));
    }

    void aFactorSlowsOneParameter()
    {
        OpBench bench;
        const Value slow = bench.graph.variable("slow", Role::Parameter, {DType::Float32, {1}}, {}, true, 0.25);
        const Value fast = bench.graph.variable("fast", Role::Parameter, {DType::Float32, {1}}, {});
        const Value learningRate = bench.input({}, {rate});
        const Value gradient = bench.input({1}, {1.0});
        sgdUpdate(learningRate, {{slow, gradient, {}}, {fast, gradient, {}}}, 0.0, false, 0.0);
        bench.step();
        QVERIFY(agree(bench.contents("slow"), {-0.025}));
        QVERIFY(agree(bench.contents("fast"), {-0.1}));
    }

    void theCountOfUpdatesIsNotThatOfSteps()
    {
        OpBench bench;
        const Value p = bench.variable("p", {1}, {1});
        const std::vector<Value> memory{bench.variable("m", {1}, {0}), bench.variable("v", {1}, {0})};
        adamUpdate(bench.input({}, {0.01}), {{p, bench.input({1}, {3.0}), memory}}, 0.9, 0.999, 1e-8, 0.0);
        bench.state.step = 8;
        bench.state.update = 1;
        bench.step();
        QVERIFY(agree(bench.contents("p"), {0.99}));
    }

    void blendKeepsAndAdds()
    {
        OpBench bench;
        const Value v = bench.variable("v", {2}, {std::nan(""), 4});
        const Value keep = bench.input({}, {0.0});
        const Value fresh = bench.input({}, {0.5});
        blendUpdate(keep, fresh, {{v, bench.input({2}, {10, 20})}});
        bench.step();
        // With nothing kept, not even a NaN is.
        QVERIFY(agree(bench.contents("v"), {5, 10}));
        bench.feed(0, {0.9});
        bench.step();
        QVERIFY(agree(bench.contents("v"), {0.9 * 5 + 5, 0.9 * 10 + 10}));
    }

    void theNormIsOverAllValues()
    {
        OpBench bench;
        const Value norm = globalNorm({bench.input({2}, {3, 4}), bench.input({1, 1}, {12})});
        QVERIFY(agree(bench.values(norm), {13}));
        QVERIFY(!errorOf([&] { globalNorm({bench.input({2}, {0, 0}, DType::Int32)}); }).empty());
    }

    void theLargestStayAndWhatIsAsLarge()
    {
        OpBench bench;
        const Value x = bench.input({2, 4}, {1, -5, 0.5, 3, -3, 0, 2, -0.25});
        QVERIFY(agree(bench.values(keepLargest(x, 1)), {0, -5, 0, 0, 0, 0, 0, 0}));
        QVERIFY(agree(bench.values(keepLargest(x, 2)), {0, -5, 0, 3, -3, 0, 0, 0})); // two are the second largest
        QVERIFY(agree(bench.values(keepLargest(x, 100)), {1, -5, 0.5, 3, -3, 0, 2, -0.25}));
        QVERIFY(!errorOf([&] { keepLargest(bench.input({2}, {0, 0}, DType::Int32), 1); }).empty());
    }
};

QTEST_APPLESS_MAIN(OpsOptimizersTest)
#include "ops_optimizers_test.moc"
