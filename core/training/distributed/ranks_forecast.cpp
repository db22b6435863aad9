#include "core/training/distributed/ranks_forecast.h"

#include <algorithm>
#include <array>

#include <QJsonDocument>
#include <QJsonObject>

#include "core/base/error.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/link_measurement.h"
#include "core/training/step_forecast.h"

namespace weft {

namespace {

void meet(Collectives& ranks)
{
    std::array<double, 1> nothing{};
    ranks.sum(nothing);
}

/// The mean over the ranks, each of which gives its own number.
double meanOf(Collectives& ranks, double number)
{
    std::array<double, 1> sum{number};
    ranks.sum(sum);
    return sum[0] / ranks.size();
}

double secondsOfStep(const TrainingJob& job, const SessionOptions& session, std::size_t available)
{
    const StepForecast forecast = forecastSteps(job, session, available);
    if (forecast.problem)
        throw Error(*forecast.problem);
    return forecast.stepMilliseconds * 1e-3;
}

} // namespace

RanksForecast forecastRanks(Collectives& ranks, const TrainingJob& job, const SessionOptions& session, std::int64_t parameters, double overlap,
                            std::size_t available)
{
    const DistributedSettings& distributed = job.settings.distributed;
    if (distributed.hasServer())
        throw Error(WEFT_TEXT("Training", "Ranks of one machine are forecast for the update rule allReduce, not for %1: see --workers for all rules."),
                    distributed.update);
    RanksForecast result;
    result.ranks = ranks.size();
    const std::int64_t batch = globalBatchSize(job.settings, &ranks, job.dataset->size(Split::Train));
    result.batchOfRank = (batch + ranks.size() - 1) / ranks.size();
    TrainingJob part = job;
    part.settings.batchSize = result.batchOfRank;

    // The others wait without taking a core.
    std::array<double, 1> alone{ranks.rank() == 0 ? secondsOfStep(part, session, available) : 0};
    ranks.sum(alone);
    result.aloneSeconds = alone[0];
    meet(ranks);
    result.togetherSeconds = meanOf(ranks, secondsOfStep(part, session, available));
    result.link = measureLink(ranks);

    ScalingSubject subject = scalingSubject(part.settings, parameters);
    subject.stepSeconds = result.togetherSeconds;
    subject.samplesPerStep = static_cast<double>(result.batchOfRank);
    subject.overlap = overlap;
    const ScalingPoint point = scalingPoint(distributed.update, subject, result.link, result.ranks);
    result.stepSeconds = static_cast<double>(result.ranks * result.batchOfRank) / point.samplesPerSecond;
    return result;
}

std::string ranksForecastText(const RanksForecast& forecast)
{
    QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(linkText(forecast.link))).object();
    object.insert(QStringLiteral("batch_of_rank"), static_cast<qint64>(forecast.batchOfRank));
    object.insert(QStringLiteral("alone_ms"), forecast.aloneSeconds * 1e3);
    object.insert(QStringLiteral("together_ms"), forecast.togetherSeconds * 1e3);
    object.insert(QStringLiteral("step_ms"), forecast.stepSeconds * 1e3);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

RanksForecast ranksForecastFrom(const std::string& text)
{
    for (const QByteArray& line : QByteArray::fromStdString(text).split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        RanksForecast forecast;
        forecast.batchOfRank = object.value(QStringLiteral("batch_of_rank")).toInteger();
        forecast.aloneSeconds = object.value(QStringLiteral("alone_ms")).toDouble() * 1e-3;
        forecast.togetherSeconds = object.value(QStringLiteral("together_ms")).toDouble() * 1e-3;
        forecast.stepSeconds = object.value(QStringLiteral("step_ms")).toDouble() * 1e-3;
        if (forecast.batchOfRank < 1 || !(forecast.aloneSeconds > 0) || !(forecast.togetherSeconds > 0) || !(forecast.stepSeconds > 0))
            continue;
        forecast.link = linkFrom(line.toStdString());
        forecast.ranks = forecast.link.measuredRanks;
        return forecast;
    }
    throw Error(WEFT_TEXT("Training", "The ranks gave no forecast: %1"), text);
}

} // namespace weft
