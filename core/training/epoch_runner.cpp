#include "core/training/epoch_runner.h"

#include "core/base/error.h"
#include "core/training/data_fit.h"
#include "core/training/memory_forecast.h"
#include "core/training/variables.h"

namespace weft {

namespace {

/// Values that a run copies to the host: loss, and correct where there is one.
std::vector<Value> fetchesOf(const BatchMetrics& metrics)
{
    return metrics.correct ? std::vector<Value>{metrics.loss, metrics.correct} : std::vector<Value>{metrics.loss};
}

LoaderOptions loaderOptions(const TrainingJob& job, Split split, const Lowered& lowered)
{
    LoaderOptions options;
    options.split = split;
    options.columns = bindFeeds(lowered, *job.dataset);
    options.cutColumns = cutColumns(lowered, *job.dataset);
    options.batchSize = std::min(job.settings.batchSize, std::max<std::int64_t>(job.dataset->size(split), 1));
    options.shuffle = split == Split::Train && job.settings.shuffle;
    options.seed = job.settings.seed;
    return options;
}

/// A lowered network with its metrics and what it is fed.
struct StepGraph {
    StepGraph(Lowered network, const BatchMetrics& batchMetrics, std::vector<ScalarFeed> scalars) :
        lowered(std::move(network)), metrics(batchMetrics), fetches(fetchesOf(metrics)), feeds(lowered, std::move(scalars))
    {
    }

    BatchResult run(Session& session, const Batch& batch, bool withEffects, const StepNumbers& numbers, const StepState& state,
                    float* output = nullptr)
    {
        Plan& fitting = planFor(session, batch.size, batch.time, withEffects);
        float loss = 0;
        float correct = 0;
        results.assign(1, &loss);
        if (metrics.correct)
            results.push_back(&correct);
        if (results.size() < fetches.size())
            results.push_back(output);
        session.run(fitting, feeds.pointers(batch, numbers), results, state);
        return {loss, correct, batch.size};
    }

    /// Few sizes occur, the full batch, the last one of an epoch, some lengths: the last plan is mostly the right one.
    Plan& planFor(Session& session, std::int64_t n, std::int64_t t, bool withEffects)
    {
        if (!plan || plan->n() != n || planTime != t)
            plan = &session.plan(*lowered.graph, {n, t, fetches, withEffects});
        planTime = t;
        return *plan;
    }

    Lowered lowered;
    BatchMetrics metrics;
    std::vector<Value> fetches;
    FeedList feeds;
    std::vector<void*> results;
    Plan* plan = nullptr;
    std::int64_t planTime = 1; ///< of `plan`
};

/// A part of the data and the networks that it goes through.
struct Stream {
    Stream(const TrainingJob& job, Split split, std::unique_ptr<StepGraph> first) :
        network(std::move(first)), loader(*job.dataset, loaderOptions(job, split, network->lowered))
    {
        checkTargets(network->lowered, *job.dataset, split);
    }

    std::unique_ptr<StepGraph> network;
    std::unique_ptr<StepGraph> gathering; ///< for batches that only gather their gradients
    Loader loader;
};

std::unique_ptr<StepGraph> trainingNetwork(const TrainingJob& job, StepKind kind)
{
    Lowered lowered = lower(job.network, {Mode::Train, true});
    const TrainingGraph graph = buildTrainingGraph(lowered, job.settings, kind);
    return std::make_unique<StepGraph>(std::move(lowered), graph.metrics, graph.scalars);
}

std::unique_ptr<StepGraph> inferenceNetwork(const TrainingJob& job)
{
    Lowered lowered = lower(job.network, {Mode::Infer, true});
    const BatchMetrics metrics = addMetrics(lowered);
    return std::make_unique<StepGraph>(std::move(lowered), metrics, std::vector<ScalarFeed>{});
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
    StepNumbers numbersOf(std::int64_t batch, std::int64_t update) const;
    std::int64_t updatesPerEpoch() const
    {
        return (training->loader.batchesPerEpoch() + job.settings.gradientAccumulation - 1) / job.settings.gradientAccumulation;
    }

    const TrainingJob& job;
    Monitor monitor;
    // The sessions go before the graphs that their plans point into.
    std::unique_ptr<Stream> training;
    std::unique_ptr<Stream> validation;
    Session session;
    std::unique_ptr<Session> averaged; ///< holds averaged weights for the validation, where they are kept
};

void EpochRunner::State::openValidation(const SessionOptions& options)
{
    validation = std::make_unique<Stream>(job, Split::Validation, inferenceNetwork(job));
    StepGraph& network = *validation->network;
    if (monitor.needsJudge)
        network.fetches.push_back(PredictionJudge(network.lowered).output());
    if (job.settings.averagingDecay > 0.0)
        averaged = std::make_unique<Session>(options);
    (averaged ? *averaged : session).addVariables(*network.lowered.graph);
}

StepNumbers EpochRunner::State::numbersOf(std::int64_t batch, std::int64_t update) const
{
    StepNumbers numbers;
    if (update == 1) {
        numbers.averageKept = 0.0f;
        numbers.averageShare = 1.0f;
    } else {
        numbers.averageKept = static_cast<float>(job.settings.averagingDecay);
        numbers.averageShare = static_cast<float>(1.0 - job.settings.averagingDecay);
    }
    // Shares go by samples, so that the gathered gradient is that of one large batch.
    const std::int64_t size = job.dataset->size(Split::Train);
    const std::int64_t first = batch / job.settings.gradientAccumulation * job.settings.gradientAccumulation;
    const auto samplesUntil = [&](std::int64_t count) { return std::min(count * std::min(job.settings.batchSize, size), size); };
    const std::int64_t gathered = samplesUntil(first + job.settings.gradientAccumulation) - samplesUntil(first);
    numbers.gatheredKept = batch == first ? 0.0f : 1.0f;
    numbers.gatheredShare = static_cast<float>(static_cast<double>(samplesUntil(batch + 1) - samplesUntil(batch)) / static_cast<double>(gathered));
    return numbers;
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

    state.training = std::make_unique<Stream>(job, Split::Train, trainingNetwork(job, StepKind::Update));
    StepGraph& network = *state.training->network;
    state.session.addVariables(*network.lowered.graph);
    if (job.settings.gradientAccumulation > 1) {
        state.training->gathering = trainingNetwork(job, StepKind::Gather);
        state.session.addVariables(*state.training->gathering->lowered.graph);
    }
    state.monitor = resolveMonitor(job.settings.monitor, network.lowered);
    if (job.dataset->size(Split::Validation) > 0)
        state.openValidation(options);
    else if (state.monitor.needsJudge)
        throw Error(
            WEFT_TEXT("Training", "training.monitor is \"%1\", which is measured on validation data, but there are none. Set data.validation."),
            state.monitor.name);
    // The largest plan first: the arena that all of them share grows once.
    network.planFor(state.session, std::min(job.settings.batchSize, trainingSize), longestTime(network.lowered, *job.dataset), true);
}

EpochRunner::~EpochRunner() = default;

Session& EpochRunner::session()
{
    return m_state->session;
}

std::vector<PlanStep> EpochRunner::steps() const
{
    return m_state->training->network->plan->steps();
}

std::int64_t EpochRunner::stepsPerEpoch() const
{
    return m_state->training->loader.batchesPerEpoch();
}

bool EpochRunner::hasAccuracy() const
{
    return static_cast<bool>(m_state->training->network->metrics.correct);
}

std::optional<Message> EpochRunner::warning() const
{
    return unusedClasses(m_state->training->network->lowered, *m_state->job.dataset);
}

const Monitor& EpochRunner::monitor() const
{
    return m_state->monitor;
}

void EpochRunner::load(const TensorFile& file)
{
    loadVariables(m_state->session, *m_state->training->network->lowered.graph, file);
    if (m_state->validation && !m_state->averaged)
        loadVariables(m_state->session, *m_state->validation->network->lowered.graph, file);
}

void EpochRunner::startEpoch(std::int64_t epoch, std::int64_t firstBatch)
{
    m_state->training->loader.startEpoch(epoch, firstBatch);
}

BatchResult EpochRunner::step(std::int64_t step, double learningRate)
{
    Stream& training = *m_state->training;
    const Batch* batch = training.loader.next();
    if (!batch)
        throw Error(WEFT_TEXT("Training", "The data ended before the epoch did."));
    const std::int64_t together = m_state->job.settings.gradientAccumulation;
    const std::int64_t perEpoch = stepsPerEpoch();
    const std::int64_t inEpoch = (step - 1) % perEpoch;
    const std::int64_t update = (step - 1) / perEpoch * m_state->updatesPerEpoch() + inEpoch / together + 1;
    const bool isUpdating = (inEpoch + 1) % together == 0 || inEpoch + 1 == perEpoch;
    StepNumbers numbers = m_state->numbersOf(inEpoch, update);
    numbers.learningRate = static_cast<float>(learningRate);
    const StepState state{m_state->job.settings.seed, step, batch->indices.data(), update};
    return (isUpdating ? training.network : training.gathering)->run(m_state->session, *batch, true, numbers, state);
}

std::optional<ValidationResult> EpochRunner::validate()
{
    Stream* validation = m_state->validation.get();
    if (!validation)
        return std::nullopt;
    StepGraph& network = *validation->network;
    Session& session = m_state->averaged ? *m_state->averaged : m_state->session;
    if (m_state->averaged) {
        for (const Value& variable : network.lowered.graph->variables()) {
            const std::string average = "ema/" + variable.name();
            copyVariable(m_state->session, m_state->session.hasVariable(average) ? average : variable.name(), session, variable.name());
        }
    }
    ValidationResult result;
    PredictionJudge judge(network.lowered);
    std::vector<float> output;
    validation->loader.startEpoch(0);
    while (const Batch* batch = validation->loader.next()) {
        const StepState state{m_state->job.settings.seed, 0, batch->indices.data()};
        if (m_state->monitor.needsJudge)
            output.resize(static_cast<std::size_t>(batch->size) * judge.outputsPerSample());
        const BatchResult one = network.run(session, *batch, false, {}, state, output.data());
        result.sums.add(one.loss, one.correct, one.samples);
        if (m_state->monitor.needsJudge)
            judge.add(output.data(), batch->columns[judge.targetFeed()].data(), batch->size);
    }
    if (m_state->monitor.needsJudge)
        result.judged = monitored(m_state->monitor, judge);
    return result;
}

} // namespace weft
