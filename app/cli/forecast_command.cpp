#include <filesystem>
#include <optional>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/device_forecasts.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/ranks_forecast_report.h"
#include "app/cli/scaling_report.h"
#include "app/cli/set_option.h"
#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/launch/mpi_job.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/training/memory_forecast.h"

namespace weft::cli {

namespace {

/// Those that --device names, or all of this machine.
std::vector<DeviceInfo> wantedDevices(const Arguments& arguments)
{
    std::vector<DeviceInfo> devices = listDevices();
    if (!arguments.has("device"))
        return devices;
    const std::string id = deviceId(sessionOn(arguments.value("device")));
    std::erase_if(devices, [&](const DeviceInfo& info) { return info.id != id; });
    return devices;
}

QString bytes(std::size_t count)
{
    return QString::fromStdString(bytesText(count));
}

QString milliseconds(double number)
{
    return QString::number(number, 'f', number < 10 ? 2 : 1);
}

QStringList row(const DeviceForecast& result)
{
    const StepForecast& forecast = result.forecast;
    const QString none = QStringLiteral("–");
    return {QString::fromStdString(result.device.id),
            forecast.isTimed() ? milliseconds(forecast.stepMilliseconds) : none,
            forecast.isTimed() ? QString::number(forecast.samplesPerSecond(), 'f', forecast.samplesPerSecond() < 100 ? 1 : 0) : none,
            forecast.isTimed() ? translated(spanMessage(forecast.epochSeconds())) : none,
            bytes(forecast.memoryBytes),
            QString::number(forecast.largestBatch)};
}

/// What the numbers of a row do not tell.
void printNotes(const DeviceForecast& result)
{
    const QString id = QString::fromStdString(result.device.id);
    const StepForecast& forecast = result.forecast;
    if (!result.fault.empty())
        print(QStringLiteral("%1: %2").arg(id, QString::fromStdString(result.fault)));
    else if (forecast.problem)
        print(QStringLiteral("%1: %2").arg(id, translated(*forecast.problem)));
    if (result.fault.empty() && forecast.isEstimate())
        print(Cli::tr("%1: an estimate, from steps of %2 of the %3 samples.").arg(id).arg(forecast.timedBatch).arg(forecast.batchSize));
}

void printForecasts(const DeviceForecasts& results, const TrainingJob& job)
{
    std::vector<QStringList> rows{{Cli::tr("Device"), Cli::tr("Step (ms)"), Cli::tr("Samples/s"), Cli::tr("Epoch"), Cli::tr("Memory"),
                                   Cli::tr("Largest batch")}};
    const StepForecast* any = nullptr;
    for (const DeviceForecast& result : results) {
        if (!result.fault.empty())
            continue;
        rows.push_back(row(result));
        any = &result.forecast;
    }
    if (any) {
        printTable(rows, 1);
        print(Cli::tr("An epoch is %1 steps of %2 samples and a validation of %3 samples.")
                  .arg(any->stepsPerEpoch())
                  .arg(any->batchSize)
                  .arg(job.dataset->size(Split::Validation)));
    }
    for (const DeviceForecast& result : results)
        printNotes(result);
}

/// What the projects' job is for one of many workers: measured on the first device that could be.
ScalingSubject subjectOf(const ScalingRequest& request, const TrainingJob& job, const Analysis& analysis, const DeviceForecasts& results)
{
    ScalingSubject subject = scalingSubject(job.settings, analysis.parameters);
    subject.stepSeconds = request.stepSeconds;
    for (const DeviceForecast& result : results) {
        if (subject.stepSeconds > 0 || !result.forecast.isTimed())
            continue;
        subject.stepSeconds = result.forecast.stepMilliseconds * 1e-3;
        subject.samplesPerStep = static_cast<double>(result.forecast.batchSize);
        subject.overlap = result.device.id.starts_with("cuda") ? overlapOfCards : 0;
    }
    if (subject.stepSeconds <= 0)
        throw Error(WEFT_TEXT("cli", "No device could time a step. Say how long it takes with --step."));
    subject.overlap = request.overlap.value_or(subject.overlap);
    return subject;
}

void tell(const DeviceForecasts& results, const TrainingJob& job, const std::optional<RanksForecast>& ranks,
          const std::optional<ScalingRequest>& scaling, const ScalingSubject& subject, bool asJson)
{
    if (!asJson) {
        if (!results.empty())
            printForecasts(results, job);
        if (ranks)
            printRanksForecast(*ranks);
        if (!results.empty() && scaling)
            print(QString());
        if (scaling)
            printScaling(*scaling, subject);
        return;
    }
    QJsonObject document{{QStringLiteral("devices"), toJson(results)}};
    if (ranks)
        document.insert(QStringLiteral("ranks"), ranksForecastJson(*ranks));
    if (scaling)
        document.insert(QStringLiteral("scaling"), scalingJson(*scaling, subject));
    printJson(QJsonDocument(document));
}

int runForecast(const Arguments& arguments)
{
    if (arguments.has("ranks"))
        arguments.integer("ranks", 2, mostRanks);
    std::optional<ScalingRequest> scaling;
    if (arguments.has("workers"))
        scaling = scalingRequest(arguments);
    Project project = readProject(arguments.at(0));
    applySettings(project, arguments);
    const Analysis analysis = analyze(project.network);
    if (hasErrors(analysis.diagnostics)) {
        printErrors(analysis.diagnostics);
        return failed;
    }
    TrainingJob job;
    job.network = project.network;
    job.settings = trainingSettings(project.training);
    job.settings.batchSize = arguments.integer("batch-size", 1, 1 << 20).value_or(job.settings.batchSize);
    std::unique_ptr<Dataset> dataset;
    DeviceForecasts results;
    // Where the step is said, neither data nor devices are needed.
    if (!scaling || scaling->stepSeconds <= 0) {
        const std::string baseDir = std::filesystem::absolute(arguments.at(0)).parent_path().lexically_normal().string();
        dataset = openDataset(project.data, baseDir);
        job.dataset = dataset.get();
        if (isRank() && arguments.has("ranks"))
            return forecastAsRank(arguments, job, analysis.parameters);
        results = forecastDevices(job, wantedDevices(arguments));
    }
    std::optional<RanksForecast> ranks;
    if (arguments.has("ranks"))
        ranks = forecastByRanks(arguments);
    tell(results, job, ranks, scaling, scaling ? subjectOf(*scaling, job, analysis, results) : ScalingSubject(), arguments.has("json"));
    return done;
}

} // namespace

Command forecastCommand()
{
    std::vector<Option> options{{"device", "auto|cpu|cuda[:N]", WEFT_TEXT("cli", "The device to ask; all of this machine without it.")},
                                {"batch-size", "N", WEFT_TEXT("cli", "Samples in a batch; the project's is the default.")},
                                setOption(),
                                {"ranks", "N", WEFT_TEXT("cli", "Also says what weft train --ranks N takes: N processes measure together.")}};
    for (const Option& option : scalingOptions())
        options.push_back(option);
    options.push_back({"json", "", WEFT_TEXT("cli", "Prints one JSON document.")});
    return {"forecast",
            "PROJECT",
            1,
            1,
            WEFT_TEXT("cli", "Says before training how long an epoch takes, how much memory it needs and which batch fits, from two seconds of it."),
            options,
            runForecast,
            Threads::Team};
}

} // namespace weft::cli
