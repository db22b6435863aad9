// Every layer of the catalogue trains: around each a small network whose weights all move, those before the layer
// too, and whose loss falls.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/base/error.h"
#include "core/engine/session.h"
#include "core/training/training_graph.h"
#include "tests/unit/card.h"
#include "tests/unit/network_builder.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr std::int64_t samples = 8, features = 48, classes = 4;
constexpr int steps = 40;

struct TrainCase {
    const char* type = nullptr;
    std::vector<std::int64_t> input = {}; ///< shape of a sample on the layer's ports; empty: it is a loss
    Tree::Map params = {};
};

const std::vector<std::int64_t> row{48}, sequence{6, 8}, image{3, 4, 4}, volume{2, 2, 3, 4};

std::vector<TrainCase> cases()
{
    std::vector<TrainCase> all{
        {"Normalize", image, {{"mean", Tree::List{0.5}}, {"std", Tree::List{2.0}}}},
        {"Conv2D", image, {{"filters", 4}, {"kernelSize", 2}}},
        {"DepthwiseConv2D", image, {{"kernelSize", 2}}},
        {"SeparableConv2D", image, {{"filters", 4}, {"kernelSize", 2}}},
        {"Conv2DTranspose", image, {{"filters", 2}, {"kernelSize", 2}}},
        {"Conv1D", sequence, {{"filters", 5}}},
        {"Conv3D", volume, {{"filters", 3}, {"kernelSize", 2}}},
        {"MaxPool2D", image},
        {"AveragePool2D", image},
        {"MaxPool1D", sequence},
        {"AveragePool1D", sequence},
        {"MaxPool3D", volume},
        {"AveragePool3D", volume},
        {"AdaptiveMaxPool2D", image, {{"size", Tree::List{3, 2}}}},
        {"AdaptiveAveragePool2D", image, {{"size", Tree::List{3, 2}}}},
        {"GlobalAveragePool2D", image},
        {"GlobalMaxPool2D", image},
        {"GlobalAveragePool3D", volume},
        {"GlobalMaxPool3D", volume},
        {"UpSample2D", image},
        {"ZeroPadding2D", image},
        {"Cropping2D", image},
        {"BatchNorm", image},
        {"LayerNorm", sequence},
        {"GroupNorm", image, {{"groups", 3}}},
        {"InstanceNorm", image, {{"affine", true}}},
        {"RMSNorm", sequence},
        {"LocalResponseNorm", image},
        {"Dropout", row, {{"rate", 0.2}}},
        {"SpatialDropout2D", image, {{"rate", 0.2}}},
        {"GaussianNoise", row},
        {"Softmax", row},
        {"Dense", row, {{"units", 7}}},
        {"Flatten", image},
        {"Reshape", row, {{"shape", Tree::List{3, 16}}}},
        {"Permute", image, {{"order", Tree::List{2, 3, 1}}}},
        {"Slice", row, {{"begin", 3}, {"length", 20}}},
        {"Repeat", row, {{"times", 2}}},
        {"Dot", sequence},
        {"Concat", image},
        {"Sampling", row},
        {"PositionalEncoding", sequence, {{"kind", "learned"}}},
        {"ClassToken", sequence},
        {"SimpleRNN", sequence, {{"units", 6}}},
        {"LSTM", sequence, {{"units", 6}}},
        {"GRU", sequence, {{"units", 6}}},
        {"MeanOverTime", sequence},
        {"MaxOverTime", sequence},
        {"MultiHeadAttention", sequence, {{"heads", 2}}},
        {"ScaledDotProductAttention", sequence},
        {"TransformerEncoder", sequence, {{"heads", 2}, {"feedForward", 12}}},
        {"TransformerDecoder", sequence, {{"heads", 2}, {"feedForward", 12}}},
        {"CrossEntropy", {}},
        {"BinaryCrossEntropy", {}, {{"labels", "numbers"}}},
    };
    for (const char* type : {"Add", "Subtract", "Multiply", "Maximum", "Average", "ReLU", "LeakyReLU", "PReLU", "ELU", "SELU", "GELU", "SiLU", "Mish",
                             "HardSwish", "ClippedReLU", "Sigmoid", "Tanh", "Softplus"})
        all.push_back({type, row});
    for (const char* type :
         {"Focal", "Hinge", "MeanSquaredError", "MeanAbsoluteError", "Huber", "KLDivergence", "CosineSimilarity", "Triplet", "GaussianKL"})
        all.push_back({type, {}});
    return all;
}

/// Values of the wanted shape that a Dense layer makes of the features, one for each wire: "part0.y", "part1.y", …
Chain parts(std::size_t count, const std::vector<std::int64_t>& shape)
{
    Chain chain;
    chain.add("features", "Input", {{"kind", "numbers"}, {"column", "features"}, {"shape", Tree::List{features}}});
    const std::int64_t units = elementCount(shape);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string dense = "dense" + std::to_string(i), part = "part" + std::to_string(i);
        chain.network.nodes.push_back({dense, dense, "Dense", Tree::Map{{"units", units}}, {}});
        chain.wire("features.y", dense + ".x");
        chain.network.nodes.push_back({part, part, "Reshape", Tree::Map{{"shape", Tree::List(shape.begin(), shape.end())}}, {}});
        chain.wire(dense + ".y", part + ".x");
    }
    return chain;
}

/// The layer with a part on each port, two on a variadic one; behind it a classifier, unless it is a loss. With `convolution`,
/// the type of a layer, one of them stands before each port.
Network networkAround(const TrainCase& one, const char* convolution = nullptr)
{
    const LayerSpec& layer = *findLayer(one.type);
    std::vector<std::string> ports;
    for (const PortSpec& port : layer.inputs()) {
        if (!port.isOptional)
            ports.insert(ports.end(), port.isVariadic ? 2 : 1, port.name);
    }
    Chain chain = parts(ports.size(), one.input.empty() ? std::vector<std::int64_t>{classes} : one.input);
    chain.network.nodes.push_back({"layer", "layer", one.type, one.params, {}});
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const std::string number = std::to_string(i);
        if (convolution) {
            chain.network.nodes.push_back(
                {"conv" + number, "conv", convolution, Tree::Map{{"filters", one.input[0]}, {"kernelSize", 3}, {"padding", "same"}}, {}});
            chain.wire("part" + number + ".y", "conv" + number + ".x");
        }
        chain.wire((convolution ? "conv" : "part") + number + ".y", "layer." + ports[i]);
    }
    if (one.input.empty())
        return chain.network;
    for (const auto& [id, type, from] :
         {std::array{"flatten", "Flatten", "layer"}, std::array{"scores", "Dense", "flatten"}, std::array{"loss", "CrossEntropy", "scores"}}) {
        const Tree::Map params = std::string(id) == "scores" ? Tree::Map{{"units", classes}} : Tree::Map{};
        chain.network.nodes.push_back({id, id, type, params, {}});
        chain.wire(std::string(from) + ".y", std::string(id) + "." + findLayer(type)->inputs()[0].name);
    }
    return chain.network;
}

/// Texts of six words: what an Embedding reads.
Network wordsNetwork()
{
    return Chain()
        .add("words", "Input", {{"kind", "tokens"}, {"column", "words"}, {"shape", Tree::List{6}}})
        .add("layer", "Embedding", {{"vocabulary", 20}, {"dimension", 5}})
        .add("flatten", "Flatten")
        .add("scores", "Dense", {{"units", classes}})
        .add("loss", "CrossEntropy")
        .network;
}

/// Numbers between 0 and 1, classes or words, by the type of the column.
std::vector<std::byte> columnOf(const TensorType& type)
{
    const std::int64_t count = elementCount(type.shape.at(samples));
    std::vector<std::byte> bytes(static_cast<std::size_t>(count) * sizeOf(type.dtype));
    for (std::int64_t i = 0; i < count; ++i) {
        if (type.dtype == DType::Int32)
            reinterpret_cast<std::int32_t*>(bytes.data())[i] = static_cast<std::int32_t>(i * 7 % (type.shape.rank() > 1 ? 19 : classes));
        else
            reinterpret_cast<float*>(bytes.data())[i] = static_cast<float>(i * 37 % 101) / 101;
    }
    return bytes;
}

struct Trained {
    std::vector<float> losses; ///< of each step, all on one batch
    std::vector<std::string> still; ///< parameters that have not changed
    std::vector<std::string> kernels; ///< of a step
};

SessionOptions on(DeviceKind device, Precision precision = Precision::Float32, const std::string& withoutKernels = {})
{
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    options.seed = 5;
    options.precision = precision;
    options.withoutKernels = withoutKernels;
    return options;
}

Trained trained(const Network& network, const SessionOptions& options = on(DeviceKind::Cpu))
{
    Lowered lowered = lower(network, {Mode::Train, true});
    TrainingSettings settings;
    settings.optimizer = "adam";
    const TrainingGraph training = buildTrainingGraph(lowered, settings);
    Session session(options);
    session.addVariables(*lowered.graph);
    const auto contents = [&](const std::string& name) {
        std::vector<float> numbers(static_cast<std::size_t>(elementCount(session.variableType(name).shape.at(1))));
        session.readVariable(name, std::as_writable_bytes(std::span(numbers)));
        return numbers;
    };
    std::map<std::string, std::vector<float>> before;
    for (const std::string& name : session.variableNames()) {
        if (session.variableRole(name) == Role::Parameter)
            before[name] = contents(name);
    }
    Batch batch;
    batch.size = samples;
    for (const LoweredFeed& feed : lowered.feeds)
        batch.columns.push_back(columnOf(feed.value.type()));
    Plan& plan = session.plan(*lowered.graph, {samples, 1, {training.metrics.loss}, true});
    FeedList feeds(lowered, training.scalars);
    StepNumbers numbers;
    numbers.learningRate = 0.01f;
    Trained result;
    for (const PlanStep& step : plan.steps())
        result.kernels.push_back(step.kernel);
    for (int step = 1; step <= steps; ++step) {
        float loss = 0;
        void* const fetches[] = {&loss};
        session.run(plan, feeds.pointers(batch, numbers), fetches, {7, step, nullptr});
        result.losses.push_back(loss);
    }
    for (const auto& [name, numbersBefore] : before) {
        if (contents(name) == numbersBefore)
            result.still.push_back(name);
    }
    return result;
}

/// Without a type where there is none for this layer.
TrainCase caseOf(const QString& type)
{
    const std::vector<TrainCase> all = cases();
    const auto one = std::find_if(all.begin(), all.end(), [&](const TrainCase& candidate) { return type == QLatin1String(candidate.type); });
    return one == all.end() ? TrainCase{} : *one;
}

Network networkOf(const QString& type)
{
    const TrainCase one = caseOf(type);
    return one.type ? networkAround(one) : wordsNetwork();
}

/// Whether a layer that has a row in its case takes pictures as well.
bool isForAnyShape(const TrainCase& one)
{
    static const std::set<std::string> others{"Dense", "Reshape", "Slice", "Repeat", "Sampling"};
    return one.input == row && !others.count(one.type);
}

float mean(const float* begin, std::ptrdiff_t count)
{
    return std::accumulate(begin, begin + count, 0.0f) / static_cast<float>(count);
}

} // namespace

class LayersTrainingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLayerTrains_data()
    {
        QTest::addColumn<QString>("type");
        for (const LayerSpec& layer : layerCatalogue())
            QTest::newRow(layer.type().c_str()) << QString::fromStdString(layer.type());
    }

    void everyLayerTrains()
    {
        QFETCH(QString, type);
        const bool isEntrance = type == "Input" || type == "Embedding";
        QVERIFY2(isEntrance || caseOf(type).type, "A layer of the catalogue needs a case here.");
        const Network network = networkOf(type);
        const auto found
            = std::find_if(network.nodes.begin(), network.nodes.end(), [&](const Node& node) { return node.type == type.toStdString(); });
        QVERIFY(found != network.nodes.end());
        for (const Diagnostic& diagnostic : analyze(network).diagnostics)
            QVERIFY2(diagnostic.severity != Severity::Error, english(diagnostic.message).c_str());
        const Trained result = trained(network);
        QVERIFY2(result.still.empty(), result.still.empty() ? "" : result.still[0].c_str());
        const float first = result.losses.front(), last = mean(result.losses.data() + steps - 5, 5);
        QVERIFY2(std::isfinite(last) && last < 0.97f * first, qPrintable(QStringLiteral("loss %1, then %2").arg(first).arg(last)));
    }

    void everyLayerTrainsAlikeOnACard_data() { everyLayerTrains_data(); }
    void everyLayerTrainsAlikeOnACard()
    {
        static const QString problem = cardProblem();
        if (!problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
        QFETCH(QString, type);
        const Trained onCpu = trained(networkOf(type)), onCard = trained(networkOf(type), on(DeviceKind::Cuda));
        for (std::size_t step = 0; step < steps; ++step) {
            const double expected = static_cast<double>(onCpu.losses[step]), actual = static_cast<double>(onCard.losses[step]);
            QVERIFY2(std::abs(actual - expected) <= 1e-3 * std::max(std::abs(expected), 0.1),
                     qPrintable(QStringLiteral("step %1: %2, the CPU has %3").arg(step + 1).arg(actual).arg(expected)));
        }
    }

    void everyLayerTrainsAlikeInSixteenBits_data() { everyLayerTrains_data(); }
    /// Arrays between layers are stored in 16 bits, whatever a layer is made of; what it gives is that of float32 but for rounding.
    void everyLayerTrainsAlikeInSixteenBits()
    {
        static const QString problem = cardProblem();
        if (!problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
        QFETCH(QString, type);
        const Trained full = trained(networkOf(type), on(DeviceKind::Cuda));
        for (const Precision precision : {Precision::BFloat16, Precision::Float16}) {
            const Trained stored = trained(networkOf(type), on(DeviceKind::Cuda, precision));
            const double tolerance = precision == Precision::BFloat16 ? 0.05 : 0.01;
            constexpr std::size_t comparable = 3; // Later, roundings have grown.
            for (std::size_t step = 0; step < comparable; ++step) {
                const double expected = static_cast<double>(full.losses[step]), actual = static_cast<double>(stored.losses[step]);
                QVERIFY2(std::abs(actual - expected) <= tolerance * std::max(std::abs(expected), 0.5),
                         qPrintable(QStringLiteral("%1, step %2: %3, in float32 %4")
                                        .arg(QLatin1String(nameOf(precision)))
                                        .arg(step + 1)
                                        .arg(actual)
                                        .arg(expected)));
            }
        }
    }

    void layersOfPicturesTrainAlikeWithChannelsLast_data()
    {
        QTest::addColumn<QString>("type");
        for (const TrainCase& one : cases()) {
            if (one.input.size() >= 3 || isForAnyShape(one))
                QTest::newRow(one.type) << QString::fromLatin1(one.type);
        }
    }

    /// Behind convolutions in TF32, whose arrays have their channels last, against the same ones in planes: both round alike.
    void layersOfPicturesTrainAlikeWithChannelsLast()
    {
        static const QString problem = cardProblem();
        if (!problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: ") + problem));
        QFETCH(QString, type);
        TrainCase one = caseOf(type);
        if (isForAnyShape(one))
            one.input = image;
        const Network network = networkAround(one, one.input.size() == 4 ? "Conv3D" : "Conv2D");
        const Trained inPlanes = trained(network, on(DeviceKind::Cuda, Precision::Tf32, "channels-last"));
        const Trained last = trained(network, on(DeviceKind::Cuda, Precision::Tf32));
        const auto areLast = [](const Trained& run) {
            return std::any_of(run.kernels.begin(), run.kernels.end(), [](const std::string& name) { return name.ends_with("channels-last"); });
        };
        QVERIFY(areLast(last) && !areLast(inPlanes));
        constexpr std::size_t comparable = 5; // Later, roundings that fall the other way have grown.
        for (std::size_t step = 0; step < comparable; ++step) {
            const double expected = static_cast<double>(inPlanes.losses[step]), actual = static_cast<double>(last.losses[step]);
            QVERIFY2(std::abs(actual - expected) <= 1e-3 * std::max(std::abs(expected), 0.1),
                     qPrintable(QStringLiteral("step %1: %2, in planes %3").arg(step + 1).arg(actual).arg(expected)));
        }
    }
};

QTEST_GUILESS_MAIN(LayersTrainingTest)
#include "layers_training_test.moc"
