#include "core/training/epoch_runner.h"

#include <utility>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/training/data_fit.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/parameter_server.h"
#include "core/training/distributed/rank_orders.h"
#include "core/training/memory_forecast.h"
#include "core/training/started_steps.h"
#include "core/training/step_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

/// A part of the data and the networks that it goes through.
struct Stream {
    Stream(const TrainingJob& job, Split split, std::unique_ptr<StepGraph> first, const Collectives* ranks) :
        network(std::move(first)), loader(*job.dataset, loaderOptions(job, split, network->lowered, ranks))
    {
        checkTargets(network->lowered, *job.dataset, split);
    }

    std::unique_ptr<StepGraph> network;
    std::unique_ptr<StepGraph> gathering; ///< for batches that only gather their gradients
    Loader loader;
};

std::unique_ptr<StepGraph> trainingNetwork(const TrainingJob& job, StepKind kind, bool hasRanks, Precision precision)
{
    Lowered lowered = lower(job.network, {Mode::Train, true});
    const TrainingGraph graph = buildTrainingGraph(lowered, job.settings, kind, hasRanks, precision == Precision::Float16);
    return std::make_unique<StepGraph>(std::move(lowered), graph.metrics, graph.scalars);
}

std::unique_ptr<StepGraph> inferenceNetwork(const TrainingJob& job)
{
    Lowered lowered = lower(job.network, {Mode::Infer, true});
    const BatchMetrics metrics = addMetrics(lowered);
    return std::make_unique<StepGraph>(std::move(lowered), metrics, std::vector<ScalarFeed>{});
}

MetricSums sumsOf(const BatchResult& result)
{
    MetricSums sums;
    sums.add(result.loss, result.correct, result.samples);
    return sums;
}

void copyVariable(const Session& from, const std::string& name, Session& to, const std::string& as)
{
    const TensorType& type = from.variableType(name);
    std::vector<std::byte> bytes(static_cast<std::size_t>(elementCount(type.shape.at(1))) * sizeOf(type.dtype));
    from.readVariable(name, bytes);
    to.writeVariable(as, bytes);
}

} // namespace

struct EpochRunner::State {
    State(const TrainingJob& trainingJob, const SessionOptions& options) : job(trainingJob), session(options) {}

    void openValidation(const SessionOptions& options);
    /// Where this batch of the epoch stands in its update of the weights.
    StepNumbers numbersOf(std::int64_t number, std::int64_t update, const Batch& batch) const;
    /// Whether ranks do the same as this one; workers of a parameter server do not.
    bool hasRanks() const { return session.options().collectives && !job.settings.distributed.hasServer(); }
    /// Samples of all ranks together.
    std::int64_t fullBatch() const { return globalBatchSize(job.settings, session.options().collectives, job.dataset->size(Split::Train)); }
    void openTraining(const SessionOptions& options);
    void planLargest();
    const Lowered& trained() const { return server ? server->lowered() : training->network->lowered; }
    /// Rank 0 tells the others what it does next.
    void order(const RankOrder& next)
    {
        if (hasRanks() && session.options().collectives->rank() == 0)
            sendOrder(*session.options().collectives, next);
    }
    /// The sums over all ranks: of losses, correct samples, samples.
    BatchResult ofAllRanks(const BatchResult& own)
    {
        if (!hasRanks())
            return own;
        double sums[]
            = {own.samples ? own.loss * static_cast<double>(own.samples) : 0.0, own.samples ? own.correct : 0.0, static_cast<double>(own.samples)};
        session.options().collectives->sum(sums);
        return {sums[0] / sums[2], sums[1], static_cast<std::int64_t>(sums[2])};
    }
    bool isOnCard() const { return session.options().device == DeviceKind::Cuda; }
    /// Ranks talk about each step before the next one.
    int stepsAtOnce() const { return isOnCard() && !session.options().collectives ? Session::runsAtOnce : 1; }
    ValidationResult measured(Session& of);
    ValidationResult judged(Session& by);
    /// Whether the weights change with this batch of the epoch.
    bool isUpdating(std::int64_t inEpoch) const
    {
        return (inEpoch + 1) % job.settings.gradientAccumulation == 0 || inEpoch + 1 == training->loader.batchesPerEpoch();
    }
    StepGraph& networkOf(std::int64_t inEpoch) { return isUpdating(inEpoch) ? *training->network : *training->gathering; }
    const Batch* nextBatch() { return ahead ? std::exchange(ahead, nullptr) : training->loader.next(); }
    /// What the host does once the card has this batch of the epoch to compute: the next one is on its way when it is needed.
    /// Ranks meet, since the host alone hears when one of them is lost: a card would wait for it for ever.
    void workBesideCard(std::int64_t inEpoch)
    {
        if (inEpoch + 1 < training->loader.batchesPerEpoch()) {
            ahead = training->loader.next();
            if (ahead)
                networkOf(inEpoch + 1).stage(session, *ahead);
        }
        double meeting[] = {1.0};
        if (hasRanks())
            session.options().collectives->sum(meeting);
    }
    std::int64_t updatesPerEpoch() const
    {
        return (training->loader.batchesPerEpoch() + job.settings.gradientAccumulation - 1) / job.settings.gradientAccumulation;
    }

    const TrainingJob& job;
    Monitor monitor;
    // The sessions go before the graphs that their plans point into.
    std::unique_ptr<Stream> training;
    std::unique_ptr<Stream> validation;
    std::unique_ptr<ParameterServer> server; ///< in place of `training`
    const Batch* ahead = nullptr; ///< the next one, of the loader, which the card has begun to take
    StartedSteps steps;
    Session session;
    std::unique_ptr<Session> averaged; ///< holds averaged weights for the validation, where they are kept
};

void EpochRunner::State::openValidation(const SessionOptions& options)
{
    // What judges predictions needs all of them: then every rank goes through the whole split.
    validation
        = std::make_unique<Stream>(job, Split::Validation, inferenceNetwork(job), hasRanks() && !monitor.needsJudge ? options.collectives : nullptr);
    StepGraph& network = *validation->network;
    if (monitor.needsJudge)
        network.fetches.push_back(PredictionJudge(network.lowered).output());
    if (job.settings.averagingDecay > 0.0)
        averaged = std::make_unique<Session>(options);
    (averaged ? *averaged : session).addVariables(*network.lowered.graph);
}

StepNumbers EpochRunner::State::numbersOf(std::int64_t number, std::int64_t update, const Batch& batch) const
{
    StepNumbers numbers;
    numbers.batchSamples = static_cast<float>(batch.ofAllRanks);
    numbers.batchShare = static_cast<float>(static_cast<double>(batch.samples()) / static_cast<double>(batch.ofAllRanks));
    if (update == 1) {
        numbers.averageKept = 0.0f;
        numbers.averageShare = 1.0f;
    } else {
        numbers.averageKept = static_cast<float>(job.settings.averagingDecay);
        numbers.averageShare = static_cast<float>(1.0 - job.settings.averagingDecay);
    }
    // Shares go by samples, so that the gathered gradient is that of one large batch.
    const std::int64_t size = job.dataset->size(Split::Train);
    const std::int64_t first = number / job.settings.gradientAccumulation * job.settings.gradientAccumulation;
    const std::int64_t full = fullBatch();
    const auto samplesUntil = [&](std::int64_t count) { return std::min(count * full, size); };
    const std::int64_t gathered = samplesUntil(first + job.settings.gradientAccumulation) - samplesUntil(first);
    numbers.gatheredKept = number == first ? 0.0f : 1.0f;
    numbers.gatheredShare = static_cast<float>(static_cast<double>(batch.ofAllRanks) / static_cast<double>(gathered));
    return numbers;
}

void EpochRunner::State::openTraining(const SessionOptions& options)
{
    if (options.collectives && job.settings.distributed.hasServer()) {
        if (options.precision == Precision::Float16)
            throw Error(WEFT_TEXT("Training", "A parameter server does not scale the loss as fp16 needs it. Choose fp32 or bf16, or all-reduce."));
        server = std::make_unique<ParameterServer>(job, session, *options.collectives);
        return;
    }
    if (hasRanks() && options.device == DeviceKind::Cuda && job.settings.distributed.compression != "none")
        throw Error(WEFT_TEXT("Training", "Graphics cards send gradients in float32: set training.distributed.compression to none."));
    training
        = std::make_unique<Stream>(job, Split::Train, trainingNetwork(job, StepKind::Update, hasRanks(), options.precision), options.collectives);
    session.addVariables(*training->network->lowered.graph);
    if (job.settings.gradientAccumulation > 1) {
        training->gathering = trainingNetwork(job, StepKind::Gather, hasRanks(), options.precision);
        session.addVariables(*training->gathering->lowered.graph);
    }
}

/// Made first: the arena that all plans share grows once.
void EpochRunner::State::planLargest()
{
    const std::int64_t ranks = hasRanks() ? session.options().collectives->size() : 1;
    training->network->planFor(session, (fullBatch() + ranks - 1) / ranks, longestTime(training->network->lowered, *job.dataset), true);
}

EpochRunner::EpochRunner(const TrainingJob& job, SessionOptions options)
{
    options.seed = job.settings.seed;
    options.memory = memoryUse(job.settings);
    m_state = std::make_unique<State>(job, options);
    State& state = *m_state;
    const std::int64_t trainingSize = job.dataset->size(Split::Train);
    if (trainingSize == 0)
        throw Error(WEFT_TEXT("Training", "The data have no training samples. Check the source and the size of the validation and test parts."));

    state.openTraining(options);
    state.monitor = resolveMonitor(job.settings.monitor, state.trained());
    if (job.dataset->size(Split::Validation) > 0)
        state.openValidation(options);
    else if (state.monitor.needsJudge)
        throw Error(
            WEFT_TEXT("Training", "training.monitor is \"%1\", which is measured on validation data, but there are none. Set data.validation."),
            state.monitor.name);
    if (!state.server)
        state.planLargest();
}

EpochRunner::~EpochRunner() = default;

Session& EpochRunner::session()
{
    return m_state->session;
}

std::vector<PlanStep> EpochRunner::steps() const
{
    return m_state->server ? m_state->server->steps() : m_state->training->network->plan->steps();
}

std::int64_t EpochRunner::stepsPerEpoch() const
{
    return m_state->server ? m_state->server->stepsPerEpoch() : m_state->training->loader.batchesPerEpoch();
}

bool EpochRunner::hasAccuracy() const
{
    return m_state->server ? m_state->server->hasAccuracy() : static_cast<bool>(m_state->training->network->metrics.correct);
}

std::optional<Message> EpochRunner::warning() const
{
    return unusedClasses(m_state->trained(), *m_state->job.dataset);
}

std::optional<LossScaleState> EpochRunner::lossScale() const
{
    const Session& session = m_state->session;
    if (!session.hasVariable(lossScaleName))
        return std::nullopt;
    float scale = 1;
    float counts[2] = {};
    session.readVariable(lossScaleName, std::as_writable_bytes(std::span(&scale, 1)));
    session.readVariable(lossScaleCountsName, std::as_writable_bytes(std::span(counts)));
    return LossScaleState{static_cast<double>(scale), static_cast<std::int64_t>(counts[1])};
}

const Monitor& EpochRunner::monitor() const
{
    return m_state->monitor;
}

void EpochRunner::load(const TensorFile& file)
{
    if (m_state->server)
        m_state->server->load(file);
    else
        loadVariables(m_state->session, *m_state->training->network->lowered.graph, file);
    if (m_state->validation && !m_state->averaged)
        loadVariables(m_state->session, *m_state->validation->network->lowered.graph, file);
}

void EpochRunner::shareVariables()
{
    m_state->order({RankOrder::Kind::ShareVariables});
    if (!m_state->hasRanks())
        return;
    m_state->session.joinRanks();
    weft::shareVariables(*m_state->session.options().collectives, m_state->session);
}

void EpochRunner::collectVariables()
{
    if (m_state->server)
        m_state->server->collectVariables();
}

void EpochRunner::evenResiduals()
{
    if (!m_state->hasRanks() || !m_state->job.settings.distributed.sendsLargestAlone())
        return;
    m_state->order({RankOrder::Kind::EvenResiduals});
    Collectives& ranks = *m_state->session.options().collectives;
    Session& session = m_state->session;
    for (const std::string& name : session.variableNames()) {
        if (!name.starts_with(residualName))
            continue;
        std::vector<float> residual(static_cast<std::size_t>(elementCount(session.variableType(name).shape.at(1))));
        session.readVariable(name, std::as_writable_bytes(std::span(residual)));
        ranks.startSum(residual.data(), static_cast<std::int64_t>(residual.size()), WireFormat::Float32);
        ranks.finishSum(residual.data());
        for (float& number : residual)
            number /= static_cast<float>(ranks.size());
        session.writeVariable(name, std::as_bytes(std::span(residual)));
    }
}

void EpochRunner::dismissRanks()
{
    if (m_state->server)
        m_state->server->dismiss();
    m_state->order({RankOrder::Kind::End});
}

void EpochRunner::startEpoch(std::int64_t epoch, std::int64_t firstBatch)
{
    if (m_state->server)
        return m_state->server->startEpoch(epoch, firstBatch);
    m_state->order({RankOrder::Kind::StartEpoch, epoch, firstBatch});
    m_state->ahead = nullptr;
    m_state->training->loader.startEpoch(epoch, firstBatch);
}

QJsonArray EpochRunner::takeWorkers()
{
    return m_state->server ? m_state->server->takeWorkers() : QJsonArray();
}

BatchResult EpochRunner::step(std::int64_t step, double learningRate)
{
    startStep(step, learningRate);
    return finishStep();
}

int EpochRunner::stepsAtOnce() const
{
    return m_state->stepsAtOnce();
}

void EpochRunner::startStep(std::int64_t step, double learningRate)
{
    StartedStep& started = m_state->steps.start();
    if (m_state->server) {
        started.whole = m_state->server->step(step, learningRate);
        return;
    }
    m_state->order({RankOrder::Kind::Step, step, 0, learningRate});
    const Batch* batch = m_state->nextBatch();
    if (!batch)
        throw Error(WEFT_TEXT("Training", "The data ended before the epoch did."));
    const std::int64_t together = m_state->job.settings.gradientAccumulation;
    const std::int64_t perEpoch = stepsPerEpoch();
    const std::int64_t inEpoch = (step - 1) % perEpoch;
    const std::int64_t update = (step - 1) / perEpoch * m_state->updatesPerEpoch() + inEpoch / together + 1;
    StepNumbers numbers = m_state->numbersOf(inEpoch, update, *batch);
    numbers.learningRate = static_cast<float>(learningRate);
    started.samples = batch->samples();
    m_state->networkOf(inEpoch).start(m_state->session, *batch, true, numbers, {m_state->job.settings.seed, step, batch->indices.data(), update},
                                      started.results);
    if (m_state->isOnCard())
        m_state->workBesideCard(inEpoch);
}

BatchResult EpochRunner::finishStep()
{
    const StartedStep& started = m_state->steps.finish();
    if (started.whole)
        return *started.whole;
    m_state->session.finish();
    return m_state->ofAllRanks({started.results.loss, started.results.correct, started.samples});
}

/// As in training a card goes on with the next batch while the host has the last one's numbers.
ValidationResult EpochRunner::State::measured(Session& of)
{
    ValidationResult result;
    StartedSteps under;
    const auto finish = [&] {
        of.finish();
        const StartedStep& step = under.finish();
        result.sums.add(step.results.loss, step.results.correct, step.samples);
    };
    validation->loader.startEpoch(0);
    while (const Batch* batch = validation->loader.next()) {
        if (under.count() == static_cast<std::size_t>(stepsAtOnce()))
            finish();
        StartedStep& step = under.start();
        step.samples = batch->samples();
        validation->network->start(of, *batch, false, {}, {job.settings.seed, 0, batch->indices.data()}, step.results);
    }
    while (under.count() > 0)
        finish();
    result.sums = sumsOf(ofAllRanks({result.sums.meanLoss(), result.sums.correct, result.sums.samples}));
    return result;
}

/// By all predictions, which come to the host.
ValidationResult EpochRunner::State::judged(Session& by)
{
    ValidationResult result;
    StepGraph& network = *validation->network;
    PredictionJudge judge(network.lowered);
    std::vector<float> output;
    validation->loader.startEpoch(0);
    while (const Batch* batch = validation->loader.next()) {
        output.resize(static_cast<std::size_t>(batch->size) * judge.outputsPerSample());
        void* place[] = {output.data()};
        const BatchResult one = network.run(by, *batch, false, {job.settings.seed, 0, batch->indices.data()}, place);
        result.sums.add(one.loss, one.correct, one.samples);
        judge.add(output.data(), batch->columns[judge.targetFeed()].data(), batch->size);
    }
    result.judged = monitored(monitor, judge);
    return result;
}

std::optional<ValidationResult> EpochRunner::validate()
{
    Stream* validation = m_state->validation.get();
    if (!validation)
        return std::nullopt;
    m_state->order({RankOrder::Kind::Validate});
    collectVariables();
    // Without synchronised statistics every rank has gathered its own; those of rank 0 are the run's.
    if (m_state->hasRanks())
        weft::shareVariables(*m_state->session.options().collectives, m_state->session, Role::State);
    StepGraph& network = *validation->network;
    Session& session = m_state->averaged ? *m_state->averaged : m_state->session;
    if (m_state->averaged) {
        for (const Value& variable : network.lowered.graph->variables()) {
            const std::string average = "ema/" + variable.name();
            copyVariable(m_state->session, m_state->session.hasVariable(average) ? average : variable.name(), session, variable.name());
        }
    }
    return m_state->monitor.needsJudge ? m_state->judged(session) : m_state->measured(session);
}

} // namespace weft
