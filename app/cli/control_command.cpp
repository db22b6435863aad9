#include <chrono>
#include <optional>
#include <thread>

#include <QCoreApplication>
#include <QFile>

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "app/cli/run_access.h"
#include "app/cli/target_training.h"
#include "core/base/error.h"
#include "core/launch/job_control.h"
#include "core/launch/launcher.h"
#include "core/launch/target_job.h"
#include "core/training/run_folder.h"

namespace weft::cli {

namespace {

using Clock = std::chrono::steady_clock;

struct Answer {
    bool isAccepted = false;
    QString reason;
};

Answer answerIn(const QJsonObject& event)
{
    return {event.value(QStringLiteral("accepted")).toBool(), event.value(QStringLiteral("reason")).toString()};
}

/// A run here answers within 200 ms; to a target and back it may be far.
constexpr std::chrono::seconds answerTime(2);
constexpr std::chrono::seconds answerTimeOfTarget(20);

/// The `control` event that answers the command.
Answer waitForAnswer(EventReader& reader, const std::string& id, std::chrono::seconds limit)
{
    const Clock::time_point deadline = Clock::now() + limit;
    do {
        for (const QJsonObject& event : reader.poll()) {
            if (event.value(QStringLiteral("event")) == QStringLiteral("control") && event.value(QStringLiteral("id")).toString().toStdString() == id)
                return answerIn(event);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } while (Clock::now() < deadline);
    throw Error(WEFT_TEXT("cli", "The run gave no answer within %1 seconds. It may have ended, or its machine may be very busy."),
                static_cast<std::int64_t>(limit.count()));
}

/// KEY=VALUE of `set`.
std::pair<QString, QString> settingOf(const Arguments& arguments)
{
    const std::vector<std::string>& words = arguments.positional();
    if (words[1] != "set") {
        if (words.size() > 2)
            throw UsageError(Cli::tr("%1 takes nothing more.").arg(QString::fromStdString(words[1])).toStdString());
        return {};
    }
    const std::size_t equals = words.size() > 2 ? words[2].find('=') : std::string::npos;
    if (equals == std::string::npos)
        throw UsageError(Cli::tr("set takes KEY=VALUE, such as training.optimizer.learningRate=0.0005.").toStdString());
    return {QString::fromStdString(words[2].substr(0, equals)), QString::fromStdString(words[2].substr(equals + 1))};
}

/// For a job on a target: it ends at once, whoever follows it.
int endJob(const RunPaths& run)
{
    const std::optional<TargetJob> job = readTargetJob(run);
    if (!job || job->stage == JobStage::Cleaned)
        throw Error(WEFT_TEXT("cli", "No target trains the run %1. weft control %1 stop ends a run of this machine."), run.dir);
    sendControl(run, QStringLiteral("kill"));
    if (!RunLock::isHeld(run.lock())) {
        makeLauncher(job->target)->kill(job->request.id);
        print(Cli::tr("The job has ended. weft follow %1 fetches what there is of it and cleans up.").arg(QString::fromStdString(run.dir)));
    }
    return done;
}

int runControl(const Arguments& arguments)
{
    const QString command = QString::fromStdString(arguments.at(1));
    static const QStringList commands{QStringLiteral("pause"),      QStringLiteral("resume"), QStringLiteral("stop"),
                                      QStringLiteral("checkpoint"), QStringLiteral("set"),    QStringLiteral("kill")};
    if (!commands.contains(command))
        throw UsageError(Cli::tr("The command is one of %1, not \"%2\".").arg(commands.join(QStringLiteral(", ")), command).toStdString());
    const auto [key, value] = settingOf(arguments);
    const RunPaths run = findRun(arguments.at(0));
    if (command == QStringLiteral("kill"))
        return endJob(run);
    if (!QFile::exists(QString::fromStdString(run.project())))
        throw Error(WEFT_TEXT("cli", "%1 is not the folder of a run: it has no project.weft."), run.dir);
    const bool isDetached = isUnfollowedJob(run);
    if (!isDetached && !RunLock::isHeld(run.lock()))
        throw Error(WEFT_TEXT("cli", "No process works on the run %1, so nobody would answer. weft train --resume --run-dir %1 goes on with it."),
                    run.dir);
    EventReader reader(run.events());
    reader.poll();
    const Answer answer = isDetached
        ? answerIn(controlJob(run, command, key, value, answerTimeOfTarget))
        : waitForAnswer(reader, sendControl(run, command, key, value), readTargetJob(run) ? answerTimeOfTarget : answerTime);
    if (!answer.isAccepted) {
        printError(QStringLiteral("weft control: ") + answer.reason);
        return failed;
    }
    print(Cli::tr("%1: accepted").arg(command));
    return done;
}

} // namespace

Command controlCommand()
{
    return {"control",
            "RUN pause|resume|stop|checkpoint|set|kill [KEY=VALUE]",
            2,
            3,
            WEFT_TEXT(
                "cli",
                "Steers a run that is going on and waits for its answer. set takes training.optimizer.learningRate and training.epochs; kill ends a "
                "job on a target at once, without saving."),
            {},
            runControl};
}

} // namespace weft::cli
