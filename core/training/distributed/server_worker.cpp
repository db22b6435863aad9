#include "core/training/data_fit.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/distributed/parameter_server.h"
#include "core/training/distributed/server_letters.h"
#include "core/training/distributed/server_shard.h"

namespace weft {

namespace {

/// Arrays of a worker: one for each server.
using Arrays = std::vector<std::vector<float>>;

/// Where the gradients of `parameters` go in what is sent to the servers.
std::vector<void*> placesOf(const std::vector<Value>& parameters, const std::vector<ServerShard>& shards, Arrays& answers)
{
    std::vector<void*> places;
    for (const Value& parameter : parameters) {
        for (std::size_t server = 0; server < shards.size(); ++server) {
            const std::vector<Value>& own = shards[server].parameters;
            const auto found = std::find(own.begin(), own.end(), parameter);
            if (found != own.end())
                places.push_back(shards[server].layout.place(answers[server], static_cast<std::size_t>(found - own.begin())));
        }
    }
    return places;
}

/// Waits for an errand from rank 0 and the weights of all servers, in whichever order they come.
Errand receiveErrand(Collectives& ranks, Arrays& weights)
{
    Errand errand;
    std::vector<double> head;
    std::vector<float> body;
    for (std::size_t missing = weights.size(); missing > 0; --missing) {
        const int from = ranks.receive(head, body);
        if (from == 0)
            errand = errandOf(head);
        if (errand.isWork == 0)
            return errand;
        std::swap(weights[static_cast<std::size_t>(from)], body);
    }
    return errand;
}

} // namespace

void workForServer(const TrainingJob& job, SessionOptions options, Collectives& ranks, const std::function<void()>& onReady)
{
    options.seed = job.settings.seed;
    options.collectives = nullptr;
    GradientStep step(job);
    Session session(options);
    session.addVariables(*step.graph.lowered.graph);
    const std::vector<ServerShard> shards = serverShards(*step.graph.lowered.graph, step.gradients.parameters, job.settings);
    LoaderOptions loading = loaderOptions(job, Split::Train, step.graph.lowered);
    loading.batchSize = globalBatchSize(job.settings, &ranks, job.dataset->size(Split::Train));
    Loader loader(*job.dataset, loading);
    Arrays answers, weights(shards.size());
    for (const ServerShard& shard : shards)
        answers.emplace_back(static_cast<std::size_t>(shard.layout.floats()));
    const std::vector<void*> places = placesOf(step.gradients.parameters, shards, answers);
    const WireFormat format = wireFormat(job.settings.distributed.compression);
    onReady();

    std::vector<float> packed;
    for (;;) {
        Errand errand = receiveErrand(ranks, weights);
        if (errand.isWork == 0)
            return;
        for (std::size_t server = 0; server < shards.size(); ++server)
            shards[server].layout.write(session, weights[server]);
        const Batch* batch = loader.fetch(static_cast<std::int64_t>(errand.epoch), static_cast<std::int64_t>(errand.batch),
                                          static_cast<int>(errand.part), static_cast<int>(errand.parts));
        const StepState state{job.settings.seed, static_cast<std::int64_t>(errand.step), batch->indices.data(), 0};
        const BatchResult result = step.graph.run(session, *batch, true, state, places);
        errand.loss = result.loss;
        errand.correct = result.correct;
        errand.samples = static_cast<double>(result.samples);
        shards.front().layout.readStates(session, answers.front());
        // Rank 0 hears last: when it gives more work, no other server waits for this worker any more.
        for (std::size_t server = shards.size(); server-- > 0;)
            ranks.send(static_cast<int>(server), numbersOf(errand), shards[server].layout.packed(answers[server], format, packed));
    }
}

} // namespace weft
