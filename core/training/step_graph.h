#pragma once

#include <vector>

#include "core/engine/session.h"
#include "core/training/epoch_runner.h"
#include "core/training/training_graph.h"

namespace weft {

/// How the loader reads a split for a network; the ranks of a run share each batch.
LoaderOptions loaderOptions(const TrainingJob& job, Split split, const Lowered& lowered, const Collectives* ranks = nullptr);

/// A lowered network with its metrics and what it is fed.
struct StepGraph {
    StepGraph(Lowered network, const BatchMetrics& batchMetrics, std::vector<ScalarFeed> scalars);

    /// Of a batch, where `loss` and `correct` are when the run has been finished.
    struct Results {
        float loss = 0;
        float correct = 0;
    };

    /// `more` are places for the fetches behind loss and correct.
    BatchResult run(Session& session, const Batch& batch, bool withEffects, const StepState& state, std::span<void* const> more = {});
    /// A run that `session.finish()` waits for. `batch` may change once this returns; `results` stay where they are.
    void start(Session& session, const Batch& batch, bool withEffects, const StepNumbers& numbers, const StepState& state, Results& results);
    /// Begins to copy a batch to the device, if it has the sizes of the last one.
    void stage(Session& session, const Batch& batch);
    /// Few sizes occur, the full batch, the last one of an epoch, some lengths: the last plan is mostly the right one.
    Plan& planFor(Session& session, std::int64_t n, std::int64_t t, bool withEffects);
    void setPlaces(Results& results, std::span<void* const> more);

    Lowered lowered;
    BatchMetrics metrics;
    std::vector<Value> fetches; ///< loss, correct where there is one, and what else the caller wants
    FeedList feeds;
    std::vector<void*> places; ///< of the fetches
    Plan* plan = nullptr;
    std::int64_t planTime = 1; ///< of `plan`
};

} // namespace weft
