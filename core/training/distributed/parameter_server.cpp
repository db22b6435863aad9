#include "core/training/distributed/parameter_server.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/training/data_fit.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/exchange_layout.h"
#include "core/training/distributed/worker_times.h"
#include "core/training/step_graph.h"
#include "core/training/variables.h"

namespace weft {

namespace {

/// What a worker is told, and tells with its gradient. Sent as numbers.
struct Errand {
    double isWork = 1; ///< 0: go home
    double epoch = 0, batch = 0, part = 0, parts = 1;
    double step = 0; ///< as randomness counts them
    double version = 0; ///< updates that the weights have seen
    double loss = 0, correct = 0, samples = 0; ///< of the answer
};
constexpr std::size_t errandNumbers = sizeof(Errand) / sizeof(double);

std::span<const double> numbersOf(const Errand& task)
{
    return {&task.isWork, errandNumbers};
}

Errand errandOf(const std::vector<double>& numbers)
{
    Errand task;
    std::copy_n(numbers.begin(), std::min(numbers.size(), errandNumbers), &task.isWork);
    return task;
}

/// The gradients of a lowered network, ready to run.
struct GradientStep {
    explicit GradientStep(const TrainingJob& job) : GradientStep(lower(job.network, {Mode::Train, true})) {}
    explicit GradientStep(Lowered lowered) : gradients(buildGradientGraph(lowered)), graph(std::move(lowered), gradients.metrics, {})
    {
        graph.fetches.insert(graph.fetches.end(), gradients.gradients.begin(), gradients.gradients.end());
    }

    GradientGraph gradients;
    StepGraph graph;
};

} // namespace

struct ParameterServer::State {
    State(const TrainingJob& trainingJob, Session& serverSession, Collectives& collectives) :
        job(trainingJob), session(serverSession), ranks(collectives), worker(trainingJob),
        layout(*worker.graph.lowered.graph, worker.gradients.parameters), update(buildUpdateGraph(worker.gradients.parameters, trainingJob.settings)),
        isSynchronous(job.settings.distributed.update == "parameterServer"), parts(ranksOfBatch(job.settings, &ranks))
    {
        const std::int64_t size = job.dataset->size(Split::Train);
        const std::int64_t batch = globalBatchSize(job.settings, &ranks, size);
        batches = (size + batch - 1) / batch;
        for (int rank = 1; rank < ranks.size(); ++rank)
            idle.insert(rank);
    }

    void hand(int to, std::int64_t batch, int part);
    void handOut();
    int answer(Errand& task, std::vector<float>& gradients);
    struct Parts;
    std::vector<int> quickestFirst() const;
    int partFor(int rank, const Parts& batch) const;
    BatchResult waitForBatch();
    BatchResult waitForAny();
    void apply(std::int64_t step, double rate);
    bool isTooFarAhead(int rank) const;

    const TrainingJob& job;
    Session& session;
    Collectives& ranks;
    GradientStep worker; ///< only its shape: the server computes no gradient
    ExchangeLayout layout;
    UpdateGraph update;
    Plan* plan = nullptr;
    const bool isSynchronous;
    const int parts; ///< of a batch
    std::int64_t batches = 0;

    std::int64_t epoch = 1;
    std::int64_t nextBatch = 0; ///< the first that nobody has
    std::int64_t firstStep = 1; ///< the step of batch 0 of the epoch
    std::int64_t version = 0; ///< updates done
    std::int64_t staleness = 0; ///< of the last gradient
    std::set<int> idle; ///< ranks without work
    std::map<int, std::int64_t> done; ///< gradients of each rank in this epoch
    WorkerTimes times;
    std::vector<float> weights; ///< of `weightsVersion`, as they are sent
    std::int64_t weightsVersion = -1;
    std::vector<std::vector<float>> spare; ///< arrays to receive in
    std::vector<float> sum; ///< gradients to apply, then the states of the rank they came from
};

ParameterServer::ParameterServer(const TrainingJob& job, Session& session, Collectives& ranks)
{
    const std::int64_t backups = job.settings.distributed.backupWorkers;
    if (ranks.size() < 2 + backups)
        throw Error(
            WEFT_TEXT("Training",
                      "A parameter server and %1 backup workers need at least %2 ranks, because rank 0 computes no gradients. Start more with "
                      "--ranks, or set training.distributed.update to \"allReduce\"."),
            backups, 2 + backups);
    m_state = std::make_unique<State>(job, session, ranks);
    bindFeeds(lowered(), *job.dataset);
    checkTargets(lowered(), *job.dataset, Split::Train);
    session.addVariables(*m_state->worker.graph.lowered.graph);
    session.addVariables(*m_state->update.graph);
    m_state->plan = &session.plan(*m_state->update.graph, {1, 1, {}, true});
}

ParameterServer::~ParameterServer() = default;

const Lowered& ParameterServer::lowered() const
{
    return m_state->worker.graph.lowered;
}

void ParameterServer::load(const TensorFile& file)
{
    loadVariables(m_state->session, *m_state->worker.graph.lowered.graph, file);
    loadVariables(m_state->session, *m_state->update.graph, file);
    m_state->weightsVersion = -1;
}

std::int64_t ParameterServer::stepsPerEpoch() const
{
    return m_state->batches;
}

bool ParameterServer::hasAccuracy() const
{
    return static_cast<bool>(m_state->worker.gradients.metrics.correct);
}

std::vector<PlanStep> ParameterServer::steps() const
{
    return m_state->plan->steps();
}

void ParameterServer::startEpoch(std::int64_t epoch, std::int64_t firstBatch)
{
    m_state->epoch = epoch;
    m_state->nextBatch = firstBatch;
    m_state->done.clear();
}

void ParameterServer::State::hand(int to, std::int64_t batch, int part)
{
    if (weightsVersion != version) {
        layout.read(session, weights);
        weightsVersion = version;
    }
    Errand task;
    task.epoch = static_cast<double>(epoch);
    task.batch = static_cast<double>(batch);
    task.part = part;
    task.parts = parts;
    task.step = static_cast<double>(firstStep + batch);
    task.version = static_cast<double>(version);
    ranks.send(to, numbersOf(task), weights);
    idle.erase(to);
    times.handed(to);
}

int ParameterServer::State::answer(Errand& task, std::vector<float>& gradients)
{
    std::vector<double> head;
    std::vector<float> sent;
    if (!spare.empty()) {
        sent = std::move(spare.back());
        spare.pop_back();
    }
    const int from = ranks.receive(head, sent);
    gradients = layout.unpacked(std::move(sent), wireFormat(job.settings.distributed.compression));
    task = errandOf(head);
    idle.insert(from);
    return from;
}

/// The workers without work, by what their last one took.
std::vector<int> ParameterServer::State::quickestFirst() const
{
    std::vector<int> order(idle.begin(), idle.end());
    std::stable_sort(order.begin(), order.end(), [&](int one, int other) { return times.lastSeconds(one) < times.lastSeconds(other); });
    return order;
}

/// Who computes the parts of a batch.
struct ParameterServer::State::Parts {
    std::map<int, std::pair<Errand, std::vector<float>>> back;
    int handed = 0;
    std::map<int, std::vector<int>> holders; ///< of each part, who had it first before who got a copy
    std::set<int> hasAnswered;
};

/// The next part that nobody has, else one of which a copy helps; -1 where there is none. A worker that had no part of this batch
/// is a backup. Another copies only what comes later than its copy: it would still be at it when the next batch begins.
int ParameterServer::State::partFor(int rank, const Parts& batch) const
{
    if (batch.handed < parts)
        return batch.handed;
    int best = -1;
    double longest = batch.hasAnswered.count(rank) ? times.lastSeconds(rank) : -1;
    for (const auto& [part, holders] : batch.holders) {
        const double remaining = times.remainingSeconds(holders.front());
        if (!batch.back.count(part) && holders.size() == 1 && remaining > longest) {
            best = part;
            longest = remaining;
        }
    }
    return best;
}

/// The parts of one batch. The quickest get theirs first; a slow worker may still compute for a batch that is long over: what it brings
/// is dropped.
BatchResult ParameterServer::State::waitForBatch()
{
    const std::int64_t number = nextBatch++;
    Parts batch;
    auto& back = batch.back;
    while (static_cast<int>(back.size()) < parts) {
        for (const int rank : quickestFirst()) {
            const int part = partFor(rank, batch);
            if (part < 0)
                continue;
            batch.handed = std::max(batch.handed, part + 1);
            batch.holders[part].push_back(rank);
            hand(rank, number, part);
        }
        Errand task;
        std::vector<float> gradients;
        const int from = answer(task, gradients);
        const bool isOfBatch = static_cast<std::int64_t>(task.batch) == number && static_cast<std::int64_t>(task.epoch) == epoch;
        const bool counts = isOfBatch && !back.count(static_cast<int>(task.part));
        if (isOfBatch)
            batch.hasAnswered.insert(from);
        if (counts)
            back.emplace(static_cast<int>(task.part), std::pair(task, std::move(gradients)));
        else
            spare.push_back(std::move(gradients));
        times.answered(from, static_cast<std::int64_t>(task.samples), counts ? 0 : -1);
    }
    double samples = 0;
    for (const auto& [part, answered] : back)
        samples += answered.first.samples;
    BatchResult result;
    sum.swap(back.at(0).second);
    for (auto& [part, answered] : back) {
        const Errand& task = answered.first;
        const auto share = static_cast<float>(task.samples / samples);
        const auto count = static_cast<std::size_t>(layout.parameterFloats());
        if (part == 0) {
            for (std::size_t i = 0; i < count; ++i)
                sum[i] *= share;
        } else {
            for (std::size_t i = 0; i < count; ++i)
                sum[i] += answered.second[i] * share;
        }
        if (task.samples > 0) {
            result.loss += task.loss * task.samples / samples;
            result.correct += task.correct;
        }
        spare.push_back(std::move(answered.second));
    }
    result.samples = static_cast<std::int64_t>(samples);
    return result;
}

/// A worker that is `stalenessBound` batches ahead of the slowest one waits.
bool ParameterServer::State::isTooFarAhead(int rank) const
{
    if (job.settings.distributed.update != "staleSynchronous")
        return false;
    const auto doneBy = [&](int of) {
        const auto it = done.find(of);
        return it == done.end() ? std::int64_t{0} : it->second;
    };
    std::int64_t least = doneBy(rank);
    for (int other = 1; other < ranks.size(); ++other)
        least = std::min(least, doneBy(other));
    return doneBy(rank) - least > job.settings.distributed.stalenessBound;
}

void ParameterServer::State::handOut()
{
    const std::vector<int> waiting(idle.begin(), idle.end());
    for (const int rank : waiting) {
        if (nextBatch < batches && !isTooFarAhead(rank))
            hand(rank, nextBatch++, 0);
    }
}

BatchResult ParameterServer::State::waitForAny()
{
    handOut();
    Errand task;
    spare.push_back(std::move(sum));
    const int from = answer(task, sum);
    ++done[from];
    staleness = version - static_cast<std::int64_t>(task.version);
    times.answered(from, static_cast<std::int64_t>(task.samples), staleness);
    return {task.loss, task.correct, static_cast<std::int64_t>(task.samples)};
}

void ParameterServer::State::apply(std::int64_t step, double rate)
{
    const TrainingSettings& settings = job.settings;
    StepNumbers numbers;
    numbers.learningRate
        = static_cast<float>(settings.distributed.rateByStaleness ? rate / static_cast<double>(std::max<std::int64_t>(staleness, 1)) : rate);
    numbers.averageKept = step == 1 ? 0.0f : static_cast<float>(settings.averagingDecay);
    numbers.averageShare = 1.0f - numbers.averageKept;
    std::vector<const void*> feeds;
    for (const Value& input : update.graph->inputs()) {
        const auto gradient = std::find(update.gradients.begin(), update.gradients.end(), input);
        if (gradient != update.gradients.end()) {
            feeds.push_back(layout.place(sum, static_cast<std::size_t>(gradient - update.gradients.begin())));
            continue;
        }
        const auto scalar = std::find_if(update.scalars.begin(), update.scalars.end(), [&](const ScalarFeed& s) { return s.value == input; });
        feeds.push_back(&(numbers.*(scalar->number)));
    }
    session.run(*plan, feeds, {}, {settings.seed, step, nullptr, step});
    layout.writeStates(session, sum);
    ++version;
}

BatchResult ParameterServer::step(std::int64_t step, double learningRate)
{
    State& s = *m_state;
    s.firstStep = (step - 1) / s.batches * s.batches + 1;
    const BatchResult result = s.isSynchronous ? s.waitForBatch() : s.waitForAny();
    s.apply(step, learningRate);
    return result;
}

QJsonArray ParameterServer::takeWorkers()
{
    return m_state->times.take();
}

void ParameterServer::dismiss()
{
    State& s = *m_state;
    const Errand home{.isWork = 0};
    for (int rank = 1; rank < s.ranks.size(); ++rank)
        s.ranks.send(rank, numbersOf(home), {});
    // What is still on its way is taken, so that nobody waits for it to be.
    Errand task;
    std::vector<float> late;
    while (static_cast<int>(s.idle.size()) < s.ranks.size() - 1)
        s.answer(task, late);
}

void workForServer(const TrainingJob& job, SessionOptions options, Collectives& ranks, const std::function<void()>& onReady)
{
    options.seed = job.settings.seed;
    options.collectives = nullptr;
    GradientStep step(job);
    Session session(options);
    session.addVariables(*step.graph.lowered.graph);
    const ExchangeLayout layout(*step.graph.lowered.graph, step.gradients.parameters);
    LoaderOptions loading = loaderOptions(job, Split::Train, step.graph.lowered);
    loading.batchSize = globalBatchSize(job.settings, &ranks, job.dataset->size(Split::Train));
    Loader loader(*job.dataset, loading);
    std::vector<float> answer(static_cast<std::size_t>(layout.floats()));
    std::vector<void*> places;
    for (std::size_t i = 0; i < step.gradients.parameters.size(); ++i)
        places.push_back(layout.place(answer, i));
    onReady();

    std::vector<double> head;
    std::vector<float> weights, packed;
    for (;;) {
        ranks.receive(head, weights);
        Errand task = errandOf(head);
        if (task.isWork == 0)
            return;
        layout.write(session, weights);
        const Batch* batch = loader.fetch(static_cast<std::int64_t>(task.epoch), static_cast<std::int64_t>(task.batch), static_cast<int>(task.part),
                                          static_cast<int>(task.parts));
        const StepState state{job.settings.seed, static_cast<std::int64_t>(task.step), batch->indices.data(), 0};
        const BatchResult result = step.graph.run(session, *batch, true, {}, state, places);
        task.loss = result.loss;
        task.correct = result.correct;
        task.samples = static_cast<double>(result.samples);
        layout.readStates(session, answer);
        ranks.send(0, numbersOf(task), layout.packed(answer, wireFormat(job.settings.distributed.compression), packed));
    }
}

} // namespace weft
