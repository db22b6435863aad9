#include "core/training/epoch_runner.h"

#include "core/base/error.h"
#include "core/training/variables.h"

namespace weft {

namespace {

/// Values that a run copies to the host: loss, and correct where there is one.
std::vector<Value> fetchesOf(const BatchMetrics& metrics)
{
    return metrics.correct ? std::vector<Value>{metrics.loss, metrics.correct} : std::vector<Value>{metrics.loss};
}

LoaderOptions loaderOptions(const TrainingJob& job, Split split, std::vector<int> columns)
{
    LoaderOptions options;
    options.split = split;
    options.columns = std::move(columns);
    options.batchSize = std::min(job.settings.batchSize, std::max<std::int64_t>(job.dataset->size(split), 1));
    options.shuffle = split == Split::Train && job.settings.shuffle;
    options.seed = job.settings.seed;
    return options;
}

/// A lowered network with its metrics and the loader that feeds it.
struct Stream {
    Stream(const TrainingJob& job, Lowered network, Split split, const BatchMetrics& batchMetrics, const Value& rate) :
        lowered(std::move(network)), metrics(batchMetrics), learningRate(rate),
        loader(*job.dataset, loaderOptions(job, split, bindFeeds(lowered, *job.dataset))), feeds(lowered, learningRate)
    {
    }

    BatchResult run(Session& session, const Batch& batch, bool withEffects, float rate, const StepState& state)
    {
        Plan& fitting = planFor(session, batch.size, withEffects);
        float loss = 0;
        float correct = 0;
        void* const results[] = {&loss, &correct};
        const std::size_t count = metrics.correct ? 2 : 1;
        session.run(fitting, feeds.pointers(batch, &rate), std::span(results, count), state);
        return {loss, correct, batch.size};
    }

    /// Two sizes occur, the full batch and the last one of an epoch: the last plan is mostly the right one.
    Plan& planFor(Session& session, std::int64_t n, bool withEffects)
    {
        if (!plan || plan->n() != n)
            plan = &session.plan(*lowered.graph, {n, 1, fetchesOf(metrics), withEffects});
        return *plan;
    }

    Lowered lowered;
    BatchMetrics metrics;
    Value learningRate;
    Loader loader;
    FeedList feeds;
    Plan* plan = nullptr;
};

} // namespace

struct EpochRunner::State {
    State(const TrainingJob& trainingJob, const SessionOptions& options) : job(trainingJob), session(options) {}

    const TrainingJob& job;
    // The session goes before the graphs that its plans point into.
    std::unique_ptr<Stream> training;
    std::unique_ptr<Stream> validation;
    Session session;
};

EpochRunner::EpochRunner(const TrainingJob& job, SessionOptions options)
{
    options.seed = job.settings.seed;
    m_state = std::make_unique<State>(job, options);
    State& state = *m_state;
    const std::int64_t trainingSize = job.dataset->size(Split::Train);
    if (trainingSize == 0)
        throw Error(WEFT_TEXT("Training", "The data have no training samples. Check the source and the size of the validation and test parts."));

    Lowered lowered = lower(job.network, {Mode::Train, true});
    const TrainingGraph graph = buildTrainingGraph(lowered, job.settings);
    checkTargets(lowered, *job.dataset, Split::Train);
    state.training = std::make_unique<Stream>(job, std::move(lowered), Split::Train, graph.metrics, graph.learningRate);
    state.session.addVariables(*state.training->lowered.graph);

    if (job.dataset->size(Split::Validation) > 0) {
        Lowered inference = lower(job.network, {Mode::Infer, true});
        const BatchMetrics metrics = addMetrics(inference);
        checkTargets(inference, *job.dataset, Split::Validation);
        state.validation = std::make_unique<Stream>(job, std::move(inference), Split::Validation, metrics, Value());
        state.session.addVariables(*state.validation->lowered.graph);
    }
    state.training->planFor(state.session, std::min(job.settings.batchSize, trainingSize), true);
}

EpochRunner::~EpochRunner() = default;

Session& EpochRunner::session()
{
    return m_state->session;
}

std::vector<PlanStep> EpochRunner::steps() const
{
    return m_state->training->plan->steps();
}

std::int64_t EpochRunner::stepsPerEpoch() const
{
    return m_state->training->loader.batchesPerEpoch();
}

bool EpochRunner::hasAccuracy() const
{
    return static_cast<bool>(m_state->training->metrics.correct);
}

void EpochRunner::load(const TensorFile& file)
{
    loadVariables(m_state->session, *m_state->training->lowered.graph, file);
    if (m_state->validation)
        loadVariables(m_state->session, *m_state->validation->lowered.graph, file);
}

void EpochRunner::startEpoch(std::int64_t epoch, std::int64_t firstBatch)
{
    m_state->training->loader.startEpoch(epoch, firstBatch);
}

BatchResult EpochRunner::step(std::int64_t step, double learningRate)
{
    const Batch* batch = m_state->training->loader.next();
    if (!batch)
        throw Error(WEFT_TEXT("Training", "The data ended before the epoch did."));
    const StepState state{m_state->job.settings.seed, step, batch->indices.data()};
    return m_state->training->run(m_state->session, *batch, true, static_cast<float>(learningRate), state);
}

std::optional<MetricSums> EpochRunner::validate()
{
    Stream* validation = m_state->validation.get();
    if (!validation)
        return std::nullopt;
    MetricSums sums;
    validation->loader.startEpoch(0);
    while (const Batch* batch = validation->loader.next()) {
        const StepState state{m_state->job.settings.seed, 0, batch->indices.data()};
        const BatchResult result = validation->run(m_state->session, *batch, false, 0.0f, state);
        sums.add(result.loss, result.correct, result.samples);
    }
    return sums;
}

} // namespace weft
