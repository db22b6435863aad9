#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include <unistd.h>

#include <QCoreApplication>

#include "app/cli/arguments.h"
#include "app/cli/background.h"
#include "app/cli/device_option.h"
#include "app/cli/held_run.h"
#include "app/cli/output.h"
#include "app/cli/measure_option.h"
#include "app/cli/precision_option.h"
#include "app/cli/rank.h"
#include "app/cli/rank_settings.h"
#include "app/cli/ranks_launcher.h"
#include "app/cli/run_access.h"
#include "app/cli/set_option.h"
#include "app/cli/stop_signals.h"
#include "app/cli/target_training.h"
#include "app/cli/training_display.h"
#include "core/base/error.h"
#include "core/launch/mpi_job.h"
#include "core/launch/srun_loss.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/project/run_index.h"
#include "core/training/distributed/replicas.h"
#include "core/training/memory_forecast.h"
#include "core/training/precision.h"
#include "core/training/run_record.h"
#include "core/training/trainer.h"

namespace weft::cli {

namespace fs = std::filesystem;

namespace {

void applyOverrides(Project& project, const Arguments& arguments)
{
    applySettings(project, arguments);
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::pair<const char*, std::pair<const char*, std::int64_t>> options[]
        = {{"epochs", {"training.epochs", 1}}, {"batch-size", {"training.batchSize", 1}}, {"seed", {"training.seed", 0}}};
    for (const auto& [option, target] : options) {
        if (const std::optional<std::int64_t> number = arguments.integer(option, target.second, most))
            apply(project, settingEdit(project, target.first, std::to_string(*number)));
    }
    if (arguments.has("memory"))
        apply(project, settingEdit(project, "training.memory", arguments.value("memory")));
}

/// On resume the project is that of the run; what was given beside it must say the same.
void checkSameProject(const Project& given, const Project& ofRun)
{
    TrainingSettings wanted = trainingSettings(given.training);
    TrainingSettings actual = trainingSettings(ofRun.training);
    wanted.epochs = actual.epochs;
    const bool isSameTraining = wanted == actual;
    if (given.id == ofRun.id && given.network == ofRun.network && given.data == ofRun.data && isSameTraining)
        return;
    const std::string part = given.id != ofRun.id ? "id"
        : !(given.network == ofRun.network)       ? "nodes, wires"
        : !(given.data == ofRun.data)             ? "data"
                                                  : "training";
    throw Error(WEFT_TEXT("cli",
                          "The project differs from the one the run began with (in: %1). Only --epochs and --device may change on --resume. Leave "
                          "the project out to go on with the run's own, or start a new run."),
                part);
}

/// Project, place and mode of a run as the arguments ask for them.
struct Request {
    TrainingJob job;
    Project project;
    RunPaths run;
    bool resume = false;
};

std::string absoluteFolderOf(const std::string& path)
{
    return fs::absolute(path).parent_path().lexically_normal().string();
}

Request makeRequest(const Arguments& arguments)
{
    Request request;
    const bool hasProject = !arguments.positional().empty();
    request.resume = arguments.has("resume");
    if (arguments.has("continue")) {
        if (!arguments.has("run-dir") || !hasProject)
            throw UsageError(Cli::tr("--continue needs PROJECT and --run-dir DIR.").toStdString());
        request.resume = fs::exists(RunPaths{arguments.value("run-dir")}.events());
    }
    if (request.resume && !arguments.has("run-dir"))
        throw UsageError(Cli::tr("--resume needs --run-dir DIR, the folder of the run to go on with.").toStdString());
    if (!request.resume && !hasProject)
        throw UsageError(Cli::tr("Missing: PROJECT.").toStdString());
    if (arguments.has("run-dir"))
        request.run.dir = fs::absolute(arguments.value("run-dir")).lexically_normal().string();
    if (request.resume)
        request.run = findRun(arguments.value("run-dir"));
    if (request.resume)
        refuseUnfinishedTargetRun(request.run);

    // A run that was killed before its record was whole begins anew, from the project given.
    const bool hasSnapshot = request.resume && fs::exists(request.run.project()) && fs::exists(request.run.runJson());
    if (request.resume && !hasSnapshot && !hasProject)
        throw Error(
            WEFT_TEXT("cli",
                      "The folder %1 holds no run that has begun, so there is nothing to go on with. Name the project to begin with: weft train "
                      "PROJECT --resume --run-dir %1"),
            request.run.dir);
    Project project = hasProject ? readProject(arguments.at(0)) : projectOfRun(request.run);
    applyOverrides(project, arguments);
    request.job.settings = trainingSettings(project.training);
    if (hasSnapshot) {
        const Project ofRun = readProject(request.run.project());
        checkSameProject(project, ofRun);
        project = ofRun;
    }
    request.job.snapshot = formatProject(project);
    request.job.network = project.network;
    request.job.projectId = project.id;
    if (hasProject) {
        request.job.projectPath = fs::absolute(arguments.at(0)).lexically_normal().string();
        request.job.projectName = fs::path(arguments.at(0)).stem().string();
        request.job.baseDir = absoluteFolderOf(arguments.at(0));
    }
    if (hasSnapshot)
        request.job.baseDir = baseDirOfRun(request.run);
    request.project = std::move(project);
    return request;
}

/// Removes a default run folder that nothing was written to.
void removeIfEmpty(const std::string& dir)
{
    ::rmdir(dir.c_str());
}

/// Lists a run outside the default place among the user's. The index is a cache: training does without it.
void rememberRun(const std::string& dir)
{
    if (fs::path(dir).parent_path().parent_path() == fs::path(defaultRunsRoot()))
        return;
    try {
        RunIndex().remember(dir);
    } catch (const std::exception& error) {
        printError(Cli::tr("The run is not listed by weft runs: %1").arg(QString::fromUtf8(error.what())));
    }
}

QJsonObject toJson(const PrecisionTrial& trial)
{
    return {{QStringLiteral("fp32_step_ms"), trial.float32Milliseconds},
            {QStringLiteral("bf16_step_ms"), trial.bfloat16Milliseconds},
            {QStringLiteral("loss_difference"), trial.lossDifference},
            {QStringLiteral("loss_noise"), trial.lossNoise}};
}

/// Sets the precision of the session, and how its kernels are chosen: the run's own on resume, else what --precision asks for. A run of a card goes on
/// wherever it can: a device that does not round multiplies in full.
void choosePrecision(const Request& request, const Arguments& arguments, TrainingOptions& options)
{
    options.session.measuresKernels = asksForMeasuring(arguments, options.session);
    if (request.resume && fs::exists(request.run.runJson())) {
        options.session.precision = precisionOf(readJsonObject(request.run.runJson()));
        return checkSamePrecision(arguments, options.session.precision);
    }
    options.session.precision = askedPrecision(arguments, options.session);
    if (arguments.value("precision") != "auto" || !canUseBFloat16(options.session))
        return;
    const PrecisionTrial trial = tryPrecisions(request.job, options.session);
    options.session.precision = trial.best;
    options.measured = {{QStringLiteral("precision"), toJson(trial)}};
}

/// Shows the run's events, or tells the one who waits for a background run that it has begun.
std::function<void(const QJsonObject&)> eventListener(TrainingDisplay& display, const std::string& runDir, Background* background)
{
    return [&display, runDir, background](const QJsonObject& event) {
        const bool isStart = event.value(QStringLiteral("event")) == QStringLiteral("started");
        if (isStart)
            rememberRun(runDir);
        if (background && isStart)
            background->ready();
        else if (!background)
            display.event(event);
    };
}

/// There is one way at a time to have several ranks, and they measure nothing: the leader decides.
void checkForRanks(const Arguments& arguments)
{
    const bool isSeveral = isRank() || arguments.has("ranks") || arguments.has("replicas");
    if (arguments.has("replicas") && arguments.has("ranks"))
        throw UsageError(Cli::tr("--replicas divides one process, --ranks starts several: give one of them.").toStdString());
    if (isRank() && (arguments.has("ranks") || arguments.has("replicas") || arguments.has("detach")))
        throw UsageError(
            Cli::tr("This process is one of the ranks that mpirun or srun started: leave --ranks, --replicas and --detach out.").toStdString());
    if (isSeveral && arguments.value("precision") == "auto")
        throw Error(WEFT_TEXT("cli", "--precision auto measures on one process. With several ranks say fp32 or bf16."));
}

/// Whoever submitted the run knows which data it is to have.
void checkData(const Dataset& dataset, const Arguments& arguments)
{
    if (arguments.has("expect-data") && dataset.fingerprint() != arguments.value("expect-data"))
        throw Error(
            WEFT_TEXT("cli",
                      "The data here differ from those of the machine that submitted the run. Bring the same data here, set data=copy for the "
                      "target, or train with --other-data where others are meant."));
}

const StopSignals& installSignals(const Arguments& arguments)
{
    const StopSignals& asked = installStopSignals();
    if (arguments.has("continue"))
        saveOnTermination();
    return asked;
}

int trainHere(Request& request, const Arguments& arguments, Background* background, Collectives* ranks)
{
    const StopSignals& asked = installSignals(arguments);
    const std::unique_ptr<TrainingDisplay> display
        = arguments.value("follow", "progress") == "jsonl" ? jsonlDisplay() : progressDisplay(request.run.dir);
    TrainingOptions options;
    const std::string device = arguments.value("device", "auto");
    options.session = ranks ? sessionOfRank(device) : sessionOn(device);
    const std::unique_ptr<Dataset> dataset = openDataset(request.project.data, request.job.baseDir);
    checkData(*dataset, arguments);
    request.job.dataset = dataset.get();
    choosePrecision(request, arguments, options);
    if (ranks) {
        options.session.threads = threadsOfRank();
        requireMemory(request.job.network, request.job.settings, options.session, dataset.get(),
                      {ranks->size(), options.session.device == DeviceKind::Cuda ? 1 : ranksHere()});
        shareJob(*ranks, request.project, request.job, options.session);
        options.session.collectives = ranks;
    }
    options.runDir = request.run.dir;
    options.resume = request.resume;
    options.epochsGiven = arguments.has("epochs");
    options.weightsFile = arguments.value("weights");
    options.stopRequested = &asked.stop;
    options.saveRequested = &asked.save;
    options.onEvent = eventListener(*display, request.run.dir, background);
    if (!background)
        options.onProgress = [&](auto... values) { display->progress(values...); };
    const int replicas = static_cast<int>(arguments.integer("replicas", 1, mostRanks).value_or(1));
    const TrainingEnd end = replicas > 1 ? trainReplicas(request.job, options, replicas) : train(request.job, options);
    return end == TrainingEnd::Saved ? savedCode : done;
}

/// Where the run folder goes with this process, whoever follows the run needs time to fetch it.
void linger(const Arguments& arguments, const StopSignals& asked)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(arguments.integer("linger", 0, 1'000'000).value_or(0));
    while (!asked.stop && !asked.save && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

/// The ranks of `--ranks`: they train, this process shows it.
int trainOnRanks(const Request& request, const Arguments& arguments, Background* background)
{
    const StopSignals& asked = installSignals(arguments);
    const std::unique_ptr<TrainingDisplay> display
        = arguments.value("follow", "progress") == "jsonl" ? jsonlDisplay() : progressDisplay(request.run.dir);
    const int code = launchRanks(arguments, request.run.dir, eventListener(*display, request.run.dir, background), asked);
    linger(arguments, asked);
    return code;
}

/// `ranks`: those that a launcher started beside this process, of which it leads.
/// A run that srun ended because one of its ranks was lost could not say so itself.
void noteLoss(const RunPaths& run, const std::string& words)
{
    if (const std::optional<Message> loss = lossBySrun(words))
        EventWriter(run.events()).write(QStringLiteral("failed"), {{QStringLiteral("message"), translated(*loss)}});
}

int trainAsLeader(const Arguments& arguments, Collectives* ranks)
{
    waitForHeldRun(arguments);
    Request request = makeRequest(arguments);
    if (request.resume && arguments.has("lost"))
        noteLoss(request.run, arguments.value("lost"));
    if (request.resume && arguments.has("weights"))
        throw UsageError(Cli::tr("--weights starts a run and --resume goes on with one: give one of them.").toStdString());
    const Analysis analysis = analyze(request.job.network);
    if (hasErrors(analysis.diagnostics)) {
        printErrors(analysis.diagnostics);
        return failed;
    }
    if (arguments.has("target") || arguments.has("dry-run")) {
        if (!arguments.has("target"))
            throw UsageError(Cli::tr("--dry-run needs --target NAME: it prints what would be submitted there.").toStdString());
        return trainOnTarget(arguments, {request.project, request.job.projectPath, request.job.projectName, request.job.baseDir, request.run.dir});
    }
    const bool isDefaultPlace = request.run.dir.empty();
    if (isDefaultPlace)
        request.run.dir = newRunDir(request.job.projectId);

    Background background;
    const bool isDetached = arguments.has("detach");
    if (isDetached && background.split() == Background::Side::Parent) {
        const bool isRunning = background.waitForChild();
        if (isRunning)
            print(QString::fromStdString(request.run.dir));
        else if (isDefaultPlace)
            removeIfEmpty(request.run.dir);
        return isRunning ? done : failed;
    }
    try {
        Background* waiting = isDetached ? &background : nullptr;
        if (!ranks && arguments.has("ranks"))
            return trainOnRanks(request, arguments, waiting);
        return trainHere(request, arguments, waiting, ranks);
    } catch (...) {
        if (isDefaultPlace)
            removeIfEmpty(request.run.dir);
        throw;
    }
}

int runTrain(const Arguments& arguments)
{
    checkForRanks(arguments);
    if (!isRank()) {
        try {
            return trainAsLeader(arguments, nullptr);
        } catch (const HeldRunError& error) {
            printError(QStringLiteral("weft train: ") + translated(error.message()));
            return savedCode;
        }
    }
    // mpirun and srun give it to every rank, at any moment; rank 0 obeys.
    installSaveSignal();
    if (arguments.has("continue"))
        saveOnTermination();
    return trainAsRank(arguments, [&](Collectives& ranks) { return trainAsLeader(arguments, &ranks); });
}

} // namespace

Command trainCommand()
{
    return {
        "train",
        "[PROJECT]",
        0,
        1,
        WEFT_TEXT("cli", "Trains the network of a project and writes a run folder."),
        {deviceOption(),
         {"precision",
          "fp32|bf16|fp16|auto",
          WEFT_TEXT(
              "cli",
              "Number format of products and, on CUDA cards, of what lies between layers: fp32 is the default; bf16 rounds operands where "
              "processor or card multiplies it, fp16 on CUDA cards, where the loss is scaled against what gets too small; auto tries fp32 and "
              "bf16 first."),
          {"fp32", "bf16", "fp16", "auto"}},
         {"memory",
          "normal|lean",
          WEFT_TEXT("cli", "lean computes values again for the backward pass instead of keeping them: less memory, more time, the same losses."),
          {"normal", "lean"}},
         tf32Option(),
         measureOption(),
         {"epochs", "N", WEFT_TEXT("cli", "Passes over the training data, instead of the project's.")},
         {"batch-size", "N", WEFT_TEXT("cli", "Samples a step, instead of the project's.")},
         {"seed", "S", WEFT_TEXT("cli", "Start of all randomness, instead of the project's.")},
         {"run-dir", "DIR", WEFT_TEXT("cli", "The run folder; a new one in the user's data folder is the default.")},
         {"resume", "",
          WEFT_TEXT("cli", "Goes on with the run in --run-dir; PROJECT may be left out. A run that SIGUSR1 has ended is saved and exits with 75.")},
         setOption(),
         {"weights", "FILE", WEFT_TEXT("cli", "Starts from the param/… and state/… arrays of a safetensors file.")},
         {"follow", "progress|jsonl", WEFT_TEXT("cli", "What to print: progress (the default) or every event as JSON."), {"progress", "jsonl"}},
         {"ranks", "N", WEFT_TEXT("cli", "Trains on N processes of this machine that share each batch and add up their gradients; with --device cuda each on a card of its own.")},
         {"replicas", "N", WEFT_TEXT("cli", "Trains N replicas in this one process, each on its part of each batch and of the cores, or on a card of its own.")},
         {"hosts", "FILE|slurm",
          WEFT_TEXT("cli", "With --ranks: the hosts to start them on, a line HOST slots=N each, or those that Slurm gave to the job.")},
         {"target", "NAME", WEFT_TEXT("cli", "Trains on a target of weft target list: elsewhere, or here with its number of ranks.")},
         {"dry-run", "", WEFT_TEXT("cli", "With --target: prints the YAML, script or command that would be submitted, and submits nothing.")},
         {"other-data", "", WEFT_TEXT("cli", "With --target: the data there are meant to be others than those here.")},
         {"expect-data", "FINGERPRINT", WEFT_TEXT("cli", "Refuses to train with other data.")},
         {"script", "FILE", WEFT_TEXT("cli", "With --target: the job's script, such as you have made of what --dry-run prints.")},
         {"continue", "",
          WEFT_TEXT("cli",
                    "Begins the run in --run-dir, or goes on with it where it has begun: for jobs that are started again. SIGTERM then saves, as "
                    "SIGUSR1 does.")},
         {"lock-wait", "SECONDS",
          WEFT_TEXT("cli",
                    "With --continue: waits for so long for a process that still holds the run; 120 is the default. If it does not end, the exit "
                    "code is 75.")},
         {"linger", "SECONDS", WEFT_TEXT("cli", "With --ranks: stays for so long after the end, so that results can be fetched from where it ran.")},
         {"expect-world", "N", WEFT_TEXT("cli", "As a rank under mpirun or srun: refuses to train unless there are N ranks.")},
         {"lost", "TEXT", WEFT_TEXT("cli", "As a rank that is started again: what srun said of the one that was lost.")},
         {"tag-errors", "", WEFT_TEXT("cli", "As a rank under mpirun: begins each line on the standard error with its number.")},
         {"stall-limit", "SECONDS", WEFT_TEXT("cli", "Gives a rank up that shows no sign of life for so long; 300 is the default.")},
         {"detach", "", WEFT_TEXT("cli", "Trains in the background and prints the run folder.")}},
        runTrain,
        Threads::Team,
        "",
        rankSettings()};
}

} // namespace weft::cli
