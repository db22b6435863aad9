// What the canvas tells of a network: tensors on wires and measures of layers, as the worker computes them.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include <QElapsedTimer>
#include <QJsonArray>
#include <QtEndian>

#include "core/engine/differentiate.h"
#include "core/network/lowering.h"
#include "core/project/check.h"
#include "core/project/journal.h"
#include "core/project/project.h"
#include "core/training/data_fit.h"
#include "core/training/network_measure.h"
#include "core/training/network_probe.h"
#include "core/training/settings.h"
#include "core/training/training_graph.h"
#include "tests/unit/worker_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// ResNet-18 for small pictures that are made up: blocks, joins and nothing that takes long.
Project smallResNet()
{
    Project project = projectFromTemplate("resnet18");
    const Tree shape = Tree::List{3, 32, 32};
    project.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 40}};
    project.network.findNode("image")->params["shape"] = shape;
    return project;
}

/// Input → Dense(8) → ReLU → Dense(4) → loss on 20 made-up rows, which are one batch.
Project smallTable()
{
    Project project = projectFromTemplate("tabular-mlp");
    project.data = Tree::Map{{"source", "generated"}, {"shape", Tree::List{16}}, {"classes", 4}, {"samples", 25}};
    project.training["batchSize"] = 32;
    return project;
}

std::vector<float> floatsOf(const QJsonValue& base64)
{
    const QByteArray bytes = QByteArray::fromBase64(base64.toString().toLatin1());
    std::vector<float> values(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    qFromLittleEndian<float>(bytes.constData(), static_cast<qsizetype>(values.size()), values.data());
    return values;
}

/// A value of the graph for the first test sample, from a session of its own. All ports are fetched, so that no value is
/// folded into another, which rounds elsewhere.
std::vector<float> sessionValues(const Project& project, const Dataset& dataset, const LoweredPort& port, const Lowered& lowered)
{
    SessionOptions options;
    options.seed = trainingSettings(project.training).seed;
    Session session(options);
    session.addVariables(*lowered.graph);
    const Column& column = dataset.columns()[static_cast<std::size_t>(dataset.columnIndex("image"))];
    std::vector<std::byte> pixels(static_cast<std::size_t>(elementCount(column.shape)));
    dataset.read(Split::Test, 0, dataset.columnIndex("image"), pixels.data());
    std::vector<Value> values;
    for (const LoweredPort& other : lowered.ports) {
        if (std::find(values.begin(), values.end(), other.value) == values.end())
            values.push_back(other.value);
    }
    std::vector<float> wanted(static_cast<std::size_t>(elementCount(port.value.shape().at(1))));
    const void* feeds[] = {pixels.data()};
    std::vector<void*> fetches(values.size(), nullptr);
    fetches[static_cast<std::size_t>(std::find(values.begin(), values.end(), port.value) - values.begin())] = wanted.data();
    session.run(session.plan(*lowered.graph, {1, 1, values, false}), feeds, fetches);
    return wanted;
}

QJsonObject requestFor(const Project& project, const QString& port, const QString& run = {})
{
    return {{QStringLiteral("project"), QString::fromStdString(formatProject(project))},
            {QStringLiteral("baseDir"), QStringLiteral("/")},
            {QStringLiteral("run"), run},
            {QStringLiteral("port"), port},
            {QStringLiteral("values"), 1 << 24}};
}

} // namespace

class WorkerViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twentyRandomWiresCarryWhatASessionComputes();
    void weightsAreThoseOfTheRunWhileTheyFit();
    void faultsAreSentences();
    void whatDoesNotFitTheDataComesWithItsFixes();
    void gradientNormsAreThoseOfTheBatch();
    void deadUnitsAreZeroForEverySample();
    void measuresOfABlockHoldThoseInside();
};

void WorkerViewTest::twentyRandomWiresCarryWhatASessionComputes()
{
    const Project project = smallResNet();
    const Lowered lowered = lower(project.network, {Mode::Infer, false});
    const auto dataset = openDataset(project.data, {});
    QTemporaryDir dir;
    Worker worker(dir.filePath(QStringLiteral("s")));
    QVERIFY(worker.connectClient());
    std::mt19937 random(20);
    std::vector<double> times;
    for (int i = 0; i < 20; ++i) {
        const LoweredPort& port = lowered.ports[random() % lowered.ports.size()];
        const QString name = QString::fromStdString(toString(port.port));
        QElapsedTimer timer;
        timer.start();
        const QJsonObject tensor = worker.result(QStringLiteral("wire.tensor"), requestFor(project, name));
        times.push_back(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
        const std::vector<float> shown = floatsOf(tensor.value(QStringLiteral("values")));
        const std::vector<float> wanted = sessionValues(project, *dataset, port, lowered);
        QCOMPARE(shown.size(), wanted.size());
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            const double tolerance = 1e-6 * std::max(1.0, std::abs(static_cast<double>(wanted[k])));
            QVERIFY2(std::abs(static_cast<double>(shown[k] - wanted[k])) <= tolerance, qPrintable(name));
        }
        QCOMPARE(tensor.value(QStringLiteral("max")).toDouble(), static_cast<double>(*std::max_element(shown.begin(), shown.end())));
        QCOMPARE(tensor.value(QStringLiteral("step")).toInt(), -1);
    }
    std::sort(times.begin() + 1, times.end());
    qInfo("wires of a ResNet-18 for 32x32: the first after %.0f ms, the others after %.1f to %.1f ms, with all of their values", times[0], times[1],
          times.back());
}

void WorkerViewTest::weightsAreThoseOfTheRunWhileTheyFit()
{
    QTemporaryDir dir;
    const QString file = writeTableProject(dir.path());
    const QString run = dir.filePath(QStringLiteral("run"));
    QCOMPARE(train(file, run).exitCode, 0);
    Project project = readProject(file.toStdString());
    const auto request = [&](const QString& ofRun) {
        QJsonObject params = requestFor(project, QStringLiteral("out.y"), ofRun);
        params.insert(QStringLiteral("baseDir"), dir.path());
        return params;
    };
    Worker worker(dir.filePath(QStringLiteral("s")));
    QVERIFY(worker.connectClient());
    const QJsonObject untrained = worker.result(QStringLiteral("wire.tensor"), request({}));
    const QJsonObject trained = worker.result(QStringLiteral("wire.tensor"), request(run));
    QCOMPARE(untrained.value(QStringLiteral("step")).toInt(), -1);
    QVERIFY(trained.value(QStringLiteral("step")).toInt() > 0);
    QVERIFY(untrained.value(QStringLiteral("values")) != trained.value(QStringLiteral("values")));
    QCOMPARE(untrained.value(QStringLiteral("sample")), trained.value(QStringLiteral("sample")));

    project.network.findNode("out")->params["units"] = 3;
    const QJsonObject changed = worker.result(QStringLiteral("wire.tensor"), request(run));
    QCOMPARE(changed.value(QStringLiteral("step")).toInt(), -1);
    QVERIFY(changed.value(QStringLiteral("note")).toString().contains(QStringLiteral("out/")));
    QCOMPARE(changed.value(QStringLiteral("shape")).toArray(), QJsonArray{3});
}

void WorkerViewTest::faultsAreSentences()
{
    QTemporaryDir dir;
    Worker worker(dir.filePath(QStringLiteral("s")));
    QVERIFY(worker.connectClient());
    Project project = smallTable();
    QVERIFY(worker.error(QStringLiteral("wire.tensor"), requestFor(project, QStringLiteral("nowhere.y"))).contains(QStringLiteral("nowhere.y")));
    QJsonObject beyond = requestFor(project, QStringLiteral("dense1.y"));
    beyond.insert(QStringLiteral("split"), QStringLiteral("test"));
    beyond.insert(QStringLiteral("index"), 1000);
    QVERIFY(worker.error(QStringLiteral("wire.tensor"), beyond).contains(QStringLiteral("1000")));
    QVERIFY(!worker.error(QStringLiteral("wire.tensor"), {{QStringLiteral("project"), QStringLiteral("no project")}}).isEmpty());
    QVERIFY(worker.error(QStringLiteral("wire.tensor"), {}).contains(QStringLiteral("\"project\"")));
    project.network.findNode("dense1")->params["units"] = -3;
    QVERIFY(worker.error(QStringLiteral("wire.tensor"), requestFor(project, QStringLiteral("dense1.y"))).contains(QStringLiteral("units")));
}

void WorkerViewTest::whatDoesNotFitTheDataComesWithItsFixes()
{
    QTemporaryDir dir;
    Worker worker(dir.filePath(QStringLiteral("s")));
    QVERIFY(worker.connectClient());
    Project project = smallTable();
    for (Node& layer : project.network.nodes) {
        if (layer.type == "Dense")
            layer.params["units"] = 2; // for 4 classes
    }
    const QJsonArray problems = worker.result(QStringLiteral("project.check"), requestFor(project, {})).value(QStringLiteral("problems")).toArray();
    const std::vector<Diagnostic> wanted = checkData(project, {});
    QCOMPARE(problems.size(), static_cast<qsizetype>(wanted.size()));
    for (qsizetype i = 0; i < problems.size(); ++i) {
        const QJsonObject problem = problems[i].toObject();
        const Diagnostic& diagnostic = wanted[static_cast<std::size_t>(i)];
        QCOMPARE(problem.value(QStringLiteral("code")).toString().toStdString(), diagnostic.code);
        QCOMPARE(problem.value(QStringLiteral("message")).toString().toStdString(), english(diagnostic.message));
        const QJsonArray fixes = problem.value(QStringLiteral("fixes")).toArray();
        QCOMPARE(fixes.size(), static_cast<qsizetype>(diagnostic.fixes.size()));
        for (qsizetype k = 0; k < fixes.size(); ++k) {
            const std::string text = fixes[k].toObject().value(QStringLiteral("edits")).toString().toStdString();
            QVERIFY(editsFrom(fromJson(text, "edits")) == diagnostic.fixes[static_cast<std::size_t>(k)].edits);
        }
    }
    QCOMPARE(wanted.front().code, std::string("data.classes"));
    project.data = Tree::Map{{"source", "csv"}, {"path", "nowhere.csv"}};
    QVERIFY(worker.error(QStringLiteral("project.check"), requestFor(project, {})).contains(QStringLiteral("nowhere.csv")));
}

void WorkerViewTest::gradientNormsAreThoseOfTheBatch()
{
    const Project project = smallTable();
    const auto dataset = openDataset(project.data, {});
    const TrainingSettings settings = trainingSettings(project.training);
    SessionOptions options;
    options.seed = settings.seed;
    const NetworkMeasure measured = measureNetwork(project.network, settings, nullptr, *dataset, options, {});
    QCOMPARE(measured.samples, dataset->size(Split::Train));

    // The same gradients, element by element.
    const Lowered lowered = lower(project.network, {Mode::Train, true});
    const Value kernel = lowered.graph->findVariable("dense2/kernel");
    const Value bias = lowered.graph->findVariable("dense2/bias");
    const std::vector<Value> gradients = differentiate(lowered.loss, {kernel, bias});
    Session session(options);
    session.addVariables(*lowered.graph);
    LoaderOptions loading;
    loading.columns = bindFeeds(lowered, *dataset);
    loading.batchSize = measured.samples;
    Loader loader(*dataset, loading);
    loader.startEpoch(0);
    const Batch& batch = *loader.next();
    std::vector<float> ofKernel(static_cast<std::size_t>(elementCount(kernel.shape().at(1))));
    std::vector<float> ofBias(static_cast<std::size_t>(elementCount(bias.shape().at(1))));
    void* fetches[] = {ofKernel.data(), ofBias.data()};
    FeedList feeds(lowered, {});
    session.run(session.plan(*lowered.graph, {batch.size, 1, gradients, false}), feeds.pointers(batch, {}), fetches);
    double squares = 0;
    for (const std::vector<float>* part : {&ofKernel, &ofBias}) {
        for (const float value : *part)
            squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto found = std::find_if(measured.nodes.begin(), measured.nodes.end(), [](const NodeMeasure& node) { return node.node == "dense2"; });
    QVERIFY(found != measured.nodes.end());
    QVERIFY(std::abs(found->gradientNorm - std::sqrt(squares)) <= 1e-5 * std::sqrt(squares));
    QVERIFY(found->milliseconds > 0);
}

void WorkerViewTest::deadUnitsAreZeroForEverySample()
{
    const Project project = smallTable();
    const auto dataset = openDataset(project.data, {});
    const TrainingSettings settings = trainingSettings(project.training);
    SessionOptions options;
    options.seed = settings.seed;
    const NetworkMeasure measured = measureNetwork(project.network, settings, nullptr, *dataset, options, {});
    NetworkProbe probe(project.network, options);
    std::vector<bool> isAlive(64, false);
    for (std::int64_t i = 0; i < dataset->size(Split::Train); ++i) {
        probe.run(*dataset, Split::Train, i);
        const PortTensor& tensor = *probe.find("relu1.y");
        QCOMPARE(tensor.values.size(), isAlive.size());
        for (std::size_t unit = 0; unit < isAlive.size(); ++unit)
            isAlive[unit] = isAlive[unit] || tensor.values[unit] > 0;
    }
    const auto dead = std::count(isAlive.begin(), isAlive.end(), false);
    for (const NodeMeasure& node : measured.nodes) {
        if (node.node == "relu1")
            QCOMPARE(node.deadShare, static_cast<double>(dead) / 64);
        if (node.node == "dense1")
            QCOMPARE(node.deadShare, 0.0);
    }
}

void WorkerViewTest::measuresOfABlockHoldThoseInside()
{
    const Project project = smallResNet();
    QTemporaryDir dir;
    Worker worker(dir.filePath(QStringLiteral("s")));
    QVERIFY(worker.connectClient());
    const QJsonArray nodes = worker.result(QStringLiteral("network.measure"), requestFor(project, {})).value(QStringLiteral("nodes")).toArray();
    QHash<QString, QJsonObject> byNode;
    for (const QJsonValue& node : nodes)
        byNode[node.toObject().value(QStringLiteral("node")).toString()] = node.toObject();
    const Block& block = *project.network.findBlock("residual");
    QString instance;
    for (const Node& node : project.network.nodes) {
        if (node.type == block.id)
            instance = QString::fromStdString(node.id);
    }
    double milliseconds = 0;
    double squares = 0;
    for (const Node& part : block.nodes) {
        const QJsonObject inner = byNode.value(instance + QLatin1Char('/') + QString::fromStdString(part.id));
        milliseconds += inner.value(QStringLiteral("milliseconds")).toDouble();
        squares += std::pow(inner.value(QStringLiteral("gradient_norm")).toDouble(), 2);
    }
    const QJsonObject whole = byNode.value(instance);
    QVERIFY(milliseconds > 0);
    QVERIFY(std::abs(whole.value(QStringLiteral("milliseconds")).toDouble() - milliseconds) < 1e-6);
    QVERIFY(std::abs(whole.value(QStringLiteral("gradient_norm")).toDouble() - std::sqrt(squares)) < 1e-5 * std::sqrt(squares));
    QVERIFY(whole.contains(QStringLiteral("dead_share")));
}

QTEST_GUILESS_MAIN(WorkerViewTest)
#include "worker_view_test.moc"
