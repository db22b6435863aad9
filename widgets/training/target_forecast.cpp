#include "widgets/training/target_forecast.h"

#include <algorithm>

#include <QCoreApplication>

#include "core/base/error.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/localized.h"
#include "core/training/step_forecast.h"
#include "widgets/project_document.h"
#include "widgets/text.h"

namespace weft {
namespace {

struct TargetForecast {
    Q_DECLARE_TR_FUNCTIONS(weft::TargetForecast)
};

constexpr double bitsPerByte = 8;

} // namespace

ScalingSubject scalingSubject(const ProjectDocument& document)
{
    return scalingSubject(trainingSettings(document.project().training), document.analysis().parameters);
}

ForecastText targetForecastText(const QJsonObject& here, const ProjectDocument& document, const Elsewhere& place)
{
    const double step = here.value(QStringLiteral("step_ms")).toDouble() * 1e-3;
    if (step <= 0)
        return {TargetForecast::tr("not known there"), TargetForecast::tr("Said as soon as a step has been timed on this machine."), false};
    try {
        const TrainingSettings training = trainingSettings(document.project().training);
        const DistributedSettings& settings = training.distributed;
        const bool hasShares = settings.batch == "global" && !settings.hasStaleGradients();
        const qint64 workers = std::max<qint64>(1, settings.hasServer() ? place.ranks - settings.servers : place.ranks);
        ScalingSubject subject = scalingSubject(document);
        const double share = hasShares ? 1.0 / ranksOfBatch(training, static_cast<int>(place.ranks)) : 1.0;
        subject.stepSeconds = step * share;
        subject.samplesPerStep *= share;
        const ScalingLink link;
        const double samples = here.value(QStringLiteral("steps_per_epoch")).toDouble() * here.value(QStringLiteral("batch_size")).toDouble();
        const double seconds = samples / scalingPoint(settings.update, subject, link, workers).samplesPerSecond;
        const QString span = localized(spanMessage(seconds));
        return {TargetForecast::tr("≈ %1 an epoch · %n rank(s)", nullptr, static_cast<int>(place.ranks)).arg(span),
                TargetForecast::tr(
                    "Training on %1 takes about %2 an epoch if each of its ranks is as fast as this machine and %3 Gbit/s link their hosts. "
                    "Run, Forecast for several workers … shows other links and numbers of ranks.")
                    .arg(place.target, span, QString::number(link.bytesPerSecond * bitsPerByte * 1e-9)),
                false};
    } catch (const Error& error) {
        return {{}, translated(error.message()), true};
    }
}

} // namespace weft
