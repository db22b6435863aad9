#include "app/cli/target_training.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include <QCoreApplication>
#include <QFile>

#include "app/cli/output.h"
#include "app/cli/stop_signals.h"
#include "app/cli/training_display.h"
#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/launch/data_shards.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/run_mirror.h"
#include "core/launch/target_store.h"

namespace weft::cli {

namespace fs = std::filesystem;

Command trainCommand();

namespace {

/// What concerns how it is trained; where and how often the target knows.
std::vector<std::string> passedOn(const Arguments& arguments)
{
    std::vector<std::string> words;
    for (const char* option : {"device", "precision", "tf32", "measure-kernels", "stall-limit"}) {
        if (arguments.has(option))
            words.push_back("--" + std::string(option) + "=" + arguments.value(option));
    }
    return words;
}

void refuseWithTarget(const Arguments& arguments)
{
    for (const char* option : {"ranks", "hosts", "resume", "continue", "weights", "replicas", "expect-world", "expect-data", "linger", "lock-wait"}) {
        if (arguments.has(option))
            throw UsageError(Cli::tr("--%1 does not go with --target: the target says how the ranks are started.").arg(QLatin1String(option)).toStdString());
    }
}

/// The script of --script, for targets whose jobs are one.
std::string ownScript(const Arguments& arguments, const Target& target)
{
    if (!arguments.has("script"))
        return {};
    if (target.kind != TargetKind::Mpi && target.kind != TargetKind::Slurm)
        throw UsageError(Cli::tr("--script goes with hosts over SSH and Slurm, whose jobs are scripts.").toStdString());
    QFile file(QString::fromStdString(arguments.value("script")));
    if (!file.open(QIODevice::ReadOnly))
        throw Error(WEFT_TEXT("cli", "%1 could not be read: %2."), arguments.value("script"), file.errorString().toStdString());
    return file.readAll().toStdString();
}

std::string pathHere(const TargetTraining& training, const Tree& path)
{
    return (fs::path(training.baseDir) / path.text()).lexically_normal().string();
}

/// Whether the target wants the data of this machine, and the project has some that are files.
bool copiesData(const Target& target, const TargetTraining& training)
{
    const bool hasFolder = target.kind == TargetKind::Mpi || target.kind == TargetKind::Slurm;
    const Tree* path = training.project.data.find("path");
    return hasFolder && target.value("data") != "there" && path && path->isText();
}

/// The data here; nothing where they are not here, as when only the target has them.
std::unique_ptr<Dataset> dataHere(const TargetTraining& training, bool isNeeded)
{
    try {
        return openDataset(training.project.data, training.baseDir);
    } catch (const Error&) {
        if (isNeeded)
            throw;
        return nullptr;
    }
}

/// Has the job find the data that it shall have, and refuse others. Returns how they are cut, where the target wants that.
std::optional<DataShards> settleData(TargetJob& job, const TargetTraining& training, bool mayDiffer)
{
    const bool isCopied = copiesData(job.target, training);
    if (mayDiffer && !isCopied)
        return std::nullopt;
    const std::unique_ptr<Dataset> data = dataHere(training, isCopied);
    if (data)
        job.request.options.push_back("--expect-data=" + data->fingerprint());
    if (!isCopied)
        return std::nullopt;
    job.request.data = pathHere(training, *training.project.data.find("path"));
    job.request.dataName = "data-" + data->fingerprint();
    if (job.target.value("data") != "shards")
        return std::nullopt;
    DataShards shards = cutData(*data, trainingSettings(training.project.training), job.target);
    job.request.dataName = "data-" + shards.name;
    return shards;
}

/// The project as it stands over there: its data lie elsewhere.
Project projectForTarget(const TargetJob& job, const TargetTraining& training)
{
    const Target& target = job.target;
    Project project = training.project;
    // What a rank reads lies on its host alone, so that it keeps its samples.
    if (copiesData(target, training) && target.value("data") == "shards") {
        TrainingSettings settings = trainingSettings(project.training);
        settings.distributed.shuffle = "perRank";
        project.training = trainingTree(settings);
    }
    Tree* path = project.data.find("path");
    if (!path || !path->isText())
        return project;
    if (!job.request.data.empty()) {
        // Beside the job's folder.
        *path = "../" + job.request.dataName + "/" + fs::path(job.request.data).filename().string();
        return project;
    }
    std::string place = target.value("dataPath");
    const bool isCluster = target.kind == TargetKind::Kubernetes;
    if (place.empty() && isCluster)
        throw Error(WEFT_TEXT("cli",
                              "The project reads the files %1, which pods do not see. Put them on a volume, and set dataClaim= and dataPath= of the "
                              "target %2."),
                    path->text(), target.name);
    if (place.empty())
        place = pathHere(training, *path);
    *path = isCluster ? (fs::path("/data") / place).lexically_normal().string() : place;
    return project;
}

/// The same as `weft train --ranks N`.
int trainOnThisMachine(const Arguments& arguments, const Target& target)
{
    std::vector<std::string> words = arguments.positional();
    for (const auto& [option, value] : arguments.options()) {
        if (option != "target" && option != "dry-run")
            words.push_back("--" + option + (value.empty() ? "" : "=" + value));
    }
    if (target.integer("ranks") > 1)
        words.push_back("--ranks=" + target.value("ranks"));
    const Command train = trainCommand();
    if (!arguments.has("dry-run"))
        return train.run(Arguments(train, words));
    words.insert(words.begin(), "train");
    print(QString::fromStdString(shown({"weft", words})));
    return done;
}

QString phaseText(JobPhase phase)
{
    switch (phase) {
    case JobPhase::Queued: return Cli::tr("The job waits.");
    case JobPhase::Starting: return Cli::tr("The job is being started.");
    case JobPhase::Running: return Cli::tr("The job runs.");
    case JobPhase::Succeeded: return Cli::tr("The job has ended.");
    case JobPhase::Failed: return Cli::tr("The job has failed.");
    default: return Cli::tr("The target does not know the job.");
    }
}

/// Tells how the job stands where it has changed in words; pods come and go without a line each.
class StateTeller {
public:
    void tell(const JobState& state)
    {
        QString text = phaseText(state.phase);
        for (const Message& reason : state.reasons)
            text += QLatin1Char(' ') + translated(reason);
        if (text != m_last)
            printError(text);
        m_last = text;
    }

    void trouble(const Message& message)
    {
        const QString text = translated(message);
        if (text != m_last)
            printError(text);
        m_last = text;
    }

private:
    QString m_last;
};

} // namespace

void refuseUnfinishedTargetRun(const RunPaths& run)
{
    const std::optional<TargetJob> job = readTargetJob(run);
    if (job && job->stage != JobStage::Cleaned)
        throw Error(WEFT_TEXT("cli", "The target %1 trains the run %2. weft follow %2 watches it; it can be gone on with here when it has ended."),
                    job->target.name, run.dir);
}

int attach(const RunPaths& run, const std::string& follow, bool stopsOnSignal)
{
    const StopSignals& asked = installStopSignals(SecondSignal::Leaves);
    const std::unique_ptr<TrainingDisplay> display = follow == "jsonl" ? jsonlDisplay() : progressDisplay(run.dir);
    StateTeller teller;
    MirrorOptions options;
    QString failure;
    options.onEvent = [&](const QJsonObject& event) {
        display->event(event);
        failure = event.value(QStringLiteral("event")) == QStringLiteral("failed") ? event.value(QStringLiteral("message")).toString() : QString();
    };
    options.onState = [&](const JobState& state) { teller.tell(state); };
    options.onTrouble = [&](const Message& message) { teller.trouble(message); };
    options.stopRequested = [&] { return stopsOnSignal && asked.stop; };
    options.leaveRequested = [&] { return (stopsOnSignal ? asked.leave : asked.stop) || asked.save; };
    const MirrorEnd end = mirrorRun(run, options);
    if (end == MirrorEnd::Left)
        printError(Cli::tr("The job goes on. weft follow %1 watches it again.").arg(QString::fromStdString(run.dir)));
    if (end == MirrorEnd::Failed && !failure.isEmpty())
        printError(failure);
    return end == MirrorEnd::Failed ? failed : done;
}

int trainOnTarget(const Arguments& arguments, const TargetTraining& training)
{
    refuseWithTarget(arguments);
    // The context may be another tomorrow: the job stays where it is.
    const Target target = withNamespace(TargetStore().find(arguments.value("target")));
    if (target.kind == TargetKind::Local)
        return trainOnThisMachine(arguments, target);
    TargetJob job;
    job.target = target;
    job.request.id = newJobId();
    job.request.projectName = training.projectName;
    job.request.options = passedOn(arguments);
    job.request.script = ownScript(arguments, target);
    const std::optional<DataShards> shards = settleData(job, training, arguments.has("other-data"));
    job.project = formatProject(projectForTarget(job, training));
    job.projectId = training.project.id;
    job.projectPath = training.projectPath;
    job.baseDir = training.baseDir;
    if (arguments.has("dry-run")) {
        std::fputs(makeLauncher(target)->plan(job.whole()).c_str(), stdout);
        return done;
    }
    const RunPaths run{training.runDir.empty() ? newRunDir(training.project.id) : training.runDir};
    if (fs::exists(run.dir) && !fs::is_empty(run.dir))
        throw Error(WEFT_TEXT("cli", "The folder %1 is not empty: name another for the run."), run.dir);
    if (shards) {
        job.request.shards = fs::absolute(run.dataShards()).string();
        writeShards(job.request.shards, *shards);
    }
    beginTargetRun(run, job, formatProject(training.project));
    if (!arguments.has("detach"))
        return attach(run, arguments.value("follow", "progress"), true);
    const std::unique_ptr<Launcher> launcher = makeLauncher(target);
    launcher->prepare();
    job.isAsked = true;
    writeTargetJob(run, job);
    launcher->submit(job.whole());
    job.stage = JobStage::Submitted;
    writeTargetJob(run, job);
    print(QString::fromStdString(run.dir));
    return done;
}

} // namespace weft::cli
