#include "core/training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>

#include "core/base/error.h"
#include "core/training/control_watcher.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/rank_report.h"
#include "core/training/diverged_error.h"
#include "core/training/epoch_runner.h"
#include "core/training/localized.h"
#include "core/training/memory_forecast.h"
#include "core/training/progress.h"
#include "core/training/run_checkpoints.h"
#include "core/training/run_record.h"
#include "core/training/safe_file.h"
#include "core/training/schedule.h"
#include "core/training/speed_meter.h"
#include "core/training/variables.h"

namespace weft {

namespace {

constexpr std::int64_t everyStepUntil = 100; ///< the first steps are reported one by one
constexpr std::int64_t eventsPerEpoch = 200;
constexpr QLatin1String ranksKey("ranks"); ///< in run.json: how many there are

/// One run from its folder to its last event.
class Trainer {
public:
    Trainer(const TrainingJob& job, const TrainingOptions& options) : m_job(job), m_options(options), m_run{options.runDir} {}

    TrainingEnd run();

private:
    void openFolder();
    TrainingEnd runInFolder();
    void restore();
    void joinRanks();
    void writeStart();
    void writeWarnings();
    void trainEpoch();
    void startSteps();
    void afterBatch(const BatchResult& result);
    void finishEpoch();
    void judgeEpoch(const std::optional<ValidationResult>& validation);
    MonitorHistory history() const { return {m_progress.history, m_runner->monitor().isHigherBetter}; }
    bool hasEndedEarly() const;
    double rateOf(std::int64_t step) const;
    /// Of all ranks together.
    std::int64_t batchSize() const { return globalBatchSize(m_job.settings, m_options.session.collectives, m_job.dataset->size(Split::Train)); }
    bool isAskedToSave() const { return m_options.saveRequested && *m_options.saveRequested; }
    bool isAskedToStop() const { return isAskedToSave() || (m_options.stopRequested && *m_options.stopRequested); }
    bool isAsked() const { return isAskedToStop() || m_control->hasWishes(); }
    ControlWishes takeWishes();
    void obeyControl();
    void stayPaused();
    void applySettings(const ControlWishes& wishes);
    void writeCheckpoint();
    void showProgress();
    QJsonObject position() const;
    void restoreFrom(const std::string& checkpoint);

    const TrainingJob& m_job;
    const TrainingOptions& m_options;
    RunPaths m_run;
    std::optional<RunLock> m_lock;
    std::optional<RunLog> m_log;
    std::optional<ControlWatcher> m_control;
    std::optional<EpochRunner> m_runner;
    QJsonObject m_record; ///< run.json of a resumed run
    QJsonArray m_ranks; ///< the processes that train
    TrainingProgress m_progress;
    bool m_isResumed = false;
    bool m_isStopping = false;
    double m_rate = 0; ///< of the last step
    std::int64_t m_started = 0; ///< batches of the epoch, done or under way

    Clock::time_point m_epochStart;
    Clock::time_point m_lastShown;
    SpeedMeter m_speed;
};

void Trainer::openFolder()
{
    if (!m_options.resume)
        refuseUsedFolder(m_run);
    std::error_code fault;
    std::filesystem::create_directories(m_run.dir, fault);
    if (fault)
        throw Error(WEFT_TEXT("Training", "The run folder %1 could not be made: %2. Name another with --run-dir."), m_run.dir, fault.message());
    m_lock.emplace(m_run.lock());
    // A run that was killed before its record was complete has not begun: it starts afresh.
    m_isResumed = m_options.resume && std::filesystem::exists(m_run.runJson());
    removeTemporaryFiles(m_run);
    if (m_isResumed)
        m_record = readJsonObject(m_run.runJson());
    else
        prepareRunFolder(m_run);
}

TrainingEnd Trainer::run()
{
    openFolder();
    m_log.emplace(m_run.events(), m_options.onEvent);
    try {
        return runInFolder();
    } catch (const std::exception& error) {
        m_control.reset();
        const Error* known = dynamic_cast<const Error*>(&error);
        const QString message = known ? localized(known->message()) : QString::fromUtf8(error.what());
        QJsonObject fields = position();
        fields.insert(QStringLiteral("message"), message);
        try {
            m_log->write(QStringLiteral("failed"), fields);
        } catch (const Error&) {
            // A full disk takes no event either; the first fault is the one to report.
        }
        throw;
    }
}

TrainingEnd Trainer::runInFolder()
{
    if (!m_isResumed) {
        writeTextSafely(m_run.project(), m_job.snapshot);
        writeTextSafely(m_run.control(), "");
    } else {
        checkRunRecord(m_record, m_job);
    }
    // The same data give the same vocabulary, so a resumed run gets back one that was lost.
    writeVocabulary(m_run, *m_job.dataset);
    const std::set<std::string> answered = answeredCommands(m_run);
    m_progress.epochs = m_job.settings.epochs;
    m_progress.learningRate = m_job.settings.learningRate;
    m_runner.emplace(m_job, m_options.session);
    restore();
    joinRanks();
    m_control.emplace(ControlReader(m_run.control(), answered), *m_log);
    writeStart();
    while (m_progress.epoch <= m_progress.epochs && !m_isStopping && !hasEndedEarly())
        trainEpoch();
    m_runner->dismissRanks();
    m_control->finish();
    // A stop that came after the last batch has nothing left to stop.
    const bool isEarly = hasEndedEarly();
    const bool isDone = isEarly || m_progress.epoch > m_progress.epochs;
    QJsonObject fields = position();
    if (isEarly)
        fields.insert(QStringLiteral("message"),
                      localized(WEFT_TEXT("Training", "The run ended early: \"%1\" has not improved for %2 epochs."), m_runner->monitor().name,
                                m_job.settings.patience));
    m_log->write(isDone ? QStringLiteral("finished") : QStringLiteral("stopped"), fields);
    return isDone ? TrainingEnd::Finished : isAskedToSave() ? TrainingEnd::Saved : TrainingEnd::Stopped;
}

/// Position and variables from the newest checkpoint, or initial weights from a file.
void Trainer::restore()
{
    if (m_isResumed)
        checkNumberOfRanks(m_job.settings, m_record.value(ranksKey).toInt(1),
                           m_options.session.collectives ? m_options.session.collectives->size() : 1);
    const std::string newest = m_isResumed ? newestCheckpoint(m_run) : std::string();
    if (!newest.empty()) {
        const std::int64_t epochs = m_progress.epochs;
        try {
            restoreFrom(newest);
        } catch (const Error& error) {
            throw withOlderCheckpoint(error, m_run, newest);
        }
        if (m_options.epochsGiven)
            m_progress.epochs = epochs;
        if (m_progress.epoch > m_progress.epochs)
            throw Error(WEFT_TEXT("Training", "The run has finished its %1 epochs. Give a larger number with --epochs to go on."),
                        m_progress.epoch - 1);
        if (hasEndedEarly())
            throw Error(WEFT_TEXT("Training",
                                  "The run has ended early after %1 epochs, because \"%2\" no longer improved. To go on from its weights start a new "
                                  "run with --weights."),
                        m_progress.epoch - 1, m_runner->monitor().name);
    } else if (!m_options.weightsFile.empty()) {
        const std::vector<std::string> absent = loadWeights(m_runner->session(), readTensorFile(m_options.weightsFile));
        if (!absent.empty())
            m_log->write(QStringLiteral("warning"),
                         {{QStringLiteral("message"),
                           localized(WEFT_TEXT("Training",
                                               "The weights file lacks %1 of the network's arrays (the first is %2). They keep their random start."),
                                     absent.size(), absent.front())}});
        // Resuming must not depend on that file: the start is kept in the run.
        writeCheckpoint();
    }
}

/// Those that train beside this process, where there are any, begin with its variables.
void Trainer::joinRanks()
{
    Collectives* ranks = m_options.session.collectives;
    if (ranks)
        ranks->onWarning = [this](const Message& warning) {
            m_log->write(QStringLiteral("warning"), {{QStringLiteral("message"), localized(warning)}});
        };
    m_ranks = ranks ? hearRanks(*ranks, batchSize()) : QJsonArray{rankFacts(0, 1, batchSize())};
    m_runner->shareVariables();
}

void Trainer::restoreFrom(const std::string& checkpoint)
{
    const TensorFile file = readCheckpoint(checkpoint);
    m_progress = TrainingProgress::fromMetadata(file.metadata);
    checkPosition(m_progress, m_runner->stepsPerEpoch());
    m_runner->load(file);
}

void Trainer::writeStart()
{
    TrainingJob job = m_job;
    job.settings.epochs = m_progress.epochs;
    QJsonObject record = runRecord(job, m_runner->session(), m_runner->steps());
    if (!m_options.measured.isEmpty())
        record.insert(QStringLiteral("measured"), m_options.measured);
    record.insert(ranksKey, m_ranks.size());
    QJsonObject stored = record;
    if (m_isResumed) {
        stored = m_record;
        for (const QString& key : {QStringLiteral("settings"), QStringLiteral("device"), QStringLiteral("kernels"), QString(ranksKey)})
            stored.insert(key, record.value(key));
    }
    if (stored != m_record)
        writeRunRecord(m_run, stored);

    m_log->write(QStringLiteral("started"), startedFields(record, m_ranks, m_progress.epochs, m_runner->stepsPerEpoch(), batchSize()));
    if (m_isResumed)
        m_log->write(QStringLiteral("resumed"), position());
    else
        writeWarnings();
}

void Trainer::writeWarnings()
{
    for (const DataWarning& warning : m_job.dataset->warnings())
        m_log->write(QStringLiteral("warning"),
                     {{QStringLiteral("message"), localized(warning.message)}, {QStringLiteral("count"), static_cast<qint64>(warning.count)}});
    if (const std::optional<Message> warning = m_runner->warning())
        m_log->write(QStringLiteral("warning"), {{QStringLiteral("message"), localized(*warning)}});
}

QJsonObject Trainer::position() const
{
    // Between two epochs the one that is done counts, not the one to come.
    const bool isBetween = m_progress.batch == 0 && m_progress.epoch > 1;
    return {{QStringLiteral("epoch"), static_cast<qint64>(isBetween ? m_progress.epoch - 1 : m_progress.epoch)},
            {QStringLiteral("step"), static_cast<qint64>(m_progress.step)}};
}

void Trainer::trainEpoch()
{
    m_control->setEpoch(m_progress.epoch);
    m_runner->startEpoch(m_progress.epoch, m_progress.batch);
    m_started = m_progress.batch;
    m_epochStart = Clock::now();
    m_speed.startWindow();
    while (m_progress.batch < m_runner->stepsPerEpoch() && !m_isStopping) {
        // The step counts before it is done, so that faults name the step they happen in.
        ++m_progress.step;
        m_rate = rateOf(m_progress.step);
        startSteps();
        afterBatch(m_runner->finishStep());
        if (m_progress.batch == m_runner->stepsPerEpoch())
            return finishEpoch();
        if (m_started == m_progress.batch)
            obeyControl();
    }
}

/// The step at hand, and where a card shall not wait for the host those behind it: as long as nobody has asked for something,
/// since that is done, and written to a checkpoint, between two steps.
void Trainer::startSteps()
{
    const std::int64_t atOnce = isAsked() ? 1 : m_runner->stepsAtOnce();
    for (; m_started < std::min(m_progress.batch + atOnce, m_runner->stepsPerEpoch()); ++m_started) {
        const std::int64_t step = m_progress.step + m_started - m_progress.batch;
        m_runner->startStep(step, rateOf(step));
    }
}

void Trainer::afterBatch(const BatchResult& result)
{
    if (!std::isfinite(result.loss))
        throw DivergedError(m_progress, result.loss);
    ++m_progress.batch;
    m_progress.epochSums.add(result.loss, result.correct, result.samples);
    m_progress.windowSums.add(result.loss, result.correct, result.samples);
    m_speed.add(result.samples);

    const std::int64_t interval = std::max<std::int64_t>(1, m_runner->stepsPerEpoch() / eventsPerEpoch);
    if (m_progress.step <= everyStepUntil || m_progress.step % interval == 0) {
        QJsonObject fields = m_progress.windowSums.toJson(m_runner->hasAccuracy());
        fields.insert(QStringLiteral("epoch"), static_cast<qint64>(m_progress.epoch));
        fields.insert(QStringLiteral("step"), static_cast<qint64>(m_progress.step));
        fields.insert(QStringLiteral("learning_rate"), m_rate);
        fields.insert(QStringLiteral("samples_per_second"), m_speed.closeWindow());
        if (const QJsonArray workers = m_runner->takeWorkers(); !workers.isEmpty())
            fields.insert(QStringLiteral("workers"), workers);
        m_log->write(QStringLiteral("batch"), fields);
        m_progress.windowSums = {};
    }
    showProgress();
}

void Trainer::showProgress()
{
    const Clock::time_point now = Clock::now();
    if (!m_options.onProgress || now - m_lastShown < std::chrono::milliseconds(100))
        return;
    m_lastShown = now;
    const MetricSums& sums = m_progress.epochSums;
    const double accuracy = m_runner->hasAccuracy() ? sums.accuracy() : std::nan("");
    m_options.onProgress(m_progress.epoch, m_progress.step, m_runner->stepsPerEpoch(), sums.meanLoss(), accuracy, m_speed.smoothed());
}

double Trainer::rateOf(std::int64_t step) const
{
    const std::int64_t stepsPerEpoch = m_runner->stepsPerEpoch();
    return scheduledRate(m_job.settings.schedule, m_progress.learningRate, {m_progress.epochs, stepsPerEpoch}, step, history())
        * rateScale(m_job.settings, ranksOfBatch(m_job.settings, m_options.session.collectives), stepsPerEpoch, step);
}

bool Trainer::hasEndedEarly() const
{
    const TrainingSettings& settings = m_job.settings;
    return settings.patience > 0 && m_progress.batch == 0 && epochsWithoutImprovement(history(), settings.minimumDelta) >= settings.patience;
}

/// Notes the monitor's number of the epoch, and whether it is the best so far.
void Trainer::judgeEpoch(const std::optional<ValidationResult>& validation)
{
    const Monitor& monitor = m_runner->monitor();
    const MetricSums& sums = validation ? validation->sums : m_progress.epochSums;
    const double value = monitor.needsJudge ? *validation->judged : monitor.name == "accuracy" ? sums.accuracy() : sums.meanLoss();
    m_progress.history.push_back(value);
    if (!std::isfinite(value) || (m_progress.best && (monitor.isHigherBetter ? value <= *m_progress.best : value >= *m_progress.best)))
        return;
    m_progress.best = value;
    m_progress.bestStep = m_progress.step;
}

void Trainer::finishEpoch()
{
    const std::optional<ValidationResult> validation = m_runner->validate();
    const bool hasAccuracy = m_runner->hasAccuracy();
    judgeEpoch(validation);
    QJsonValue validated;
    if (validation) {
        QJsonObject json = validation->sums.toJson(hasAccuracy);
        if (validation->judged) {
            QJsonObject metrics = json.value(QStringLiteral("metrics")).toObject();
            metrics.insert(QString::fromStdString(m_runner->monitor().key), *validation->judged);
            json.insert(QStringLiteral("metrics"), metrics);
        }
        validated = json;
    }
    QJsonObject fields{{QStringLiteral("epoch"), static_cast<qint64>(m_progress.epoch)},
                       {QStringLiteral("step"), static_cast<qint64>(m_progress.step)},
                       {QStringLiteral("train"), m_progress.epochSums.toJson(hasAccuracy)},
                       {QStringLiteral("validation"), validated},
                       {QStringLiteral("learning_rate"), m_rate},
                       {QStringLiteral("seconds"), m_progress.epochSeconds + secondsSince(m_epochStart)}};
    if (const std::optional<LossScaleState> scale = m_runner->lossScale()) {
        fields.insert(QStringLiteral("loss_scale"), scale->scale);
        fields.insert(QStringLiteral("skipped_updates"), static_cast<qint64>(scale->skippedUpdates));
    }
    m_log->write(QStringLiteral("epoch"), fields);
    ++m_progress.epoch;
    m_progress.batch = 0;
    m_progress.epochSums = {};
    m_progress.epochSeconds = 0;
    m_epochStart = Clock::now();
    writeCheckpoint();
    obeyControl();
}

void Trainer::applySettings(const ControlWishes& wishes)
{
    if (wishes.learningRate)
        m_progress.learningRate = *wishes.learningRate;
    if (wishes.epochs)
        m_progress.epochs = *wishes.epochs;
    // A command is answered once: what it changed must be in a checkpoint, or a killed run would lose it.
    if (wishes.checkpoint || wishes.learningRate || wishes.epochs)
        writeCheckpoint();
}

/// Of commands, and of signals.
ControlWishes Trainer::takeWishes()
{
    ControlWishes wishes = m_control->take();
    wishes.stop = wishes.stop || isAskedToStop();
    return wishes;
}

void Trainer::obeyControl()
{
    ControlWishes wishes = takeWishes();
    applySettings(wishes);
    if (wishes.pause && !wishes.stop) {
        stayPaused();
        wishes = takeWishes();
        applySettings(wishes);
    }
    if (!wishes.stop)
        return;
    m_isStopping = true;
    const std::vector<std::int64_t> steps = checkpointSteps(m_run);
    // An epoch that has just ended has its checkpoint.
    if (m_progress.batch != 0 || steps.empty() || steps.back() != m_progress.step)
        writeCheckpoint();
}

void Trainer::stayPaused()
{
    m_progress.epochSeconds += secondsSince(m_epochStart);
    m_log->write(QStringLiteral("paused"), position());
    ControlWishes wishes = takeWishes();
    while (wishes.pause && !wishes.stop) {
        applySettings(wishes);
        m_control->wait();
        wishes = takeWishes();
    }
    applySettings(wishes);
    m_epochStart = Clock::now();
    m_speed.startWindow();
    if (!wishes.stop)
        m_log->write(QStringLiteral("resumed"), position());
}

void Trainer::writeCheckpoint()
{
    TrainingProgress progress = m_progress;
    if (progress.batch != 0)
        progress.epochSeconds += secondsSince(m_epochStart);
    if (const std::optional<LossScaleState> scale = m_runner->lossScale())
        progress.lossScale = scale->scale;
    if (m_progress.step > 0) // before the first one the other ranks have not been called yet
        m_runner->evenResiduals();
    m_runner->collectVariables();
    TensorFile file;
    file.metadata = progress.toMetadata();
    saveVariables(m_runner->session(), file);
    if (const std::string name = firstNotFinite(file); !name.empty())
        throw DivergedError(m_progress, name);
    const std::string name = storeCheckpoint(m_run, file, progress);
    QJsonObject fields = position();
    fields.insert(QStringLiteral("file"), QString::fromStdString(name));
    fields.insert(QStringLiteral("best"), isBestCheckpoint(progress));
    m_log->write(QStringLiteral("checkpoint"), fields);
}

} // namespace

TrainingEnd train(const TrainingJob& job, const TrainingOptions& options)
{
    // Of several ranks, whoever starts them asks before the first of them takes memory.
    if (!options.session.collectives)
        requireMemory(job.network, job.settings, options.session, job.dataset);
    return Trainer(job, options).run();
}

} // namespace weft
