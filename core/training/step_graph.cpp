#include "core/training/step_graph.h"

#include <algorithm>

#include "core/device/collectives.h"
#include "core/training/data_fit.h"
#include "core/training/distributed/batch_of_ranks.h"

namespace weft {

namespace {

std::vector<Value> fetchesOf(const BatchMetrics& metrics)
{
    return metrics.correct ? std::vector<Value>{metrics.loss, metrics.correct} : std::vector<Value>{metrics.loss};
}

} // namespace

LoaderOptions loaderOptions(const TrainingJob& job, Split split, const Lowered& lowered, const Collectives* ranks)
{
    LoaderOptions options;
    options.split = split;
    options.columns = bindFeeds(lowered, *job.dataset);
    options.cutColumns = cutColumns(lowered, *job.dataset);
    options.batchSize = globalBatchSize(job.settings, ranks, job.dataset->size(split));
    options.shuffle = split == Split::Train && job.settings.shuffle;
    options.seed = job.settings.seed;
    options.keepsSamples = job.settings.distributed.shuffle == "perRank";
    if (ranks) {
        options.rank = ranks->rank();
        options.ranks = ranks->size();
    }
    return options;
}

StepGraph::StepGraph(Lowered network, const BatchMetrics& batchMetrics, std::vector<ScalarFeed> scalars) :
    lowered(std::move(network)), metrics(batchMetrics), fetches(fetchesOf(metrics)), feeds(lowered, std::move(scalars))
{
}

void StepGraph::setPlaces(Results& results, std::span<void* const> more)
{
    places.assign(1, &results.loss);
    if (metrics.correct)
        places.push_back(&results.correct);
    places.insert(places.end(), more.begin(), more.end());
}

BatchResult StepGraph::run(Session& session, const Batch& batch, bool withEffects, const StepState& state, std::span<void* const> more)
{
    Plan& fitting = planFor(session, batch.size, batch.time, withEffects);
    Results results;
    setPlaces(results, more);
    session.run(fitting, feeds.pointers(batch, {}), places, state);
    return {results.loss, results.correct, batch.samples()};
}

void StepGraph::start(Session& session, const Batch& batch, bool withEffects, const StepNumbers& numbers, const StepState& state, Results& results)
{
    Plan& fitting = planFor(session, batch.size, batch.time, withEffects);
    setPlaces(results, {});
    session.start(fitting, feeds.pointers(batch, numbers), places, state);
}

void StepGraph::stage(Session& session, const Batch& batch)
{
    if (plan && plan->n() == batch.size && planTime == batch.time)
        session.stage(*plan, feeds.columns(batch));
}

Plan& StepGraph::planFor(Session& session, std::int64_t n, std::int64_t t, bool withEffects)
{
    if (!plan || plan->n() != n || planTime != t)
        plan = &session.plan(*lowered.graph, {n, t, fetches, withEffects});
    planTime = t;
    return *plan;
}

} // namespace weft
