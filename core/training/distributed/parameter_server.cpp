#include "core/training/distributed/parameter_server.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/training/data_fit.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/server_letters.h"
#include "core/training/distributed/server_shard.h"
#include "core/training/distributed/worker_times.h"
#include "core/training/variables.h"

namespace weft {

struct ParameterServer::State {
    State(const TrainingJob& trainingJob, Session& serverSession, Collectives& collectives) :
        job(trainingJob), session(serverSession), ranks(collectives), worker(trainingJob),
        shards(serverShards(*worker.graph.lowered.graph, worker.gradients.parameters, job.settings)),
        isSynchronous(job.settings.distributed.update == "parameterServer"), parts(ranksOfBatch(job.settings, &ranks))
    {
        const std::int64_t size = job.dataset->size(Split::Train);
        const std::int64_t batch = globalBatchSize(job.settings, &ranks, size);
        batches = (size + batch - 1) / batch;
        for (int rank = servers(); rank < ranks.size(); ++rank)
            idle.insert(rank);
    }

    int servers() const { return static_cast<int>(shards.size()); }
    void tell(int server, const ServerOrder& order, std::span<const float> body = {}) { ranks.send(server, order.numbers(), body); }
    void tellAll(const ServerOrder& order)
    {
        for (int server = 1; server < servers(); ++server)
            tell(server, order);
    }
    void shareVariables();
    void collectVariables();
    void hand(int to, std::int64_t batch, int part);
    void handOut();
    struct Letter {
        int from = 0;
        std::vector<double> head;
        std::vector<float> body;
    };
    int receive(std::vector<double>& head, std::vector<float>& body);
    int answer(Errand& errand, std::vector<float>& gradient);
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
    GradientStep worker; ///< only its shape: servers compute no gradients
    const std::vector<ServerShard> shards; ///< of all servers; the variables of others are only brought here by collectVariables()
    std::optional<ShardWeights> weights; ///< of this one
    const bool isSynchronous;
    const int parts; ///< of a batch
    std::int64_t batches = 0;
    bool areShared = false; ///< whether the other servers have their variables as they are here
    bool areCollected = true; ///< whether all variables here are those of the servers

    std::int64_t epoch = 1;
    std::int64_t nextBatch = 0; ///< the first that nobody has
    std::int64_t firstStep = 1; ///< the step of batch 0 of the epoch
    std::int64_t version = 0; ///< updates done
    std::int64_t staleness = 0; ///< of the last gradient
    double serial = 0; ///< of the last errand
    std::set<int> idle; ///< ranks without work
    std::map<int, std::int64_t> done; ///< gradients of each rank in this epoch
    WorkerTimes times;
    std::deque<Letter> early; ///< of workers, which came while this waited for servers
    SpareArrays spare;
    std::vector<ServerOrder::Part> counted; ///< what the next update takes
    std::vector<GradientShare> shares; ///< the gradients of `counted`
};

ParameterServer::ParameterServer(const TrainingJob& job, Session& session, Collectives& ranks)
{
    const std::int64_t servers = job.settings.distributed.servers, backups = job.settings.distributed.backupWorkers;
    if (ranks.size() < servers + 1 + backups)
        throw Error(WEFT_TEXT("Training",
                              "%1 parameter server(s) and %2 backup workers need at least %3 ranks, because servers compute no gradients. Start more "
                              "with --ranks, or set training.distributed.update to \"allReduce\"."),
                    servers, backups, servers + 1 + backups);
    m_state = std::make_unique<State>(job, session, ranks);
    bindFeeds(lowered(), *job.dataset);
    checkTargets(lowered(), *job.dataset, Split::Train);
    session.addVariables(*m_state->worker.graph.lowered.graph);
    for (const ServerShard& shard : m_state->shards)
        session.addVariables(*shard.update.graph);
    m_state->weights.emplace(m_state->shards.front(), session, job.settings);
}

ParameterServer::~ParameterServer() = default;

const Lowered& ParameterServer::lowered() const
{
    return m_state->worker.graph.lowered;
}

void ParameterServer::load(const TensorFile& file)
{
    loadVariables(m_state->session, *m_state->worker.graph.lowered.graph, file);
    for (const ServerShard& shard : m_state->shards)
        loadVariables(m_state->session, *shard.update.graph, file);
    m_state->weights->haveChanged();
    m_state->areShared = false;
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
    return m_state->weights->plan().steps();
}

void ParameterServer::startEpoch(std::int64_t epoch, std::int64_t firstBatch)
{
    m_state->shareVariables();
    m_state->epoch = epoch;
    m_state->nextBatch = firstBatch;
    m_state->done.clear();
}

/// The other servers begin with what this one was given.
void ParameterServer::State::shareVariables()
{
    for (int server = 1; server < servers() && !areShared; ++server)
        tell(server, {.kind = ServerOrder::Kind::Take}, shards[static_cast<std::size_t>(server)].read(session));
    areShared = true;
}

/// Has all variables here, for a checkpoint or a validation.
void ParameterServer::State::collectVariables()
{
    if (areCollected)
        return;
    tellAll({.kind = ServerOrder::Kind::Tell});
    std::vector<double> head;
    std::vector<float> body;
    for (int missing = servers() - 1; missing > 0;) {
        const int from = ranks.receive(head, body);
        if (from < servers()) {
            shards[static_cast<std::size_t>(from)].write(session, body);
            --missing;
        } else {
            early.push_back({from, std::move(head), std::move(body)});
        }
    }
    areCollected = true;
}

void ParameterServer::State::hand(int to, std::int64_t batch, int part)
{
    Errand errand;
    errand.serial = ++serial;
    errand.epoch = static_cast<double>(epoch);
    errand.batch = static_cast<double>(batch);
    errand.part = part;
    errand.parts = parts;
    errand.step = static_cast<double>(firstStep + batch);
    errand.version = static_cast<double>(version);
    tellAll({.kind = ServerOrder::Kind::Give, .rank = to});
    ranks.send(to, numbersOf(errand), weights->given(to));
    idle.erase(to);
    times.handed(to);
}

/// The next letter of a worker.
int ParameterServer::State::receive(std::vector<double>& head, std::vector<float>& body)
{
    if (early.empty())
        return ranks.receive(head, body);
    Letter letter = std::move(early.front());
    early.pop_front();
    head = std::move(letter.head);
    body = std::move(letter.body);
    return letter.from;
}

int ParameterServer::State::answer(Errand& errand, std::vector<float>& gradient)
{
    std::vector<double> head;
    std::vector<float> sent = spare.take();
    const int from = receive(head, sent);
    gradient = shards.front().layout.unpacked(std::move(sent), wireFormat(job.settings.distributed.compression));
    errand = errandOf(head);
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
        if (counts) {
            back.emplace(static_cast<int>(task.part), std::pair(task, std::move(gradients)));
        } else {
            tellAll({.kind = ServerOrder::Kind::Forget, .parts = {{task.serial}}});
            spare.give(std::move(gradients));
        }
        times.answered(from, static_cast<std::int64_t>(task.samples), counts ? 0 : -1);
    }
    double samples = 0;
    for (const auto& [part, answered] : back)
        samples += answered.first.samples;
    BatchResult result;
    for (auto& [part, answered] : back) {
        const Errand& task = answered.first;
        counted.push_back({task.serial, task.samples / samples});
        shares.push_back({std::move(answered.second), static_cast<float>(counted.back().share)});
        if (task.samples > 0) {
            result.loss += task.loss * task.samples / samples;
            result.correct += task.correct;
        }
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
    for (int other = servers(); other < ranks.size(); ++other)
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
    GradientShare& share = shares.emplace_back();
    const int from = share.worker = answer(task, share.gradient);
    counted.push_back({task.serial, 1});
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
    tellAll({ServerOrder::Kind::Update, 0, step, numbers.learningRate, numbers.averageKept, numbers.averageShare, std::exchange(counted, {})});
    weights->update(shares, numbers, step);
    for (GradientShare& share : shares)
        spare.give(std::move(share.gradient));
    shares.clear();
    areCollected = servers() == 1;
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
    // Who is at work finishes it first, and no server waits for a worker that has gone.
    Errand late;
    std::vector<float> gradient;
    while (static_cast<int>(s.idle.size()) < s.ranks.size() - s.servers())
        s.answer(late, gradient);
    const Errand home{.isWork = 0};
    for (const int rank : s.idle)
        s.ranks.send(rank, numbersOf(home), {});
    s.tellAll({.kind = ServerOrder::Kind::End});
}

void ParameterServer::collectVariables()
{
    m_state->collectVariables();
}

} // namespace weft
