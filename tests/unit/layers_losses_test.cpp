// Each loss and its gradient against PyTorch's, computed once in double precision.
#include <QtTest>

#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "tests/unit/network_builder.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

enum class Target { Class, Numbers, Distribution };

struct LossCase {
    const char* type;
    Tree::Map params;
    Target target;
    double loss;
    Numbers gradient; ///< of the mean loss by the prediction
};

const std::vector<float> prediction{1.5f, -0.5f, 0.25f, 2.0f, -3.0f, 30.0f, 0.5f, -1.0f, 0.125f, 0.75f, -2.0f, -0.375f};
const std::vector<std::int32_t> classes{2, 0, 3};
const std::vector<float> numbers{0.5f, 0.25f, 1.0f, 0.0f, 0.0f, 1.0f, 0.0f, 0.75f, 1.0f, 0.5f, 0.25f, 2.5f};
const std::vector<float> distribution{0.5f, 0.25f, 0.25f, 0.0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.0f, 1.0f, 0.0f, 0.0f};

// torch.nn.functional: cross_entropy (label_smoothing, weight), binary_cross_entropy_with_logits (pos_weight),
// multi_margin_loss, mse_loss, l1_loss, huber_loss, kl_div (batchmean, of log_softmax), cosine_embedding_loss with
// ones; Focal: mean of alpha (1 - p)^gamma cross_entropy with p = exp(-cross_entropy).
const std::vector<LossCase> cases{
    {"CrossEntropy",
     {},
     Target::Class,
     12.3837282,
     {0.108557783, 0.0146916983, -0.302231008, 0.178981526, -0.333333333, 0.333333333, 5.14270401e-14, 1.14749237e-14, 0.0927417629, 0.173264424,
      0.011076424, -0.277082611}},
    {"CrossEntropy",
     {{"labelSmoothing", 0.1}},
     Target::Class,
     12.0441448,
     {0.10022445, 0.006358365, -0.277231008, 0.170648193, -0.308333333, 0.325, -0.00833333333, -0.00833333333, 0.0844084296, 0.16493109, 0.0027430907,
      -0.252082611}},
    {"CrossEntropy",
     {{"classWeights", Tree::List{1.0, 0.5, 2.0, 3.0}}},
     Target::Class,
     7.18028218,
     {0.108557783, 0.0146916983, -0.302231008, 0.178981526, -0.166666667, 0.166666667, 2.57135201e-14, 5.73746185e-15, 0.139112644, 0.259896636,
      0.016614636, -0.415623916}},
    {"CrossEntropy",
     {{"labelSmoothing", 0.2}, {"classWeights", Tree::List{1.0, 0.5, 2.0, 3.0}}},
     Target::Class,
     7.47793574,
     {0.096153533, 0.00997409298, -0.253397345, 0.147269719, -0.141666667, 0.183333333, -0.0166666667, -0.025, 0.118027319, 0.231906111,
      -0.00157503893, -0.34835839}},
    {"BinaryCrossEntropy",
     {{"labels", "numbers"}},
     Target::Distribution,
     2.67677542,
     {0.0264645397, 0.0106283891, 0.0260147084, 0.0733997565, -0.00438117724, 0.0666666667, 0.0268716109, -0.0109215482, 0.0442674478, -0.0267351084,
      0.00993357684, 0.03394445}},
    {"BinaryCrossEntropy",
     {{"labels", "numbers"}, {"positiveWeight", 3.0}},
     Target::Distribution,
     2.98468679,
     {0.0112624127, -0.0153074164, 0.00777206261, 0.0733997565, -0.0202574127, 0.0666666667, 0.00799457749, -0.0596587868, 0.0442674478,
      -0.0802053252, 0.00993357684, 0.03394445}},
    {"Focal",
     {{"gamma", 1.5}, {"alpha", 0.25}},
     Target::Class,
     3.03302183,
     {0.0320098119, 0.00433205696, -0.0891171267, 0.0527752578, -0.0833333333, 0.0833333333, 1.285676e-14, 2.86873092e-15, 0.027092456, 0.0506153714,
      0.00323573244, -0.0809435599}},
    {"Hinge",
     {},
     Target::Class,
     4.19791667,
     {0.0833333333, 0.0833333333, -0.25, 0.0833333333, -0.25, 0.0833333333, 0.0833333333, 0.0833333333, 0.0833333333, 0.0833333333, 0, -0.166666667}},
    {"Hinge",
     {{"margin", 0.5}, {"squared", true}},
     Target::Class,
     96.3554688,
     {0.291666667, 0, -0.666666667, 0.375, -6.66666667, 5.58333333, 0.666666667, 0.416666667, 0.166666667, 0.270833333, 0, -0.4375}},
    {"MeanSquaredError",
     {},
     Target::Numbers,
     72.7994792,
     {0.166666667, -0.125, -0.125, 0.333333333, -0.5, 4.83333333, 0.0833333333, -0.291666667, -0.145833333, 0.0416666667, -0.375, -0.479166667}},
    {"MeanAbsoluteError",
     {},
     Target::Numbers,
     3.75,
     {0.0833333333, -0.0833333333, -0.0833333333, 0.0833333333, -0.0833333333, 0.0833333333, 0.0833333333, -0.0833333333, -0.0833333333, 0.0833333333,
      -0.0833333333, -0.0833333333}},
    {"Huber",
     {{"delta", 0.75}},
     Target::Numbers,
     2.54427083,
     {0.0625, -0.0625, -0.0625, 0.0625, -0.0625, 0.0625, 0.0416666667, -0.0625, -0.0625, 0.0208333333, -0.0625, -0.0625}},
    {"KLDivergence",
     {},
     Target::Distribution,
     8.2730365,
     {-0.0581088835, -0.068641635, -0.0522310077, 0.178981526, -0.0333333333, 0.266666667, -0.1, -0.133333333, 0.0927417629, -0.16006891, 0.011076424,
      0.0562507227}},
    {"CosineSimilarity",
     {},
     Target::Numbers,
     0.694399532,
     {-0.0340734168, -0.0359663844, -0.109792121, 0.0302874816, -0.00085206912, -0.000318008703, 0.00014201152, -0.00691304796, -0.0571855467,
      -0.0362144335, 0.00822215453, -0.135342207}},
    // triplet_margin_loss(x, t, 2 * x)
    {"Triplet",
     {{"margin", 0.5}},
     Target::Numbers,
     0.834448845,
     {-0.0604928735, -0.0359549278, -0.133544983, 0.00913406238, 0, 0, 0, 0, -0.0967007689, -0.0929382634, 0.107562262, -0.197164285}},
    // Sum of (mean^2 + exp(logVariance) - 1 - logVariance) / 2.
    {"GaussianKL",
     {{"trainingOnly", false}},
     Target::Numbers,
     155.516847,
     {0.5, -0.166666667, 0.0833333333, 0.666666667, -1, 10, 0.166666667, -0.333333333, 0.0416666667, 0.25, -0.666666667, -0.125}},
};

Network networkOf(const char* type, Tree::Map params, bool isWired, std::int64_t features = 4)
{
    Chain chain;
    chain.add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", Tree::List{features}}}).add("loss", type, std::move(params));
    if (std::string(type) == "Triplet") { // the negative is twice the anchor
        chain.add("t", "Input", {{"kind", "numbers"}, {"column", "t"}, {"shape", Tree::List{features}}}).wire("t.y", "loss.positive");
        chain.network.nodes.push_back({"twice", "twice", "Normalize", Tree::Map{{"mean", Tree::List{0.0}}, {"std", Tree::List{0.5}}}, {}});
        chain.wire("x.y", "twice.x").wire("twice.y", "loss.negative");
    } else if (isWired) {
        chain.add("t", "Input", {{"kind", "numbers"}, {"column", "t"}, {"shape", Tree::List{features}}});
        chain.wire("t.y", std::string(type) == "GaussianKL" ? "loss.logVariance" : "loss.target");
    }
    return chain.network;
}

/// The mean loss of three samples and its gradient by the first input.
std::pair<double, Numbers> run(const Network& network, DeviceKind device, const float* x, const void* target)
{
    const Lowered lowered = lower(network, {Mode::Train, true});
    const auto feedOf = [&](const std::string& column) {
        return std::find_if(lowered.feeds.begin(), lowered.feeds.end(), [&](const LoweredFeed& feed) { return feed.column == column; })->value;
    };
    const Value gradient = differentiate(lowered.loss, {feedOf("x")})[0];
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    Session session(options);
    Plan& plan = session.plan(*lowered.graph, {3, 1, {lowered.loss, gradient}, false});
    float loss = 0;
    std::vector<float> slopes(static_cast<std::size_t>(elementCount(gradient.shape().at(3))));
    std::vector<const void*> feeds;
    for (const Value& input : lowered.graph->inputs())
        feeds.push_back(input == feedOf("x") ? static_cast<const void*>(x) : target);
    void* const results[] = {&loss, slopes.data()};
    session.run(plan, feeds, results, {});
    return {static_cast<double>(loss), Numbers(slopes.begin(), slopes.end())};
}

} // namespace

class LayersLossesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lossesAreThoseOfPyTorch_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::newRow((std::to_string(i) + " " + cases[i].type).c_str()) << static_cast<int>(i);
    }

    void lossesAreThoseOfPyTorch()
    {
        QFETCH(int, index);
        const LossCase& one = cases[static_cast<std::size_t>(index)];
        const void* target = one.target == Target::Class ? static_cast<const void*>(classes.data())
            : one.target == Target::Numbers              ? numbers.data()
                                                         : distribution.data();
        const Network network = networkOf(one.type, one.params, one.target != Target::Class);
        for (const DeviceKind device : {DeviceKind::Reference, DeviceKind::Cpu}) {
            const auto [loss, gradient] = run(network, device, prediction.data(), target);
            QVERIFY(agree({loss}, {one.loss}, 2e-6));
            QVERIFY(agree(gradient, one.gradient, 2e-6));
        }
    }

    void everyLossIsCompared()
    {
        for (const LayerSpec& layer : layerCatalogue()) {
            const bool isCompared = std::any_of(cases.begin(), cases.end(), [&](const LossCase& one) { return one.type == layer.type(); });
            QVERIFY2(!layer.isLoss() || isCompared, layer.type().c_str());
        }
    }

    void twoClassesAreReadFromALabelColumn()
    {
        const float scores[] = {2.0f, -1.0f, 0.5f};
        const std::int32_t labels[] = {1, 0, 1};
        const Network network = networkOf("BinaryCrossEntropy", {}, false, 1);
        for (const DeviceKind device : {DeviceKind::Reference, DeviceKind::Cpu}) {
            const auto [loss, gradient] = run(network, device, scores, labels);
            // binary_cross_entropy_with_logits of the same numbers
            QVERIFY(agree({loss}, {0.304755561}));
            QVERIFY(agree(gradient, {-0.0397343073, 0.0896471405, -0.12584689}));
            const std::int32_t thirdClass[] = {1, 2, 1};
            QVERIFY(std::isnan(run(network, device, scores, thirdClass).first));
        }
    }

    void smoothedTargetsMoveTowardsOneHalf()
    {
        const float scores[] = {2.0f, -1.0f, 0.5f};
        const float plain[] = {1.0f, 0.0f, 0.5f}, smooth[] = {0.9f, 0.1f, 0.5f};
        const auto lossOf = [&](double smoothing, const float* target) {
            const Network network = networkOf("BinaryCrossEntropy", {{"labels", "numbers"}, {"labelSmoothing", smoothing}}, true, 1);
            return run(network, DeviceKind::Cpu, scores, target).first;
        };
        QVERIFY(agree({lossOf(0.2, plain)}, {lossOf(0.0, smooth)}));
    }

    void faultsNameWhatDoesNotFit()
    {
        const auto fault = [](const Network& network, const char* code) { return find(analyze(network).diagnostics, code) != nullptr; };
        QVERIFY(fault(networkOf("CrossEntropy", {{"classWeights", Tree::List{1.0, 2.0}}}, false), "loss.classWeights"));
        QVERIFY(fault(networkOf("Focal", {}, true), "shape.target"));
        QVERIFY(fault(networkOf("Hinge", {}, false, 1), "loss.oneClass"));
        QVERIFY(fault(networkOf("BinaryCrossEntropy", {}, false), "shape.mismatch"));
        Chain wrongTarget;
        wrongTarget.add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", Tree::List{4}}}).add("loss", "Huber");
        wrongTarget.add("t", "Input", {{"kind", "tokens"}, {"column", "t"}, {"shape", Tree::List{4}}}).wire("t.y", "loss.target");
        QVERIFY(fault(wrongTarget.network, "type.target"));
        Chain twice;
        twice.add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", Tree::List{1}}})
            .add("s", "Sigmoid")
            .add("loss", "BinaryCrossEntropy");
        QVERIFY(fault(twice.network, "loss.sigmoidTwice"));
    }
};

QTEST_GUILESS_MAIN(LayersLossesTest)
#include "layers_losses_test.moc"
