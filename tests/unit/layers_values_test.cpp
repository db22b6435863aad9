// What layers compute, against PyTorch's numbers for the same input and weights.
#include <QtTest>

#include <cstring>

#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "tests/unit/network_builder.h"
#include "tests/unit/ops_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

struct ValueCase {
    const char* type;
    Tree::Map params;
    std::vector<std::int64_t> input; ///< shape of a sample
    const char* shape; ///< of the output
    Numbers output; ///< for two samples
};

// torch.nn.functional, in double precision, of inputs() and weights() below.
const std::vector<ValueCase> cases{
    {"Conv1D",
     {{"filters", 2}, {"kernelSize", 2}, {"stride", 2}, {"padding", "same"}},
     {5, 2},
     "[N, 3, 2]",
     {0.0625, -0.4125, -0.5, 0.3, -0.375, 0.2625, -0.275, 0.3, -0.125, 0.3, 0, 0.0125}},
    {"Conv3D",
     {{"filters", 2}, {"kernelSize", Tree::List{2, 1, 2}}, {"groups", 2}},
     {2, 2, 2, 3},
     "[N, 2, 1, 2, 2]",
     {0.1875, -0.4875, -0.4125, -0.375, 0.525, -0.1875, -0.425, -0.425, -0.3375, -0.3, -0.225, -0.1875, -0.425, -0.425, 0.525, 0.525}},
    {"Conv3D",
     {{"filters", 2}, {"kernelSize", Tree::List{3, 2, 1}}, {"stride", Tree::List{2, 1, 1}}, {"padding", "explicit"}, {"pad", Tree::List{1, 0, 0}}},
     {1, 3, 2, 2},
     "[N, 2, 2, 1, 2]",
     {-0.225, -0.25, -0.425, -0.3875, -0.025, 0.4125, 0.025, 0.05, -0.525, -0.55, -0.45, -0.4125, 0, -0.0375, 0.8, 0.825}},
    {"MaxPool3D", {{"ceilMode", true}}, {1, 3, 2, 3}, "[N, 1, 2, 1, 2]", {1.125, 1, -0.25, -0.5, 1, 1.125, -0.125, -0.375}},
    {"AveragePool3D",
     {{"stride", Tree::List{2, 1, 2}}, {"padding", "explicit"}, {"pad", Tree::List{1, 0, 0}}, {"countPadding", false}},
     {1, 3, 2, 3},
     "[N, 1, 2, 1, 1]",
     {0.40625, -0.125, -0.0625, 0}},
    {"AveragePool3D",
     {{"stride", Tree::List{2, 1, 2}}, {"padding", "explicit"}, {"pad", Tree::List{1, 0, 0}}, {"ceilMode", true}},
     {1, 3, 2, 3},
     "[N, 1, 2, 1, 2]",
     {0.203125, 0.40625, -0.125, -0.3125, -0.03125, 0.46875, 0, -0.1875}},
    {"GlobalAveragePool3D", {}, {2, 1, 2, 3}, "[N, 2]", {0.54166667, 0.1875, -0.5625, 0.27083333}},
    {"GlobalMaxPool3D", {}, {2, 1, 2, 3}, "[N, 2]", {1.125, 0.5, -0.25, 1.125}},
    {"MaxPool1D", {{"kernelSize", 3}, {"padding", "explicit"}, {"pad", 1}}, {4, 2}, "[N, 2, 2]", {1, 1.125, 1, 0.875, 0.25, 0.125, 0, -0.125}},
    {"AveragePool1D",
     {{"kernelSize", 3}, {"padding", "explicit"}, {"pad", 1}, {"countPadding", false}},
     {4, 2},
     "[N, 2, 2]",
     {-0.0625, 1, 0.75, 0.625, 0.125, 0, -0.25, -0.375}},
    {"DepthwiseConv2D",
     {{"kernelSize", 2}, {"multiplier", 2}},
     {2, 2, 3},
     "[N, 4, 1, 2]",
     {0.1125, -0.5625, -0.3375, 0.375, 0.075, 0.0375, -0.225, -0.2125, -0.15, -0.1125, 0.375, 0.375, -0.1375, -0.175, -0.3125, -0.5375}},
    {"SeparableConv2D",
     {{"kernelSize", 2}, {"multiplier", 2}, {"filters", 3}},
     {2, 2, 3},
     "[N, 3, 1, 2]",
     {-0.52625, -0.18375, 0.27, 0.13875, 0.06, -0.06375, -0.2875, -0.25375, 0.31, 0.3925, 0.02375, -0.02875}},
    {"Conv2DTranspose",
     {{"filters", 2},
      {"kernelSize", Tree::List{3, 2}},
      {"stride", Tree::List{2, 3}},
      {"padding", "explicit"},
      {"pad", Tree::List{1, 0}},
      {"outputPadding", Tree::List{1, 2}},
      {"groups", 2},
      {"dilation", Tree::List{1, 2}}},
     {2, 1, 2},
     "[N, 2, 2, 8]",
     {-0.3, -0.3, -0.075, -0.3,  -0.3, -0.525, -0.3, -0.3, -0.6375,       -0.3, -0.4125, 0.0375,  -0.3, -0.1875, -0.3, -0.3,
      0.4,  0.2,  0.2,    0.375, 0.2,  0.2,    0.2,  0.2,  2.7755576e-17, 0.2,  0.5,     0.025,   0.2,  0.4625,  0.2,  0.2,
      -0.3, -0.3, -0.45,  -0.3,  -0.3, -0.425, -0.3, -0.3, -0.075,        -0.3, -0.225,  -0.1125, -0.3, -0.2375, -0.3, -0.3,
      0.3,  0.2,  0.2,    0.275, 0.2,  0.2,    0.2,  0.2,  0.1,           0.2,  0.35,    0.125,   0.2,  0.3125,  0.2,  0.2}},
    {"Conv2DTranspose",
     {{"filters", 1}, {"kernelSize", 3}, {"padding", "same"}, {"useBias", false}},
     {1, 1, 2},
     "[N, 1, 2, 4]",
     {0.3375, -0.225, -0.3375, 0.225, 0.225, -0.3375, -0.3375, 0.3375, -0.3, 0.2, -0.2625, 0.175, -0.2, 0.3, -0.075, 0.2625}},
    {"AdaptiveAveragePool2D", {{"size", Tree::List{1, 2}}}, {1, 3, 4}, "[N, 1, 1, 2]", {0.29166667, 0.4375, -0.020833333, -0.27083333}},
    // Sides that 3 does not divide: windows overlap.
    {"AdaptiveAveragePool2D",
     {{"size", 3}},
     {1, 5, 4},
     "[N, 1, 3, 3]",
     {0.34375, 0.8125, 0.6875, 0.1875, 0.0625, -0.0625, -0.5625, -0.6875, -0.8125, 0.8125, 0.6875, 0.5625, 0.0625, -0.0625, -0.1875, -0.6875, -0.8125,
      -0.34375}},
    {"AdaptiveMaxPool2D",
     {{"size", 3}},
     {1, 5, 4},
     "[N, 1, 3, 3]",
     {1.125, 1.125, 1, 0.75, 0.625, 0.5, -0.25, -0.375, -0.5, 1.125, 1, 0.875, 0.625, 0.5, 0.375, -0.375, -0.5, 1.125}},
    {"AdaptiveMaxPool2D", {{"size", Tree::List{1, 2}}}, {1, 3, 4}, "[N, 1, 1, 2]", {1.125, 1, 1.125, 0.875}},
    {"ClassToken", {}, {3, 2}, "[N, 4, 2]", {-0.3, 0.2, -1.125, 1.125, 1, 0.875, 0.75, 0.625, -0.3, 0.2, 0.5, 0.375, 0.25, 0.125, 0, -0.125}},
    {"ZeroPadding2D", {{"pad", Tree::List{1, 0, 2, 1}}}, {1, 2, 2}, "[N, 1, 3, 5]", {0, 0, 0, 0, 0, 0, 0, -1.125, 1.125, 0, 0, 0, 1,   0.875, 0,
                                                                                     0, 0, 0, 0, 0, 0, 0, 0.75,   0.625, 0, 0, 0, 0.5, 0.375, 0}},
    {"Cropping2D", {{"crop", Tree::List{1, 0, 2, 1}}}, {1, 3, 5}, "[N, 1, 2, 2]", {0.375, 0.25, -0.25, -0.375, 0.875, 0.75, 0.25, 0.125}},
    {"UpSample2D",
     {{"mode", "bilinear"}, {"size", Tree::List{3, 2}}},
     {1, 2, 2},
     "[N, 1, 6, 4]",
     {-1.125,     -0.5625,    0.5625,     1.125,      -1.125, -0.5625, 0.5625,  1.125, -0.41666667, -0.052083333, 0.67708333, 1.0416667,
      0.29166667, 0.45833333, 0.79166667, 0.95833333, 1,      0.96875, 0.90625, 0.875, 1,           0.96875,      0.90625,    0.875,
      0.75,       0.71875,    0.65625,    0.625,      0.75,   0.71875, 0.65625, 0.625, 0.66666667,  0.63541667,   0.57291667, 0.54166667,
      0.58333333, 0.55208333, 0.48958333, 0.45833333, 0.5,    0.46875, 0.40625, 0.375, 0.5,         0.46875,      0.40625,    0.375}},
    {"LocalResponseNorm",
     {{"size", 4}, {"alpha", 0.5}, {"beta", 0.6}, {"k", 1.5}},
     {5, 1, 2},
     "[N, 5, 1, 2]",
     {-0.79511882, 0.8030613,    0.69056132,  0.61439689,  0.5127514,   0.43630727, 0.35932233,  0.2762673,   0.18790817,  0.095420714,
      0,           -0.097248796, -0.19301286, -0.28626214, -0.37581634, -0.4604455, -0.53898349, -0.61083017, -0.72059396, -0.78993886}},
    {"Repeat", {{"times", 2}}, {3}, "[N, 2, 3]", {-1.125, 1.125, 1, -1.125, 1.125, 1, 0.875, 0.75, 0.625, 0.875, 0.75, 0.625}},
    {"Slice", {{"axis", -1}, {"begin", -3}, {"length", 2}}, {2, 4}, "[N, 2, 2]", {1.125, 1, 0.625, 0.5, 0.125, 0, -0.375, -0.5}},
    {"Slice", {{"begin", 1}, {"length", 0}}, {3, 2}, "[N, 2, 2]", {1, 0.875, 0.75, 0.625, 0.25, 0.125, 0, -0.125}},
};

/// x[i] = (37 i mod 19 − 9) / 8: signed, in no order.
std::vector<float> inputs(std::int64_t count)
{
    std::vector<float> numbers;
    for (std::int64_t i = 0; i < count; ++i)
        numbers.push_back(static_cast<float>(i * 37 % 19 - 9) / 8);
    return numbers;
}

/// w[i] = (5 i mod 7) / 10 − 0.3.
std::vector<float> weights(std::int64_t count)
{
    std::vector<float> numbers;
    for (std::int64_t i = 0; i < count; ++i)
        numbers.push_back(0.1f * static_cast<float>(i * 5 % 7) - 0.3f);
    return numbers;
}

Chain chainOf(const char* type, Tree::Map params, const std::vector<std::int64_t>& shape)
{
    Tree::List extents(shape.begin(), shape.end());
    Chain chain;
    chain.add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", std::move(extents)}}).add("y", type, std::move(params));
    return chain;
}

/// The only output for a batch of inputs().
Numbers run(const Network& network, DeviceKind device, Mode mode = Mode::Infer, std::int64_t samples = 2, std::int64_t step = 1)
{
    const Lowered lowered = lower(network, {mode, false});
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    Session session(options);
    session.addVariables(*lowered.graph);
    for (const Value& variable : lowered.graph->variables()) {
        const std::vector<float> numbers = weights(elementCount(variable.shape().at(1)));
        session.writeVariable(variable.name(), std::as_bytes(std::span(numbers)));
    }
    const Value y = lowered.outputs[0].value;
    Plan& plan = session.plan(*lowered.graph, {samples, 1, {y}, false});
    const std::vector<float> x = inputs(elementCount(lowered.feeds[0].value.shape().at(samples)));
    std::vector<float> result(static_cast<std::size_t>(elementCount(y.shape().at(samples))));
    const std::vector<const void*> feeds{x.data()};
    void* const results[] = {result.data()};
    session.run(plan, feeds, results, {7, step, nullptr});
    return Numbers(result.begin(), result.end());
}

} // namespace

class LayersValuesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreThoseOfPyTorch_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::newRow((std::to_string(i) + " " + cases[i].type).c_str()) << static_cast<int>(i);
    }

    void valuesAreThoseOfPyTorch()
    {
        QFETCH(int, index);
        const ValueCase& one = cases[static_cast<std::size_t>(index)];
        const Network network = chainOf(one.type, one.params, one.input).network;
        QCOMPARE(outputShape(network, "y"), std::string(one.shape));
        for (const DeviceKind device : {DeviceKind::Reference, DeviceKind::Cpu})
            QVERIFY(agree(run(network, device), one.output));
    }

    void dotMultipliesVectorsOrComparesDirections()
    {
        for (const bool isCosine : {false, true}) {
            Chain chain = chainOf("Tanh", {}, {3});
            chain.add("dot", "Dot", {{"normalize", isCosine}}).wire("x.y", "dot.b");
            QCOMPARE(outputShape(chain.network, "dot"), std::string("[N, 1]"));
            const Numbers x{-1.125, 1.125, 1.0, 0.875, 0.75, 0.625};
            Numbers expected;
            for (std::size_t row = 0; row < 6; row += 3) {
                double product = 0, ofX = 0, ofTanh = 0;
                for (std::size_t i = row; i < row + 3; ++i) {
                    product += x[i] * std::tanh(x[i]);
                    ofX += x[i] * x[i];
                    ofTanh += std::tanh(x[i]) * std::tanh(x[i]);
                }
                expected.push_back(isCosine ? product / std::sqrt(ofX * ofTanh) : product);
            }
            QVERIFY(agree(run(chain.network, DeviceKind::Cpu), expected));
        }
    }

    void noiseIsNormalAndOnlyInTraining()
    {
        constexpr std::int64_t samples = 40, features = 500;
        const Network network = chainOf("GaussianNoise", {{"deviation", 0.5}}, {features}).network;
        const std::vector<float> x = inputs(samples * features);
        QVERIFY(agree(run(network, DeviceKind::Cpu, Mode::Infer, samples), Numbers(x.begin(), x.end())));
        const Numbers noisy = run(network, DeviceKind::Cpu, Mode::Train, samples);
        double sum = 0, squares = 0, within = 0;
        for (std::size_t i = 0; i < noisy.size(); ++i) {
            const double noise = noisy[i] - static_cast<double>(x[i]);
            sum += noise;
            squares += noise * noise;
            within += std::abs(noise) < 0.5 ? 1 : 0;
        }
        const double count = static_cast<double>(noisy.size());
        // Bounds of four standard errors.
        QVERIFY(std::abs(sum / count) < 4 * 0.5 / std::sqrt(count));
        QVERIFY(std::abs(squares / count - 0.25) < 4 * 0.25 * std::sqrt(2 / count));
        QVERIFY(std::abs(within / count - 0.6827) < 4 * std::sqrt(0.6827 * 0.3173 / count));
        QVERIFY(run(network, DeviceKind::Cpu, Mode::Train, samples, 2) != noisy);
        QVERIFY(agree(run(network, DeviceKind::Reference, Mode::Train, samples), noisy));
    }

    void samplingDrawsAroundTheMeanOnlyInTraining()
    {
        constexpr std::int64_t samples = 40, features = 500;
        Chain chain = chainOf("Sampling", {}, {features});
        chain.wire("x.y", "y.logVariance");
        const std::vector<float> x = inputs(samples * features);
        QVERIFY(agree(run(chain.network, DeviceKind::Cpu, Mode::Infer, samples), Numbers(x.begin(), x.end())));
        const Numbers drawn = run(chain.network, DeviceKind::Cpu, Mode::Train, samples);
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            const double noise = (drawn[i] - static_cast<double>(x[i])) / std::exp(static_cast<double>(x[i]) / 2);
            sum += noise;
            squares += noise * noise;
        }
        const double count = static_cast<double>(drawn.size());
        // Bounds of four standard errors.
        QVERIFY(std::abs(sum / count) < 4 / std::sqrt(count));
        QVERIFY(std::abs(squares / count - 1) < 4 * std::sqrt(2 / count));
    }

    void faultsComeWithARemedyThatMends_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(faults().size()); ++i)
            QTest::newRow((std::to_string(i) + " " + faults()[static_cast<std::size_t>(i)].code).c_str()) << i;
    }

    void faultsComeWithARemedyThatMends()
    {
        QFETCH(int, index);
        const Fault one = faults()[static_cast<std::size_t>(index)];
        Network network = chainOf(one.type, one.params, one.input).network;
        const Analysis analysis = analyze(network);
        const Diagnostic* fault = find(analysis.diagnostics, one.code);
        QVERIFY(fault && !fault->fixes.empty());
        for (const Edit& edit : fault->fixes[0].edits)
            apply(network, edit);
        QVERIFY(!find(analyze(network).diagnostics, one.code));
    }

    void sequencesAndImagesAreNotMixedUp()
    {
        QVERIFY(find(analyze(chainOf("Conv1D", {}, {1, 5, 5}).network).diagnostics, "shape.notSequence"));
        QVERIFY(find(analyze(chainOf("Conv2DTranspose", {}, {5, 5}).network).diagnostics, "shape.notImage"));
        QVERIFY(find(analyze(chainOf("Conv3D", {}, {1, 5, 5}).network).diagnostics, "shape.notVolume"));
        const Chain varies = Chain()
                                 .add("x", "Input", {{"kind", "numbers"}, {"column", "x"}, {"shape", Tree::List{9, 2}}, {"variableLength", true}})
                                 .add("y", "ClassToken");
        QVERIFY(find(analyze(varies.network).diagnostics, "shape.notFixed"));
    }

private:
    struct Fault {
        const char* code;
        const char* type;
        Tree::Map params;
        std::vector<std::int64_t> input;
    };

    static std::vector<Fault> faults()
    {
        return {
            {"shape.tooSmall", "Conv1D", {{"kernelSize", 9}}, {5, 2}},
            {"conv.groups", "Conv1D", {{"groups", 2}}, {5, 3}},
            {"pool.border", "MaxPool1D", {{"padding", "explicit"}, {"pad", 2}}, {5, 3}},
            {"conv.groups", "Conv2DTranspose", {{"groups", 2}}, {3, 4, 4}},
            {"conv.outputPadding", "Conv2DTranspose", {{"padding", "explicit"}, {"outputPadding", Tree::List{2, 0}}}, {3, 4, 4}},
            {"shape.tooSmall", "Conv2DTranspose", {{"padding", "explicit"}, {"pad", Tree::List{4, 4}}}, {3, 2, 2}},
            {"conv.groups", "Conv3D", {{"groups", 2}}, {3, 4, 4, 4}},
            {"shape.tooSmall", "Conv3D", {}, {1, 2, 4, 4}},
            {"shape.tooSmall", "MaxPool3D", {{"kernelSize", 5}}, {1, 4, 4, 4}},
            {"shape.tooSmall", "Cropping2D", {{"crop", Tree::List{2, 2, 0, 0}}}, {1, 4, 4}},
            {"slice.outside", "Slice", {{"begin", 2}, {"length", 2}}, {3}},
            {"slice.outside", "Slice", {{"begin", -4}}, {3}},
        };
    }
};

QTEST_GUILESS_MAIN(LayersValuesTest)
#include "layers_values_test.moc"
