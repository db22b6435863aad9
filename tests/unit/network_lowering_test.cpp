#include <QtTest>

#include "core/base/error.h"
#include "core/base/random.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

std::int64_t countOps(const Lowered& lowered, const std::string& name)
{
    const auto& ops = lowered.graph->ops();
    return std::count_if(ops.begin(), ops.end(), [&](const auto& op) { return op->spec().name == name; });
}

/// Sequences of up to 40 steps with 3 features.
Chain sequences(bool isVariable = true)
{
    return Chain().add("in", "Input", {{"kind", "numbers"}, {"column", "steps"}, {"shape", Tree::List{40, 3}}, {"variableLength", isVariable}});
}

const LoweredPort& portOf(const Lowered& lowered, const std::string& node)
{
    return *std::find_if(lowered.ports.begin(), lowered.ports.end(), [&](const LoweredPort& port) { return port.port.node == node; });
}

} // namespace

class NetworkLoweringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void variablesAreNamedByNodeAndVariable();
    void opsKnowTheirLayer();
    void inputsComeBeforeTargets();
    void inferenceGivesTheLink();
    void withoutLossesNoTargetIsFed();
    void withoutLossNodesOpenEndsAreOutputs();
    void auxiliaryHeadsServeTrainingOnly();
    void lossesAddUpByWeight();
    void dropoutExistsOnlyInTrainingAndByNode();
    void loweringIsPure();
    void everyOutputPortHasAValue();
    void anInvalidNetworkThrowsItsFirstFault();
    void lengthsTravelWithSequences();
    void layersThatDoNotKnowLengthsLoseThem();
    void sequencesOfTwoLongestLengthsAreRefused();
    void whatNeedsAFixedLengthRefusesSequences_data();
    void whatNeedsAFixedLengthRefusesSequences();
    void costCountsTheLongestSequence();
};

void NetworkLoweringTest::variablesAreNamedByNodeAndVariable()
{
    const Lowered lowered = lower(lenet().network, {Mode::Train, true});
    const Value kernel = lowered.graph->findVariable("conv2/kernel");
    QVERIFY(kernel);
    QCOMPARE(toString(kernel.shape()), std::string("[50, 20, 5, 5]"));
    QVERIFY(kernel.variable()->role == Role::Parameter);
    QVERIFY(kernel.variable()->initializer.kind == Initializer::Kind::GlorotUniform);
    QCOMPARE(kernel.variable()->initializer.fanIn, std::int64_t{500});
    QCOMPARE(kernel.variable()->initializer.fanOut, std::int64_t{1250});
    QCOMPARE(toString(lowered.graph->findVariable("dense1/kernel").shape()), std::string("[1250, 500]"));
    QCOMPARE(lowered.graph->variables().size(), std::size_t{8});
}

void NetworkLoweringTest::opsKnowTheirLayer()
{
    const Lowered lowered = lower(lenet().network, {Mode::Infer, false});
    for (const auto& op : lowered.graph->ops()) {
        if (std::string(op->spec().name) == "Conv")
            QVERIFY(op->node() == "conv1" || op->node() == "conv2");
    }
}

void NetworkLoweringTest::inputsComeBeforeTargets()
{
    // A loss with its own column stands before the Input in the file.
    Chain chain = lenet();
    std::rotate(chain.network.nodes.begin(), chain.network.nodes.end() - 1, chain.network.nodes.end());
    const Lowered lowered = lower(chain.network, {Mode::Train, true});
    QCOMPARE(lowered.feeds.size(), std::size_t{2});
    QCOMPARE(lowered.feeds[0].column, std::string("image"));
    QCOMPARE(lowered.feeds[1].column, std::string("label"));
    QVERIFY(lowered.losses[0].target == lowered.feeds[1].value);
    QVERIFY(lowered.loss.shape().isScalar());
}

void NetworkLoweringTest::inferenceGivesTheLink()
{
    const Lowered lowered = lower(lenet().network, {Mode::Infer, true});
    QCOMPARE(lowered.outputs.size(), std::size_t{1});
    QCOMPARE(std::string(lowered.outputs[0].value.producer()->spec().name), std::string("Softmax"));
    QVERIFY(lowered.losses[0].perSample);
    QVERIFY(lowered.losses[0].task == Task::Classification);
}

void NetworkLoweringTest::withoutLossesNoTargetIsFed()
{
    const Lowered lowered = lower(lenet().network, {Mode::Infer, false});
    QCOMPARE(lowered.feeds.size(), std::size_t{1});
    QVERIFY(!lowered.loss);
    QCOMPARE(toString(lowered.outputs[0].value.shape()), std::string("[N, 10]"));
}

void NetworkLoweringTest::withoutLossNodesOpenEndsAreOutputs()
{
    const Chain chain = Chain().add("image", "Input").add("flatten", "Flatten").add("dense", "Dense");
    const Lowered lowered = lower(chain.network, {Mode::Infer, true});
    QCOMPARE(lowered.outputs.size(), std::size_t{1});
    QCOMPARE(lowered.outputs[0].node, std::string("dense"));
}

void NetworkLoweringTest::auxiliaryHeadsServeTrainingOnly()
{
    Chain chain = lenet();
    chain.add("aux", "CrossEntropy", {{"weight", 0.3}, {"trainingOnly", true}});
    chain.network.wires.back() = {{"dense1", "y"}, {"aux", "prediction"}};
    QCOMPARE(lower(chain.network, {Mode::Train, true}).losses.size(), std::size_t{2});
    const Lowered infer = lower(chain.network, {Mode::Infer, true});
    QCOMPARE(infer.losses.size(), std::size_t{1});
    QCOMPARE(infer.outputs.size(), std::size_t{1});
    QCOMPARE(infer.outputs[0].node, std::string("loss"));
}

void NetworkLoweringTest::lossesAddUpByWeight()
{
    Chain chain = lenet();
    chain.add("second", "CrossEntropy", {{"weight", 0.25}});
    chain.network.wires.back() = {{"dense2", "y"}, {"second", "prediction"}};
    const Lowered lowered = lower(chain.network, {Mode::Train, true});
    QCOMPARE(lowered.losses[1].weight, 0.25);
    QCOMPARE(countOps(lowered, "SoftmaxCrossEntropy"), std::int64_t{2});
    QCOMPARE(std::string(lowered.loss.producer()->spec().name), std::string("Add"));
    QVERIFY(countOps(lowered, "Affine") >= 1);
}

void NetworkLoweringTest::dropoutExistsOnlyInTrainingAndByNode()
{
    Chain chain = Chain().add("image", "Input").add("flatten", "Flatten").add("drop1", "Dropout").add("drop2", "Dropout");
    QCOMPARE(countOps(lower(chain.network, {Mode::Infer, true}), "Dropout"), std::int64_t{0});
    const Lowered train = lower(chain.network, {Mode::Train, true});
    QCOMPARE(countOps(train, "Dropout"), std::int64_t{2});
    chain.network.findNode("drop1")->params["rate"] = 0.0;
    QCOMPARE(countOps(lower(chain.network, {Mode::Train, true}), "Dropout"), std::int64_t{1});
    QVERIFY(fnv1a64("drop1") != fnv1a64("drop2"));
}

void NetworkLoweringTest::loweringIsPure()
{
    const Network network = lenet().network;
    const auto text = [&] {
        const Lowered lowered = lower(network, {Mode::Train, true});
        std::string ops;
        for (const auto& op : lowered.graph->ops())
            ops += std::string(op->spec().name) + " " + op->node() + " " + toString(op->output().shape()) + "\n";
        return ops;
    };
    QCOMPARE(text(), text());
    QVERIFY(network == lenet().network);
}

void NetworkLoweringTest::everyOutputPortHasAValue()
{
    const Lowered lowered = lower(lenet().network, {Mode::Infer, false});
    QCOMPARE(lowered.ports.size(), std::size_t{11});
    QVERIFY(lowered.ports[1].port == (PortRef{"conv1", "y"}));
    QCOMPARE(toString(lowered.ports[1].value.shape()), std::string("[N, 20, 28, 28]"));
}

void NetworkLoweringTest::anInvalidNetworkThrowsItsFirstFault()
{
    Network network = lenet().network;
    network.findNode("pool2")->params["kernelSize"] = 50;
    try {
        lower(network, {Mode::Train, true});
        QFAIL("It was lowered.");
    } catch (const Error& error) {
        QVERIFY2(std::string(error.what()).find("50 x 50 window of MaxPool2D") != std::string::npos, error.what());
    }
}

void NetworkLoweringTest::lengthsTravelWithSequences()
{
    Chain chain = sequences().add("dense", "Dense", {{"units", 5}}).add("norm", "LayerNorm").add("relu", "ReLU").add("drop", "Dropout");
    chain.add("sum", "Add").wire("dense.y", "sum.x").add("part", "Slice", {{"axis", 2}, {"length", 2}});
    const Lowered lowered = lower(chain.network, {Mode::Train, false});
    QCOMPARE(lowered.longest, std::int64_t{40});
    QCOMPARE(lowered.feeds.size(), std::size_t{2});
    QCOMPARE(lowered.feeds[0].column, std::string("steps"));
    QCOMPARE(toString(lowered.feeds[0].value.shape()), std::string("[N, T, 3]"));
    QCOMPARE(lowered.feeds[1].column, std::string("steps.lengths"));
    QVERIFY(lowered.feeds[1].value.type() == (TensorType{DType::Int32, {Dim::batch()}}));
    for (const LoweredPort& port : lowered.ports)
        QVERIFY2(port.lengths == lowered.feeds[1].value, port.port.node.c_str());
    QCOMPARE(toString(portOf(lowered, "part").value.shape()), std::string("[N, T, 2]"));

    const Lowered fixed = lower(sequences(false).add("dense", "Dense").network, {Mode::Train, false});
    QCOMPARE(fixed.longest, std::int64_t{0});
    QCOMPARE(fixed.feeds.size(), std::size_t{1});
    QCOMPARE(toString(fixed.feeds[0].value.shape()), std::string("[N, 40, 3]"));
    QVERIFY(!portOf(fixed, "dense").lengths);
}

void NetworkLoweringTest::layersThatDoNotKnowLengthsLoseThem()
{
    const Chain chain = sequences().add("turn", "Permute", {{"order", Tree::List{2, 1}}});
    QVERIFY(!portOf(lower(chain.network, {Mode::Infer, false}), "turn").lengths);
    const Analysis analysis = analyze(chain.network);
    const Diagnostic* lost = find(analysis.diagnostics, "sequence.lengthsLost");
    QVERIFY(lost);
    QCOMPARE(lost->node, std::string("turn"));
    QVERIFY(lost->severity == Severity::Warning);
}

void NetworkLoweringTest::sequencesOfTwoLongestLengthsAreRefused()
{
    Chain chain = sequences();
    chain.add("other", "Input", {{"kind", "tokens"}, {"column", "text"}, {"shape", Tree::List{50}}, {"variableLength", true}});
    QVERIFY(find(analyze(chain.network).diagnostics, "input.longest"));
    chain.network.findNode("other")->params["shape"] = Tree::List{40};
    QVERIFY(!find(analyze(chain.network).diagnostics, "input.longest"));
}

void NetworkLoweringTest::whatNeedsAFixedLengthRefusesSequences_data()
{
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("code");
    QTest::newRow("flatten") << QStringLiteral("Flatten") << QStringLiteral("shape.notFixed");
    QTest::newRow("convolution") << QStringLiteral("Conv1D") << QStringLiteral("shape.notSequence");
    QTest::newRow("loss") << QStringLiteral("MeanSquaredError") << QStringLiteral("loss.sequence");
}

void NetworkLoweringTest::whatNeedsAFixedLengthRefusesSequences()
{
    QFETCH(QString, layer);
    QFETCH(QString, code);
    const Chain chain = sequences().add("layer", layer.toStdString());
    const Analysis analysis = analyze(chain.network);
    QVERIFY(hasErrors(analysis.diagnostics));
    QVERIFY2(find(analysis.diagnostics, code.toStdString()), analysis.diagnostics[0].code.c_str());
}

void NetworkLoweringTest::costCountsTheLongestSequence()
{
    for (const bool isVariable : {true, false}) {
        const Analysis analysis = analyze(sequences(isVariable).add("dense", "Dense", {{"units", 7}}).network);
        QCOMPARE(analysis.multiplyAdds, 40.0 * 3 * 7);
        QCOMPARE(analysis.find("dense")->activationBytes, 40.0 * 7 * 4);
    }
}

QTEST_GUILESS_MAIN(NetworkLoweringTest)
#include "network_lowering_test.moc"
