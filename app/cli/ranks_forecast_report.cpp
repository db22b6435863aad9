#include "app/cli/ranks_forecast_report.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <QCoreApplication>
#include <QJsonDocument>

#include "app/cli/output.h"
#include "app/cli/rank.h"
#include "core/base/error.h"
#include "core/device/cpu_info.h"
#include "core/launch/mpi_job.h"
#include "core/training/memory_forecast.h"

namespace weft::cli {

RanksForecast forecastByRanks(const Arguments& arguments)
{
    MpiJob job;
    job.ranks = static_cast<int>(*arguments.integer("ranks", 2, mostRanks));
    job.threads = std::max(1, usableCores() / job.ranks);
    job.program = std::filesystem::read_symlink("/proc/self/exe").string();
    job.arguments = {"forecast", arguments.at(0)};
    for (const auto& [option, value] : arguments.options()) {
        static const std::set<std::string> theirs{"ranks", "device", "batch-size", "set"};
        if (theirs.count(option) > 0)
            job.arguments.push_back("--" + option + "=" + value);
    }
    QByteArray printed, said;
    const MpiEnd end = runMpiJob(
        job, [&](const QByteArray& line, bool isError) { (isError ? said : printed) += line + '\n'; }, [] { return 0; });
    if (end.exitCode != 0)
        throw Error(WEFT_TEXT("cli", "%1 ranks could not be forecast: %2"), job.ranks,
                    said.trimmed().isEmpty() ? end.reason : said.trimmed().split('\n').front().toStdString());
    return ranksForecastFrom(printed.toStdString());
}

int forecastAsRank(const Arguments& arguments, const TrainingJob& job, std::int64_t parameters)
{
    const std::unique_ptr<Collectives> ranks = joinRanks({});
    try {
        SessionOptions session = sessionOfRank(arguments.value("device", "auto"));
        session.threads = threadsOfRank();
        const bool isOnCard = session.device == DeviceKind::Cuda;
        // Memory of the host is that of all of its ranks.
        const std::size_t available = memoryFor(session) / static_cast<std::size_t>(isOnCard ? 1 : ranksHere());
        const RanksForecast forecast = forecastRanks(*ranks, job, session, parameters, isOnCard ? overlapOfCards : 0, available);
        if (ranks->rank() == 0)
            print(QString::fromStdString(ranksForecastText(forecast)));
        return done;
    } catch (const Error& error) {
        printError(translated(error.message()));
        ranks->abandon(failed);
        return failed;
    }
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
