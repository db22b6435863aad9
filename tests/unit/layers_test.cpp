#include <set>

#include <QtTest>

#include "core/layers/layer_spec.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

class LayersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLayerExplainsItself();
    void everyDefaultIsAllowed();
    void typesAreUnique();
    void convolutionsGiveTheShapesOfPyTorch_data();
    void convolutionsGiveTheShapesOfPyTorch();
    void poolsAndReshapesGiveTheirShapes();
    void sameMeansSideByStrideRoundedUp();
    void imagesEnterAsBytesAndNumbersAsTheyAre();
    void batchNormCountsParametersButNotStatistics();
    void normalizeTakesOneNumberOrOneForEachChannel();
    void concatJoinsChannels();
    void concatRefusesTheBatchAxis();
    void addRefusesUnequalShapesAndNamesBoth();
    void aWindowLargerThanTheImageIsRefusedWithARemedy();
    void groupsMustDivideChannels();
    void meanSquaredErrorReadsOneNumberASample();
    void anAutoencoderIsItsOwnTarget();
};

void LayersTest::everyLayerExplainsItself()
{
    for (const LayerSpec& layer : layerCatalogue()) {
        const std::string name = layer.type();
        QVERIFY2(std::string(layer.summary().source).ends_with('.'), name.c_str());
        QVERIFY2(std::string(layer.details().source).size() > 40, name.c_str());
        QVERIFY2(layer.isLoss() || layer.outputs().size() == 1, name.c_str());
        QVERIFY2(layer.lower() != nullptr, name.c_str());
        QVERIFY2(!layer.isLoss() || (layer.answer() && layer.findParam("weight") && layer.findParam("trainingOnly")), name.c_str());
        for (const ParamSpec& param : layer.params()) {
            const std::string place = name + "." + param.key;
            QVERIFY2(*param.label.source != '\0', place.c_str());
            QVERIFY2(std::string(param.help.source).ends_with('.'), place.c_str());
            const bool isNumeric = param.kind != ParamKind::Boolean && param.kind != ParamKind::Choice && param.kind != ParamKind::Text
                && param.kind != ParamKind::Column;
            QVERIFY2(!isNumeric || param.maximum < 1e300, place.c_str());
            QVERIFY2(param.onlyWhenKey.empty() || layer.findParam(param.onlyWhenKey), place.c_str());
        }
    }
}

void LayersTest::everyDefaultIsAllowed()
{
    for (const LayerSpec& layer : layerCatalogue()) {
        for (const ParamSpec& param : layer.params())
            QVERIFY(checkedValue(param, param.defaultValue, layer.type()) == param.defaultValue);
    }
}

void LayersTest::typesAreUnique()
{
    std::set<std::string> types;
    for (const LayerSpec& layer : layerCatalogue())
        QVERIFY2(types.insert(layer.type()).second, layer.type().c_str());
    QCOMPARE(types.size(), std::size_t{83});
}

void LayersTest::convolutionsGiveTheShapesOfPyTorch_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("shape");
    // torch.nn.Conv2d(3, 8, …)(torch.zeros(1, 3, 17, 20)).shape[1:]
    const auto row = [](const char* name, const char* shape) { QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(shape); };
    row("kernel 3", "[N, 8, 15, 18]");
    row("kernel 5x3 stride 2x1 pad 2x1", "[N, 8, 9, 20]");
    row("kernel 3 dilation 2", "[N, 8, 13, 16]");
}

void LayersTest::convolutionsGiveTheShapesOfPyTorch()
{
    QFETCH(QString, json);
    QFETCH(QString, shape);
    Tree::Map params{{"filters", 8}};
    if (json == QStringLiteral("kernel 5x3 stride 2x1 pad 2x1")) {
        params.insert(params.end(),
                      {{"kernelSize", Tree::List{5, 3}}, {"stride", Tree::List{2, 1}}, {"padding", "explicit"}, {"pad", Tree::List{2, 1}}});
    } else if (json == QStringLiteral("kernel 3 dilation 2")) {
        params.insert(params.end(), {{"kernelSize", 3}, {"dilation", 2}});
    }
    const Chain chain = Chain().add("in", "Input", {{"shape", Tree::List{3, 17, 20}}}).add("conv", "Conv2D", params);
    QCOMPARE(QString::fromStdString(outputShape(chain.network, "conv")), shape);
}

void LayersTest::poolsAndReshapesGiveTheirShapes()
{
    const Network network = lenet().network;
    QCOMPARE(outputShape(network, "pool1"), std::string("[N, 20, 14, 14]"));
    QCOMPARE(outputShape(network, "pool2"), std::string("[N, 50, 5, 5]"));
    QCOMPARE(outputShape(network, "flatten"), std::string("[N, 1250]"));
    QCOMPARE(outputShape(network, "loss"), std::string("[N, 10]"));
    const Chain average = Chain().add("in", "Input", {{"shape", Tree::List{1, 7, 9}}}).add("pool", "AveragePool2D");
    QCOMPARE(outputShape(average.network, "pool"), std::string("[N, 1, 3, 4]"));
}

void LayersTest::sameMeansSideByStrideRoundedUp()
{
    for (const int stride : {1, 2, 3}) {
        const Chain chain = Chain()
                                .add("in", "Input", {{"shape", Tree::List{1, 28, 13}}})
                                .add("conv", "Conv2D", {{"filters", 4}, {"kernelSize", 5}, {"stride", stride}, {"padding", "same"}});
        const std::string expected = "[N, 4, " + std::to_string((28 + stride - 1) / stride) + ", " + std::to_string((13 + stride - 1) / stride) + "]";
        QCOMPARE(outputShape(chain.network, "conv"), expected);
    }
}

void LayersTest::imagesEnterAsBytesAndNumbersAsTheyAre()
{
    const Lowered image = lower(Chain().add("in", "Input").network, {Mode::Infer, false});
    QCOMPARE(image.feeds.size(), std::size_t{1});
    QVERIFY(image.feeds[0].value.dtype() == DType::UInt8);
    QVERIFY(image.outputs[0].value.dtype() == DType::Float32);
    const Lowered table
        = lower(Chain().add("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{13}}}).network, {Mode::Infer, false});
    QVERIFY(table.feeds[0].value == table.outputs[0].value);
    QCOMPARE(table.feeds[0].column, std::string("features"));
}

void LayersTest::batchNormCountsParametersButNotStatistics()
{
    const Network network = Chain().add("in", "Input", {{"shape", Tree::List{3, 8, 8}}}).add("norm", "BatchNorm").network;
    QCOMPARE(analyze(network).parameters, std::int64_t{6});
    const Lowered train = lower(network, {Mode::Train, true});
    const auto assigns = [](const Lowered& lowered) {
        return std::count_if(lowered.graph->ops().begin(), lowered.graph->ops().end(), [](const auto& op) { return op->hasEffect(); });
    };
    QCOMPARE(assigns(train), 2);
    QCOMPARE(assigns(lower(network, {Mode::Infer, true})), 0);
    QVERIFY(train.graph->findVariable("norm/runningVariance").variable()->role == Role::State);
}

void LayersTest::normalizeTakesOneNumberOrOneForEachChannel()
{
    const auto diagnostics = [](Tree::List mean) {
        return analyze(Chain().add("in", "Input", {{"shape", Tree::List{3, 8, 8}}}).add("norm", "Normalize", {{"mean", std::move(mean)}}).network)
            .diagnostics;
    };
    QVERIFY(!hasErrors(diagnostics({0.5})));
    QVERIFY(!hasErrors(diagnostics({0.5, 0.4, 0.3})));
    QVERIFY(find(diagnostics({0.5, 0.4}), "normalize.count"));
}

void LayersTest::concatJoinsChannels()
{
    Chain chain = Chain().add("in", "Input").add("a", "Conv2D", {{"filters", 4}, {"padding", "same"}});
    chain.add("join", "Concat").wire("in.y", "join.x");
    QCOMPARE(outputShape(chain.network, "join"), std::string("[N, 5, 28, 28]"));
}

void LayersTest::concatRefusesTheBatchAxis()
{
    Chain chain = Chain().add("in", "Input").add("join", "Concat", {{"axis", 0}});
    chain.wire("in.y", "join.x");
    QVERIFY(find(analyze(chain.network).diagnostics, "param.axis"));
}

void LayersTest::addRefusesUnequalShapesAndNamesBoth()
{
    Chain chain = Chain().add("in", "Input").add("a", "Conv2D", {{"filters", 4}}).add("sum", "Add").wire("in.y", "sum.x");
    const Analysis analysis = analyze(chain.network);
    const Diagnostic* fault = find(analysis.diagnostics, "shape.mismatch");
    QVERIFY(fault);
    QCOMPARE(fault->node, std::string("sum"));
    QVERIFY(english(fault->message).find("[N, 4, 26, 26]") != std::string::npos);
    QVERIFY(english(fault->message).find("[N, 1, 28, 28]") != std::string::npos);
}

void LayersTest::aWindowLargerThanTheImageIsRefusedWithARemedy()
{
    Chain chain = Chain().add("in", "Input", {{"shape", Tree::List{1, 4, 4}}}).add("conv", "Conv2D", {{"kernelSize", 5}});
    const Analysis analysis = analyze(chain.network);
    const Diagnostic* fault = find(analysis.diagnostics, "shape.tooSmall");
    QVERIFY(fault && fault->fixes.size() == 1);
    for (const Edit& edit : fault->fixes[0].edits)
        apply(chain.network, edit);
    QCOMPARE(outputShape(chain.network, "conv"), std::string("[N, 32, 4, 4]"));
}

void LayersTest::groupsMustDivideChannels()
{
    const Network network = Chain().add("in", "Input", {{"shape", Tree::List{3, 8, 8}}}).add("conv", "Conv2D", {{"groups", 2}}).network;
    QVERIFY(find(analyze(network).diagnostics, "conv.groups"));
}

void LayersTest::meanSquaredErrorReadsOneNumberASample()
{
    const Network network = Chain()
                                .add("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{13}}})
                                .add("dense", "Dense", {{"units", 1}})
                                .add("loss", "MeanSquaredError", {{"target", "price"}})
                                .network;
    const Lowered lowered = lower(network, {Mode::Train, true});
    QCOMPARE(lowered.feeds[1].column, std::string("price"));
    QCOMPARE(toString(lowered.feeds[1].value.shape()), std::string("[N]"));
    QCOMPARE(toString(lowered.losses[0].perSample.shape()), std::string("[N]"));
    QVERIFY(lowered.losses[0].output == lowered.losses[0].prediction);
}

void LayersTest::anAutoencoderIsItsOwnTarget()
{
    Chain chain = Chain()
                      .add("in", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{8}}})
                      .add("code", "Dense", {{"units", 3}})
                      .add("back", "Dense", {{"units", 8}})
                      .add("loss", "MeanSquaredError");
    chain.wire("in.y", "loss.target");
    const Lowered lowered = lower(chain.network, {Mode::Train, true});
    QCOMPARE(lowered.feeds.size(), std::size_t{1});
    QVERIFY(lowered.losses[0].target == lowered.feeds[0].value);
}

QTEST_GUILESS_MAIN(LayersTest)
#include "layers_test.moc"
