#include "app/cli/ranks_forecast_report.h"

#include <algorithm>
#include <set>

#include <QCoreApplication>
#include <QJsonDocument>

#include "app/cli/measuring_ranks.h"
#include "app/cli/output.h"
#include "app/cli/rank.h"
#include "core/base/error.h"
#include "core/device/cpu_info.h"
#include "core/training/memory_forecast.h"

namespace weft::cli {

RanksForecast forecastByRanks(const Arguments& arguments)
{
    MpiJob job;
    job.ranks = static_cast<int>(*arguments.integer("ranks", 2, mostRanks));
    job.threads = std::max(1, usableCores() / job.ranks);
    job.arguments = {"forecast", arguments.at(0)};
    for (const auto& [option, value] : arguments.options()) {
        static const std::set<std::string> theirs{"ranks", "device", "batch-size", "set"};
        if (theirs.count(option) > 0)
            job.arguments.push_back("--" + option + "=" + value);
    }
    const MeasuredByRanks measured = runMeasuringRanks(job);
    if (!measured.fault.empty())
        throw Error(WEFT_TEXT("cli", "%1 ranks could not be forecast: %2"), job.ranks, measured.fault);
    return ranksForecastFrom(measured.printed);
}

int forecastAsRank(const Arguments& arguments, const TrainingJob& job, std::int64_t parameters)
{
    return measureAsRank([&](Collectives& ranks) {
        SessionOptions session = sessionOfRank(arguments.value("device", "auto"));
        session.threads = threadsOfRank();
        const bool isOnCard = session.device == DeviceKind::Cuda;
        // Memory of the host is that of all of its ranks.
        const std::size_t available = memoryFor(session) / static_cast<std::size_t>(isOnCard ? 1 : ranksHere());
        const RanksForecast forecast = forecastRanks(ranks, job, session, parameters, isOnCard ? overlapOfCards : 0, available);
        if (ranks.rank() == 0)
            print(QString::fromStdString(ranksForecastText(forecast)));
    });
}

QJsonObject ranksForecastJson(const RanksForecast& forecast)
{
    QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(ranksForecastText(forecast))).object();
    object.insert(QStringLiteral("samples_per_second"), forecast.samplesPerSecond());
    object.insert(QStringLiteral("efficiency"), forecast.efficiency());
    return object;
}

void printRanksForecast(const RanksForecast& forecast)
{
    const auto milliseconds = [](double seconds) { return QString::number(seconds * 1e3, 'f', 1); };
    print(Cli::tr("%1 ranks of this machine, %2 samples each: %3 ms a step, %4 samples a second.")
              .arg(QString::number(forecast.ranks), QString::number(forecast.batchOfRank), milliseconds(forecast.stepSeconds),
                   QString::number(forecast.samplesPerSecond(), 'f', 0)));
    print(Cli::tr("A step takes %1 ms where one rank computes alone and %2 ms where all do; the rest goes into sums of gradients, at %3 Gbit/s.")
              .arg(milliseconds(forecast.aloneSeconds), milliseconds(forecast.togetherSeconds),
                   QString::number(forecast.link.bytesPerSecond * 8e-9, 'g', 3)));
}

} // namespace weft::cli
