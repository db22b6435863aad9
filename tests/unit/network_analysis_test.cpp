#include <QElapsedTimer>
#include <QtTest>

#include "core/base/error.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

Analysis analyzed(const Chain& chain)
{
    return analyze(chain.network);
}

/// Applies the first fix of the diagnostic `code` and says whether that diagnostic is gone then.
bool isMendedByItsFix(Network network, const std::string& code)
{
    const Analysis before = analyze(network);
    const Diagnostic* fault = find(before.diagnostics, code);
    if (!fault || fault->fixes.empty())
        return false;
    for (const Edit& edit : fault->fixes[0].edits)
        apply(network, edit);
    const Analysis after = analyze(network);
    return !find(after.diagnostics, code);
}

bool says(const Diagnostic* diagnostic, const char* part)
{
    return diagnostic && english(diagnostic->message).find(part) != std::string::npos;
}

} // namespace

class NetworkAnalysisTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRightNetworkHasNoDiagnostics();
    void parametersAndMultiplyAddsOfLeNet();
    void unknownLayersGetTheNearestName();
    void unknownParametersGetTheNearestName();
    void valuesOutOfRangeAreBroughtBack();
    void valuesOfTheWrongKindAreRefused_data();
    void valuesOfTheWrongKindAreRefused();
    void aCircleNamesItsNodesAndTheLastWireGoes();
    void aNodeWiredToItselfIsACircle();
    void twoWiresIntoOneInputNameBoth();
    void aFaultyWireIsReportedOnce_data();
    void aFaultyWireIsReportedOnce();
    void aMissingWireIsOffered();
    void aMissingWireIsNotOfferedWhereItClosesACircle();
    void wiresToUnknownNodesAndPorts();
    void joinsWantTwoWires();
    void denseOnAnImageSuggestsFlatten();
    void crossEntropyOnAnImageNamesTheShapeAndSuggestsFlatten();
    void convolutionAfterFlattenNamesTheShape();
    void softmaxBeforeCrossEntropyIsTakenOut();
    void anEmptyNetworkWantsAnInput();
    void aNetworkWithoutLossIsAWarning();
    void aLossWithoutTargetIsAnError();
    void oneColumnReadInTwoWaysIsAnError();
    void faultsDoNotCascade();
    void sharingNamesItsFaults();
    void sharedWeightsCountOnce();
    void hugeShapesAreRefused();
    void aThousandLayersTakeUnderFiftyMilliseconds();
};

void NetworkAnalysisTest::aRightNetworkHasNoDiagnostics()
{
    QVERIFY(analyzed(lenet()).diagnostics.empty());
}

void NetworkAnalysisTest::parametersAndMultiplyAddsOfLeNet()
{
    const Analysis analysis = analyzed(lenet());
    QCOMPARE(analysis.find("conv1")->parameters, std::int64_t{20 * 25 + 20});
    QCOMPARE(analysis.find("conv2")->parameters, std::int64_t{50 * 20 * 25 + 50});
    QCOMPARE(analysis.find("dense1")->parameters, std::int64_t{1250 * 500 + 500});
    QCOMPARE(analysis.find("dense2")->parameters, std::int64_t{500 * 10 + 10});
    QCOMPARE(analysis.parameters, std::int64_t{656080});
    QCOMPARE(analysis.find("conv1")->multiplyAdds, 28.0 * 28 * 20 * 25);
    QCOMPARE(analysis.find("conv2")->multiplyAdds, 10.0 * 10 * 50 * 20 * 25);
    QCOMPARE(analysis.find("dense1")->multiplyAdds, 1250.0 * 500);
    QCOMPARE(analysis.multiplyAdds, 28.0 * 28 * 20 * 25 + 10.0 * 10 * 50 * 20 * 25 + 1250.0 * 500 + 500.0 * 10);
    QCOMPARE(analysis.find("conv1")->activationBytes, 4.0 * 20 * 28 * 28);
    QCOMPARE(analysis.find("relu1")->parameters, std::int64_t{0});
}

void NetworkAnalysisTest::unknownLayersGetTheNearestName()
{
    Network network = lenet().network;
    network.findNode("conv1")->type = "Conv2d";
    const Analysis analysis = analyze(network);
    QVERIFY(says(find(analysis.diagnostics, "layer.unknown"), "Did you mean \"Conv2D\"?"));
    QVERIFY(isMendedByItsFix(network, "layer.unknown"));
    network.findNode("conv1")->type = "Quaternion";
    QVERIFY(find(analyze(network).diagnostics, "layer.unknown")->fixes.empty());
}

void NetworkAnalysisTest::unknownParametersGetTheNearestName()
{
    Network network = lenet().network;
    network.findNode("conv1")->params["filter"] = 3;
    QVERIFY(says(find(analyze(network).diagnostics, "param.unknown"), "Did you mean \"filters\"?"));
    QVERIFY(isMendedByItsFix(network, "param.unknown"));
}

void NetworkAnalysisTest::valuesOutOfRangeAreBroughtBack()
{
    Network network = lenet().network;
    network.findNode("conv1")->params["filters"] = 0;
    const Analysis analysis = analyze(network);
    const Diagnostic* fault = find(analysis.diagnostics, "param.range");
    QVERIFY(says(fault, "is 0, but must lie between 1 and 65536"));
    QCOMPARE(fault->node, std::string("conv1"));
    QVERIFY(isMendedByItsFix(network, "param.range"));
}

void NetworkAnalysisTest::valuesOfTheWrongKindAreRefused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("kind");
    QTest::newRow("text for an integer") << "filters" << 0;
    QTest::newRow("real for an integer") << "filters" << 1;
    QTest::newRow("three numbers for two") << "kernelSize" << 2;
    QTest::newRow("empty list") << "kernelSize" << 3;
    QTest::newRow("map for a list") << "stride" << 4;
    QTest::newRow("unknown choice") << "padding" << 0;
    QTest::newRow("number for a boolean") << "useBias" << 1;
    QTest::newRow("null") << "filters" << 5;
}

void NetworkAnalysisTest::valuesOfTheWrongKindAreRefused()
{
    QFETCH(QString, key);
    QFETCH(int, kind);
    const std::vector<Tree> values{"many", 2.5, Tree::List{1, 2, 3}, Tree::List{}, Tree::Map{}, Tree()};
    Network network = lenet().network;
    network.findNode("conv1")->params[key.toStdString()] = values[static_cast<std::size_t>(kind)];
    const Analysis analysis = analyze(network);
    QVERIFY(hasErrors(analysis.diagnostics));
    QCOMPARE(analysis.diagnostics[0].node, std::string("conv1"));
    QVERIFY(says(&analysis.diagnostics[0], qPrintable(key)));
}

void NetworkAnalysisTest::aCircleNamesItsNodesAndTheLastWireGoes()
{
    Chain chain = Chain().add("image", "Input").add("a", "ReLU").add("b", "ReLU").add("sum", "Add");
    chain.network.wires.erase(chain.network.wires.begin()); // image → a
    chain.wire("image.y", "sum.x").wire("sum.y", "a.x");
    const Analysis analysis = analyzed(chain);
    const Diagnostic* fault = find(analysis.diagnostics, "network.circle");
    QVERIFY(says(fault, " → "));
    for (const char* id : {"a", "b", "sum"})
        QVERIFY(says(fault, id));
    QVERIFY(!says(fault, "image"));
    QVERIFY(isMendedByItsFix(chain.network, "network.circle"));
}

void NetworkAnalysisTest::aNodeWiredToItselfIsACircle()
{
    const Chain chain = Chain().add("a", "ReLU").wire("a.y", "a.x");
    QVERIFY(says(find(analyzed(chain).diagnostics, "network.circle"), "a → a"));
}

void NetworkAnalysisTest::twoWiresIntoOneInputNameBoth()
{
    Chain chain = lenet();
    chain.wire("conv1.y", "pool1.x");
    const Analysis analysis = analyzed(chain);
    const Diagnostic* fault = find(analysis.diagnostics, "wire.doubled");
    QVERIFY(says(fault, "relu1.y") && says(fault, "conv1.y"));
    QCOMPARE(fault->node, std::string("pool1"));
    QCOMPARE(fault->fixes.size(), std::size_t{2});
    QVERIFY(isMendedByItsFix(chain.network, "wire.doubled"));
}

void NetworkAnalysisTest::aFaultyWireIsReportedOnce_data()
{
    QTest::addColumn<QString>("node");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("loose");
    QTest::newRow("an unknown layer between others") << "relu1"
                                                     << "RoLU"
                                                     << "";
    QTest::newRow("a wire from nowhere") << ""
                                         << ""
                                         << "relu1.y";
    QTest::newRow("a wire from no port") << ""
                                         << ""
                                         << "conv1.y";
}

/// The nodes at both ends of a wire that is at fault have a wire: that they lack one is no news.
void NetworkAnalysisTest::aFaultyWireIsReportedOnce()
{
    QFETCH(QString, node);
    QFETCH(QString, type);
    QFETCH(QString, loose);
    Network network = lenet().network;
    if (!node.isEmpty())
        network.findNode(node.toStdString())->type = type.toStdString();
    for (Wire& wire : network.wires) {
        if (toString(wire.from) == loose.toStdString() && loose.startsWith(QLatin1String("relu")))
            wire.from.node = "nobody";
        else if (toString(wire.from) == loose.toStdString())
            wire.from.port = "z";
    }
    const Analysis analysis = analyze(network);
    const auto errors
        = std::count_if(analysis.diagnostics.begin(), analysis.diagnostics.end(), [](const Diagnostic& d) { return d.severity == Severity::Error; });
    QCOMPARE(errors, std::ptrdiff_t{1});
    QVERIFY(!find(analysis.diagnostics, "wire.missing"));
}

void NetworkAnalysisTest::aMissingWireIsOffered()
{
    Chain chain = lenet();
    apply(chain.network, removeWireEdit(chain.network, chain.network.wires[3]));
    QVERIFY(says(find(analyzed(chain).diagnostics, "wire.missing"), "Nothing is wired to input \"x\" of Conv2D"));
    QVERIFY(isMendedByItsFix(chain.network, "wire.missing"));
    QVERIFY(!hasErrors(analyze(lenet().network).diagnostics));
}

void NetworkAnalysisTest::aMissingWireIsNotOfferedWhereItClosesACircle()
{
    const Chain chain = Chain().add("a", "ReLU").add("b", "ReLU");
    const Analysis analysis = analyzed(chain);
    QVERIFY(find(analysis.diagnostics, "wire.missing"));
    QVERIFY(find(analysis.diagnostics, "wire.missing")->fixes.empty());
}

void NetworkAnalysisTest::wiresToUnknownNodesAndPorts()
{
    Chain chain = lenet();
    chain.wire("ghost.y", "conv1.x");
    QVERIFY(says(find(analyzed(chain).diagnostics, "wire.unknownNode"), "no node \"ghost\""));
    QVERIFY(isMendedByItsFix(chain.network, "wire.unknownNode"));
    chain = lenet();
    chain.wire("conv1.z", "loss.target");
    QVERIFY(says(find(analyzed(chain).diagnostics, "wire.unknownPort"), "Its outputs: y."));
    QVERIFY(isMendedByItsFix(chain.network, "wire.unknownPort"));
    chain = lenet();
    chain.wire("loss.y", "image.x");
    QVERIFY(says(find(analyzed(chain).diagnostics, "wire.unknownPort"), "has no outputs"));
}

void NetworkAnalysisTest::joinsWantTwoWires()
{
    const Chain chain = Chain().add("image", "Input").add("sum", "Add");
    QVERIFY(says(find(analyzed(chain).diagnostics, "wire.tooFew"), "two or more wires, but has 1"));
}

void NetworkAnalysisTest::denseOnAnImageSuggestsFlatten()
{
    Chain chain = Chain().add("image", "Input").add("dense", "Dense", {{"units", 10}}).add("loss", "CrossEntropy");
    const Analysis analysis = analyzed(chain);
    const Diagnostic* advice = find(analysis.diagnostics, "dense.image");
    QVERIFY(says(advice, "[N, 1, 28, 28]"));
    QVERIFY(advice->severity == Severity::Warning);
    for (const Edit& edit : advice->fixes[0].edits)
        apply(chain.network, edit);
    QVERIFY(analyze(chain.network).diagnostics.empty());
    QCOMPARE(outputShape(chain.network, "dense"), std::string("[N, 10]"));
}

void NetworkAnalysisTest::crossEntropyOnAnImageNamesTheShapeAndSuggestsFlatten()
{
    const Chain chain = Chain().add("image", "Input").add("loss", "CrossEntropy");
    const Analysis analysis = analyzed(chain);
    QVERIFY(says(find(analysis.diagnostics, "shape.mismatch"), "[N, 1, 28, 28]"));
    QVERIFY(isMendedByItsFix(chain.network, "shape.mismatch"));
}

void NetworkAnalysisTest::convolutionAfterFlattenNamesTheShape()
{
    const Chain chain = Chain().add("image", "Input").add("flatten", "Flatten").add("conv", "Conv2D");
    const Analysis analysis = analyzed(chain);
    const Diagnostic* fault = find(analysis.diagnostics, "shape.notImage");
    QVERIFY(says(fault, "Conv2D needs images") && says(fault, "[N, 784]"));
}

void NetworkAnalysisTest::softmaxBeforeCrossEntropyIsTakenOut()
{
    Chain chain = lenet();
    apply(chain.network, retypeEdit(chain.network, "relu3", "Softmax"));
    QVERIFY(!find(analyzed(chain).diagnostics, "loss.softmaxTwice"));
    chain = Chain()
                .add("image", "Input")
                .add("flatten", "Flatten")
                .add("dense", "Dense", {{"units", 10}})
                .add("softmax", "Softmax")
                .add("loss", "CrossEntropy");
    QVERIFY(find(analyzed(chain).diagnostics, "loss.softmaxTwice"));
    QVERIFY(isMendedByItsFix(chain.network, "loss.softmaxTwice"));
}

void NetworkAnalysisTest::anEmptyNetworkWantsAnInput()
{
    const Analysis analysis = analyze(Network());
    QVERIFY(find(analysis.diagnostics, "network.noInput"));
    QVERIFY(isMendedByItsFix(Network(), "network.noInput"));
    QVERIFY_EXCEPTION_THROWN(lower(Network(), {Mode::Train, true}), Error);
}

void NetworkAnalysisTest::aNetworkWithoutLossIsAWarning()
{
    const Chain chain = Chain().add("image", "Input").add("flatten", "Flatten").add("dense", "Dense", {{"units", 10}});
    const Analysis analysis = analyzed(chain);
    QVERIFY(find(analysis.diagnostics, "network.noLoss")->severity == Severity::Warning);
    QVERIFY(!hasErrors(analysis.diagnostics));
    QVERIFY(isMendedByItsFix(chain.network, "network.noLoss"));
}

void NetworkAnalysisTest::aLossWithoutTargetIsAnError()
{
    Network network = lenet().network;
    network.findNode("loss")->params["target"] = "";
    QVERIFY(find(analyze(network).diagnostics, "loss.target"));
}

void NetworkAnalysisTest::oneColumnReadInTwoWaysIsAnError()
{
    Network network = lenet().network;
    network.findNode("loss")->params["target"] = "image";
    const Analysis analysis = analyze(network);
    const Diagnostic* fault = find(analysis.diagnostics, "column.conflict");
    QVERIFY(says(fault, "uint8") && says(fault, "int32") && says(fault, "by image"));
}

void NetworkAnalysisTest::faultsDoNotCascade()
{
    Network network = lenet().network;
    network.findNode("conv1")->params["kernelSize"] = 100;
    const Analysis analysis = analyze(network);
    QCOMPARE(analysis.diagnostics.size(), std::size_t{1});
    QCOMPARE(analysis.diagnostics[0].code, std::string("shape.tooSmall"));
    QVERIFY(analysis.find("pool1")->outputTypes.empty());
    QCOMPARE(analysis.find("conv1")->inputTypes.size(), std::size_t{1});
}

void NetworkAnalysisTest::sharingNamesItsFaults()
{
    Network network = lenet().network;
    const auto code = [&](const char* owner) {
        network.findNode("dense2")->sharesWith = owner;
        const Analysis analysis = analyze(network);
        return analysis.diagnostics.empty() ? std::string() : analysis.diagnostics[0].code;
    };
    QCOMPARE(code("ghost"), std::string("shares.unknown"));
    QCOMPARE(code("dense2"), std::string("shares.unknown"));
    QCOMPARE(code("conv1"), std::string("shares.type"));
    QCOMPARE(code("dense1"), std::string("shape.mismatch"));
}

void NetworkAnalysisTest::sharedWeightsCountOnce()
{
    Chain chain = Chain()
                      .add("in", "Input", {{"kind", "numbers"}, {"shape", Tree::List{8}}})
                      .add("a", "Dense", {{"units", 8}})
                      .add("b", "Dense", {{"units", 8}});
    chain.network.findNode("b")->sharesWith = "a";
    const Analysis analysis = analyzed(chain);
    QCOMPARE(analysis.parameters, std::int64_t{72});
    QCOMPARE(analysis.multiplyAdds, 128.0);
    const Lowered lowered = lower(chain.network, {Mode::Train, true});
    QCOMPARE(lowered.graph->variables().size(), std::size_t{2});
}

void NetworkAnalysisTest::hugeShapesAreRefused()
{
    const Chain wide = Chain().add("image", "Input", {{"shape", Tree::List{1 << 20, 1 << 20, 1 << 20}}});
    QVERIFY(find(analyzed(wide).diagnostics, "input.tooLarge"));
    const Chain deep = Chain().add("image", "Input", {{"shape", Tree::List{1, 1 << 15, 1 << 15}}}).add("conv", "Conv2D", {{"filters", 65536}});
    QVERIFY(find(analyzed(deep).diagnostics, "size.tooLarge"));
}

void NetworkAnalysisTest::aThousandLayersTakeUnderFiftyMilliseconds()
{
    Chain chain = Chain().add("image", "Input", {{"shape", Tree::List{16, 28, 28}}});
    for (int i = 0; i < 333; ++i) {
        const std::string number = std::to_string(i);
        chain.add("conv" + number, "Conv2D", {{"filters", 16}, {"padding", "same"}}).add("norm" + number, "BatchNorm").add("relu" + number, "ReLU");
    }
    analyzed(chain);
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        QElapsedTimer timer;
        timer.start();
        const Analysis analysis = analyzed(chain);
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QVERIFY(!hasErrors(analysis.diagnostics));
    }
    qInfo("1,000 layers: %.1f ms", best);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr double limit = 1000.0; // sanitizers slow every access down
#else
    constexpr double limit = 50.0;
#endif
    QVERIFY2(best < limit, qPrintable(QString::number(best)));
}

QTEST_GUILESS_MAIN(NetworkAnalysisTest)
#include "network_analysis_test.moc"
