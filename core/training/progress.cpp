#include "core/training/progress.h"

#include <cmath>

#include <QJsonArray>
#include <QJsonDocument>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr const char* schema = "weft-checkpoint-1";

// Numbers are written by QJsonDocument in the shortest form that reads back to the same bits.
QJsonObject sumsToJson(const MetricSums& sums)
{
    return {{QStringLiteral("loss"), sums.loss},
            {QStringLiteral("correct"), sums.correct},
            {QStringLiteral("samples"), static_cast<qint64>(sums.samples)}};
}

MetricSums sumsFromJson(const QJsonObject& json)
{
    return {json.value(QStringLiteral("loss")).toDouble(), json.value(QStringLiteral("correct")).toDouble(),
            json.value(QStringLiteral("samples")).toInteger()};
}

std::string compact(const QJsonObject& json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
}

/// Reads entries of the metadata; a missing or wrong one means that the file is no checkpoint.
class Metadata {
public:
    explicit Metadata(const std::map<std::string, std::string>& entries) : m_entries(entries) {}

    const std::string& text(const std::string& key) const
    {
        const auto it = m_entries.find(key);
        if (it == m_entries.end())
            fail(key);
        return it->second;
    }

    std::int64_t integer(const std::string& key, std::int64_t minimum) const
    {
        bool isNumber = false;
        const qlonglong number = QByteArray::fromStdString(text(key)).toLongLong(&isNumber);
        if (!isNumber || number < minimum)
            fail(key);
        return number;
    }

    double real(const std::string& key) const
    {
        bool isNumber = false;
        const double number = QByteArray::fromStdString(text(key)).toDouble(&isNumber);
        if (!isNumber)
            fail(key);
        return number;
    }

    QJsonObject object(const std::string& key) const
    {
        const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(text(key)));
        if (!document.isObject())
            fail(key);
        return document.object();
    }

private:
    [[noreturn]] static void fail(const std::string& key)
    {
        throw Error(WEFT_TEXT("Checkpoint",
                              "The file cannot be resumed from: its metadata have no usable \"%1\". Weights alone can be given with --weights."),
                    key);
    }

    const std::map<std::string, std::string>& m_entries;
};

std::string realText(double value)
{
    return QByteArray::number(value, 'g', 17).toStdString();
}

} // namespace

void MetricSums::add(double batchLoss, double batchCorrect, std::int64_t n)
{
    loss += batchLoss * static_cast<double>(n);
    correct += batchCorrect;
    samples += n;
}

QJsonObject MetricSums::toJson(bool hasAccuracy) const
{
    QJsonObject metrics;
    if (hasAccuracy)
        metrics.insert(QStringLiteral("accuracy"), accuracy());
    return {{QStringLiteral("loss"), meanLoss()}, {QStringLiteral("metrics"), metrics}};
}

std::map<std::string, std::string> TrainingProgress::toMetadata() const
{
    QJsonObject bestJson;
    if (best)
        bestJson = {{QStringLiteral("value"), *best}, {QStringLiteral("step"), static_cast<qint64>(bestStep)}};
    QJsonArray watched;
    for (const double value : history)
        watched.append(std::isfinite(value) ? QJsonValue(value) : QJsonValue());
    const QJsonObject partial{{QStringLiteral("epoch"), sumsToJson(epochSums)},
                              {QStringLiteral("since_event"), sumsToJson(windowSums)},
                              {QStringLiteral("seconds"), epochSeconds}};
    return {{"schema", schema},
            {"step", std::to_string(step)},
            {"epoch", std::to_string(epoch)},
            {"batch", std::to_string(batch)},
            {"epochs", std::to_string(epochs)},
            {"learning_rate", realText(learningRate)},
            {"loss_scale", realText(lossScale)},
            {"partial_metrics", compact(partial)},
            {"best", compact(bestJson)},
            {"history", compact({{QStringLiteral("values"), watched}})}};
}

TrainingProgress TrainingProgress::fromMetadata(const std::map<std::string, std::string>& entries)
{
    const Metadata metadata(entries);
    if (metadata.text("schema") != schema)
        throw Error(WEFT_TEXT("Checkpoint", "The checkpoint has the schema \"%1\", which this version of Weft does not know."),
                    metadata.text("schema"));
    TrainingProgress progress;
    progress.step = metadata.integer("step", 0);
    progress.epoch = metadata.integer("epoch", 1);
    progress.batch = metadata.integer("batch", 0);
    progress.epochs = metadata.integer("epochs", 1);
    progress.learningRate = metadata.real("learning_rate");
    const QJsonObject partial = metadata.object("partial_metrics");
    progress.epochSums = sumsFromJson(partial.value(QStringLiteral("epoch")).toObject());
    progress.windowSums = sumsFromJson(partial.value(QStringLiteral("since_event")).toObject());
    progress.epochSeconds = partial.value(QStringLiteral("seconds")).toDouble();
    const QJsonObject best = metadata.object("best");
    // Checkpoints of the first version have no history.
    if (entries.contains("history")) {
        const QJsonArray watched = metadata.object("history").value(QStringLiteral("values")).toArray();
        for (const QJsonValue& value : watched)
            progress.history.push_back(value.toDouble(std::nan("")));
    }
    if (best.value(QStringLiteral("value")).isDouble()) {
        progress.best = best.value(QStringLiteral("value")).toDouble();
        progress.bestStep = best.value(QStringLiteral("step")).toInteger();
    }
    return progress;
}

} // namespace weft
