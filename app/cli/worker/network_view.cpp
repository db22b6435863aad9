#include "app/cli/worker/network_view.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QtEndian>

#include "app/cli/dataset_facts.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "core/base/error.h"
#include "core/training/network_measure.h"
#include "core/training/run_checkpoints.h"
#include "core/training/settings.h"
#include "core/training/variables.h"

namespace weft::cli {

namespace {

constexpr std::int64_t mostMaps = 16;
constexpr std::int64_t mapSide = 64; ///< larger maps are averaged down
constexpr std::int64_t pictureSide = 192; ///< the same for pictures, which have three maps at most
constexpr std::size_t mostNumbers = 4096; ///< of a row of numbers
constexpr std::size_t bins = 32;

QString base64(const std::vector<float>& values, std::size_t count)
{
    QByteArray bytes(static_cast<qsizetype>(count * sizeof(float)), '\0');
    qToLittleEndian<float>(values.data(), static_cast<qsizetype>(count), bytes.data());
    return QString::fromLatin1(bytes.toBase64());
}

/// Means over squares of `factor` pixels; those at the border may hold fewer.
void appendShrunk(std::vector<float>& to, const float* map, std::int64_t height, std::int64_t width, std::int64_t factor)
{
    for (std::int64_t top = 0; top < height; top += factor) {
        for (std::int64_t left = 0; left < width; left += factor) {
            double sum = 0;
            std::int64_t count = 0;
            for (std::int64_t y = top; y < std::min(top + factor, height); ++y) {
                for (std::int64_t x = left; x < std::min(left + factor, width); ++x, ++count)
                    sum += static_cast<double>(map[y * width + x]);
            }
            to.push_back(static_cast<float>(sum / static_cast<double>(count)));
        }
    }
}

/// The first maps of [C, H, W], or [T, F] as one map, small enough to be sent.
QJsonObject mapsOf(const PortTensor& tensor)
{
    const Extents& e = tensor.extents;
    const bool isStack = e.size() == 3;
    const std::int64_t channels = isStack ? e[0] : 1;
    const std::int64_t height = isStack ? e[1] : e[0];
    const std::int64_t width = isStack ? e[2] : e[1];
    const std::int64_t shown = std::min(channels, mostMaps);
    const std::int64_t side = shown <= 3 ? pictureSide : mapSide;
    const std::int64_t factor = std::max<std::int64_t>(1, (std::max(height, width) + side - 1) / side);
    std::vector<float> values;
    for (std::int64_t c = 0; c < shown; ++c)
        appendShrunk(values, tensor.values.data() + c * height * width, height, width, factor);
    return {{QStringLiteral("channels"), static_cast<qint64>(channels)},
            {QStringLiteral("shown"), static_cast<qint64>(shown)},
            {QStringLiteral("height"), static_cast<qint64>((height + factor - 1) / factor)},
            {QStringLiteral("width"), static_cast<qint64>((width + factor - 1) / factor)},
            {QStringLiteral("values"), base64(values, values.size())}};
}

/// Extremes, mean, deviation and the histogram of all finite values.
QJsonObject statisticsOf(const std::vector<float>& values)
{
    double low = 0, high = 0, sum = 0, squares = 0;
    std::int64_t finite = 0, zeros = 0;
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        const auto number = static_cast<double>(value);
        low = finite == 0 ? number : std::min(low, number);
        high = finite == 0 ? number : std::max(high, number);
        sum += number;
        squares += number * number;
        zeros += value == 0.0f ? 1 : 0;
        ++finite;
    }
    std::vector<qint64> counts(bins, 0);
    const double scale = high > low ? static_cast<double>(bins) / (high - low) : 0;
    for (const float value : values) {
        if (std::isfinite(value))
            ++counts[std::min(bins - 1, static_cast<std::size_t>((static_cast<double>(value) - low) * scale))];
    }
    QJsonArray histogram;
    for (const qint64 count : counts)
        histogram.append(count);
    const double mean = finite > 0 ? sum / static_cast<double>(finite) : 0;
    const double variance = finite > 0 ? std::max(0.0, squares / static_cast<double>(finite) - mean * mean) : 0;
    return {{QStringLiteral("min"), low},
            {QStringLiteral("max"), high},
            {QStringLiteral("mean"), mean},
            {QStringLiteral("deviation"), std::sqrt(variance)},
            {QStringLiteral("zeros"), static_cast<qint64>(zeros)},
            {QStringLiteral("not_finite"), static_cast<qint64>(values.size()) - static_cast<qint64>(finite)},
            {QStringLiteral("histogram"), histogram}};
}

/// Weights of the run's last checkpoint, where it has one.
void readWeights(const QString& run, ViewedNetwork& viewed)
{
    try {
        const QString file = QString::fromStdString(resolveCheckpoint(RunPaths{run.toStdString()}, "last"));
        const QFileInfo info(file);
        viewed.key += file.toStdString() + ' ' + std::to_string(info.lastModified().toMSecsSinceEpoch());
        viewed.weights = std::make_unique<TensorFile>(readTrainedModel(file.toStdString()));
        const std::string& step = viewed.weights->metadata["step"];
        std::from_chars(step.data(), step.data() + step.size(), viewed.step);
    } catch (const Error&) {
        // A run that has just begun has no checkpoint yet: its weights are those that it starts from.
    }
}

/// The sample of a request; without an index the first of the test data, or of those there are.
std::pair<Split, std::int64_t> sampleOf(const QJsonObject& params, const Dataset& dataset)
{
    const std::int64_t index = params.value(QStringLiteral("index")).toInteger(-1);
    if (index >= 0)
        return {splitNamed(params.value(QStringLiteral("split")).toString().toStdString()), index};
    for (const Split split : {Split::Test, Split::Validation, Split::Train}) {
        if (dataset.size(split) > 0)
            return {split, 0};
    }
    throw Error(WEFT_TEXT("cli", "The data have no samples."));
}

/// Throws Error when a weight of the network is not in the file, or has another shape there.
void requireFit(const Network& network, const TensorFile& file)
{
    const Lowered lowered = lower(network, {Mode::Infer, false});
    for (const Value& variable : lowered.graph->variables()) {
        const auto found = file.tensors.find(checkpointKey(variable.name(), variable.variable()->role));
        if (found == file.tensors.end() || found->second.extents != variable.shape().at(1))
            throw Error(WEFT_TEXT("cli", "The network has changed since the run began (%1), so it is shown untrained."), variable.name());
    }
}

} // namespace

ViewedNetwork viewedNetwork(const QJsonObject& params)
{
    const QString text = params.value(QStringLiteral("project")).toString();
    ViewedNetwork viewed;
    viewed.key = text.toStdString() + '\n';
    viewed.project = parseProject(text.toStdString(), "project");
    viewed.baseDir = params.value(QStringLiteral("baseDir")).toString().toStdString();
    if (const QString run = params.value(QStringLiteral("run")).toString(); !run.isEmpty())
        readWeights(run, viewed);
    if (viewed.weights) {
        try {
            requireFit(viewed.project.network, *viewed.weights);
        } catch (const Error& error) {
            viewed.note = translated(error.message()).toStdString();
            viewed.weights.reset();
            viewed.step = -1;
        }
    }
    return viewed;
}

SessionOptions NetworkViews::options(const Project& project) const
{
    SessionOptions options = sessionOn(m_device);
    options.seed = trainingSettings(project.training).seed;
    return options;
}

QJsonObject NetworkViews::tensor(const QJsonObject& params, const ViewedNetwork& viewed, const Dataset& dataset)
{
    NetworkProbe& probe = m_probes.get(QString::fromStdString(viewed.key), [&] {
        auto made = std::make_unique<NetworkProbe>(viewed.project.network, options(viewed.project));
        if (viewed.weights)
            made->load(*viewed.weights);
        return made;
    });
    const auto [split, index] = sampleOf(params, dataset);
    const std::string port = params.value(QStringLiteral("port")).toString().toStdString();
    probe.run(dataset, split, index);
    if (port.empty())
        return {}; // all is ready for those who ask for one
    const PortTensor* tensor = probe.find(port);
    if (!tensor)
        throw Error(WEFT_TEXT("cli", "The network has no output %1."), port);
    QJsonObject result = statisticsOf(tensor->values);
    result.insert(QStringLiteral("port"), QString::fromStdString(port));
    result.insert(QStringLiteral("dtype"), QString::fromUtf8(nameOf(tensor->dtype)));
    result.insert(QStringLiteral("shape"), jsonExtents(tensor->extents));
    result.insert(QStringLiteral("real_steps"), static_cast<qint64>(tensor->realSteps));
    result.insert(QStringLiteral("split"), QString::fromUtf8(nameOf(split)));
    result.insert(QStringLiteral("index"), static_cast<qint64>(index));
    result.insert(QStringLiteral("sample"), QString::fromStdString(dataset.sampleName(split, index)));
    result.insert(QStringLiteral("step"), static_cast<qint64>(viewed.step));
    result.insert(QStringLiteral("note"), QString::fromStdString(viewed.note));
    if (tensor->extents.size() == 2 || tensor->extents.size() == 3)
        result.insert(QStringLiteral("maps"), mapsOf(*tensor));
    // Rows of numbers come whole, other values where they are asked for.
    const auto wanted = static_cast<std::size_t>(std::max<qint64>(0, params.value(QStringLiteral("values")).toInteger()));
    const std::size_t most = tensor->extents.size() <= 1 ? std::max(mostNumbers, wanted) : wanted;
    if (most > 0)
        result.insert(QStringLiteral("values"), base64(tensor->values, std::min(most, tensor->values.size())));
    return result;
}

QJsonObject NetworkViews::measure(const ViewedNetwork& viewed, const Dataset& dataset, const WorkProgress& progress)
{
    const NetworkMeasure measured = measureNetwork(viewed.project.network, trainingSettings(viewed.project.training), viewed.weights.get(), dataset,
                                                   options(viewed.project), progress);
    QJsonArray nodes;
    for (const NodeMeasure& node : measured.nodes) {
        QJsonObject object{{QStringLiteral("node"), QString::fromStdString(node.node)}, {QStringLiteral("milliseconds"), node.milliseconds}};
        if (node.gradientNorm >= 0)
            object.insert(QStringLiteral("gradient_norm"), node.gradientNorm);
        if (node.deadShare >= 0)
            object.insert(QStringLiteral("dead_share"), node.deadShare);
        nodes.append(object);
    }
    return {{QStringLiteral("samples"), static_cast<qint64>(measured.samples)},
            {QStringLiteral("step"), static_cast<qint64>(viewed.step)},
            {QStringLiteral("note"), QString::fromStdString(viewed.note)},
            {QStringLiteral("nodes"), nodes}};
}

} // namespace weft::cli
