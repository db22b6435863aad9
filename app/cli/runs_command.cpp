#include <filesystem>
#include <limits>

#include <QCoreApplication>
#include <QJsonArray>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "app/cli/training_display.h"
#include "app/cli/verbs.h"
#include "core/base/error.h"
#include "core/launch/target_job.h"
#include "core/project/run_index.h"
#include "core/training/run_summary.h"

namespace weft::cli {

namespace {

/// In the user's language; the texts are marked where the Studio lists its runs.
QString stateText(const std::string& state)
{
    return QCoreApplication::translate("RunState", state.c_str());
}

/// The accuracy or, without one, the loss of the validation (else training) part of the last epoch.
QString resultText(const RunSummary& run)
{
    const std::optional<QJsonObject>& part = run.validation ? run.validation : run.train;
    if (!part)
        return QStringLiteral("-");
    const QJsonValue accuracy = part->value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy"));
    if (accuracy.isDouble())
        return Cli::tr("accuracy %1").arg(accuracy.toDouble(), 0, 'f', 4);
    return Cli::tr("loss %1").arg(part->value(QStringLiteral("loss")).toDouble(), 0, 'f', 4);
}

QJsonObject entryJson(const RunEntry& run)
{
    return {{QStringLiteral("run"), QString::fromStdString(run.dir)},
            {QStringLiteral("project_id"), QString::fromStdString(run.projectId)},
            {QStringLiteral("project"), QString::fromStdString(run.projectName)},
            {QStringLiteral("created"), QString::fromStdString(run.created)},
            {QStringLiteral("state"), QString::fromStdString(run.state)},
            {QStringLiteral("epoch"), static_cast<qint64>(run.epoch)},
            {QStringLiteral("epochs"), static_cast<qint64>(run.epochs)},
            {QStringLiteral("seconds"), run.seconds},
            {QStringLiteral("best_accuracy"), run.bestAccuracy ? QJsonValue(*run.bestAccuracy) : QJsonValue()},
            {QStringLiteral("best_loss"), run.bestLoss ? QJsonValue(*run.bestLoss) : QJsonValue()}};
}

QString bestText(const RunEntry& run)
{
    if (run.bestAccuracy)
        return Cli::tr("accuracy %1").arg(*run.bestAccuracy, 0, 'f', 4);
    return run.bestLoss ? Cli::tr("loss %1").arg(*run.bestLoss, 0, 'f', 4) : QStringLiteral("-");
}

int listAll(const Arguments& arguments)
{
    RunIndex index;
    index.refresh(defaultRunsRoot());
    const std::vector<RunEntry> runs = index.runs();
    if (arguments.has("json")) {
        QJsonArray list;
        for (const RunEntry& run : runs)
            list.append(entryJson(run));
        printJson(QJsonDocument(list));
        return done;
    }
    if (runs.empty())
        print(Cli::tr("No runs yet. weft train PROJECT makes one."));
    for (const RunEntry& run : runs) {
        // A run in the default place is named by its folder alone, another by its path.
        const std::filesystem::path dir(run.dir);
        const bool isDefaultPlace = dir.parent_path().parent_path() == std::filesystem::path(defaultRunsRoot());
        print(QStringLiteral("%1  %2  %3/%4  %5  %6")
                  .arg(QString::fromStdString(isDefaultPlace ? dir.filename().string() : run.dir), -22)
                  .arg(padded(stateText(run.state), -11))
                  .arg(run.epoch, 3)
                  .arg(run.epochs, -3)
                  .arg(padded(bestText(run), -16))
                  .arg(QString::fromStdString(run.projectName)));
    }
    return done;
}

QString partText(const QJsonValue& part)
{
    if (!part.isObject())
        return QStringLiteral("-");
    const QJsonObject object = part.toObject();
    const QJsonValue accuracy = object.value(QStringLiteral("metrics")).toObject().value(QStringLiteral("accuracy"));
    const QString loss = QString::number(object.value(QStringLiteral("loss")).toDouble(), 'f', 4);
    return accuracy.isDouble() ? loss + QStringLiteral(" / ") + QString::number(accuracy.toDouble(), 'f', 4) : loss;
}

/// The run with its record and the numbers of each epoch.
QJsonObject fullJson(const RunSummary& run)
{
    QJsonObject json = run.toJson();
    QJsonArray epochs;
    for (QJsonObject event : epochEvents({run.dir})) {
        for (const QString& key : {QStringLiteral("seq"), QStringLiteral("time"), QStringLiteral("event")})
            event.remove(key);
        epochs.append(event);
    }
    json.insert(QStringLiteral("epoch_metrics"), epochs);
    json.insert(QStringLiteral("record"), run.record);
    return json;
}

int showOne(const Arguments& arguments)
{
    const RunSummary run = summarizeRun(findRun(arguments.at(1)).dir);
    if (arguments.has("json")) {
        printJson(QJsonDocument(fullJson(run)));
        return done;
    }
    print(Cli::tr("run       %1").arg(QString::fromStdString(run.dir)));
    print(Cli::tr("project   %1").arg(QString::fromStdString(run.projectName)));
    print(Cli::tr("begun     %1").arg(QString::fromStdString(run.created)));
    print(Cli::tr("state     %1").arg(stateText(run.state)));
    if (!run.message.empty())
        print(Cli::tr("message   %1").arg(QString::fromStdString(run.message)));
    print(Cli::tr("epoch     %1 of %2, step %3, %4").arg(run.epoch).arg(run.epochs).arg(run.step).arg(durationText(run.seconds)));
    print(QString());
    print(Cli::tr("epoch  training loss / accuracy   validation loss / accuracy"));
    for (const QJsonObject& event : epochEvents({run.dir}))
        print(QStringLiteral("%1  %2  %3")
                  .arg(event.value(QStringLiteral("epoch")).toInteger(), 5)
                  .arg(partText(event.value(QStringLiteral("train"))), -25)
                  .arg(partText(event.value(QStringLiteral("validation")))));
    return done;
}

int compareRuns(const Arguments& arguments)
{
    std::vector<RunSummary> runs;
    for (std::size_t i = 1; i < arguments.positional().size(); ++i)
        runs.push_back(summarizeRun(findRun(arguments.positional()[i]).dir));
    if (arguments.has("json")) {
        QJsonArray list;
        for (const RunSummary& run : runs)
            list.append(fullJson(run));
        printJson(QJsonDocument(list));
        return done;
    }
    print(QStringLiteral("%1 %2 %3 %4 %5 %6 %7")
              .arg(padded(Cli::tr("run"), -24))
              .arg(padded(Cli::tr("state"), -11))
              .arg(padded(Cli::tr("epochs"), -7))
              .arg(padded(Cli::tr("optimizer"), -18))
              .arg(padded(Cli::tr("batch"), -6))
              .arg(padded(Cli::tr("result"), -17))
              .arg(Cli::tr("time")));
    for (const RunSummary& run : runs) {
        const QJsonObject settings = run.record.value(QStringLiteral("settings")).toObject();
        const QJsonObject optimizer = settings.value(QStringLiteral("optimizer")).toObject();
        const QString rate = optimizer.value(QStringLiteral("type")).toString() + QLatin1Char(' ')
            + QString::number(optimizer.value(QStringLiteral("learning_rate")).toDouble());
        print(QStringLiteral("%1 %2 %3 %4 %5 %6 %7")
                  .arg(QString::fromStdString(std::filesystem::path(run.dir).filename().string()), -24)
                  .arg(padded(stateText(run.state), -11))
                  .arg(QStringLiteral("%1/%2").arg(run.epoch).arg(run.epochs), -7)
                  .arg(rate, -18)
                  .arg(settings.value(QStringLiteral("batch_size")).toInteger(), -6)
                  .arg(padded(resultText(run), -17))
                  .arg(durationText(run.seconds)));
    }
    return done;
}

/// A job that its target still has ends and goes with the run.
void cleanTarget(const RunPaths& run)
{
    const std::optional<TargetJob> job = readTargetJob(run);
    if (job && job->stage != JobStage::Cleaned)
        makeLauncher(job->target)->clean(job->request.id);
}

void removeLogs(const RunPaths& run)
{
    std::error_code fault;
    std::vector<std::filesystem::path> logs;
    for (const auto& entry : std::filesystem::directory_iterator(run.partLogs(), fault)) {
        if (entry.path().extension() == ".log")
            logs.push_back(entry.path());
    }
    logs.push_back(run.partLogs());
    for (const std::filesystem::path& path : logs)
        std::filesystem::remove(path, fault);
}

/// Removes what a run consists of. Other files in the folder, and then the folder, stay.
int deleteRun(const Arguments& arguments)
{
    const RunPaths run = findRun(arguments.at(1));
    summarizeRun(run.dir);
    if (RunLock::isHeld(run.lock()))
        throw Error(WEFT_TEXT("cli", "The run %1 is going on. weft control %1 stop ends it."), run.dir);
    cleanTarget(run);
    std::error_code fault;
    for (const std::int64_t step : checkpointSteps(run))
        std::filesystem::remove(run.checkpoint(step), fault);
    removeLogs(run);
    for (const std::string& path : {run.checkpoints(), run.best(), run.last(), run.project(), run.control(), run.log(), run.jobLog(), run.jobState(),
                                    run.submission(), run.target(), run.vocabulary(), run.lock(), run.runJson(), run.events(), run.dir})
        std::filesystem::remove(path, fault);
    RunIndex().forget(run.dir);
    if (std::filesystem::exists(run.dir))
        print(Cli::tr("The run was removed; its folder holds other files and stays: %1").arg(QString::fromStdString(run.dir)));
    return done;
}

constexpr const char* usage = "weft runs list | show RUN | compare RUN... | delete RUN";
constexpr Verb verbs[] = {{"list", usage, 1, 1, listAll},
                          {"show", usage, 2, 2, showOne},
                          {"compare", usage, 2, std::numeric_limits<std::size_t>::max(), compareRuns},
                          {"delete", usage, 2, 2, deleteRun}};

int runRuns(const Arguments& arguments)
{
    return runVerb(arguments, verbs, Cli::tr("\"%1\" is none of list, show, compare and delete.").arg(QString::fromStdString(arguments.at(0))));
}

} // namespace

Command runsCommand()
{
    return {"runs",
            "list | show RUN | compare RUN... | delete RUN",
            1,
            -1,
            WEFT_TEXT("cli", "Lists the runs, shows, compares or deletes them."),
            {{"json", "", WEFT_TEXT("cli", "Prints one JSON document.")}},
            runRuns};
}

} // namespace weft::cli
