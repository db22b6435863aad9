#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QJsonArray>

#include "core/training/checkpoint.h"
#include "core/training/metrics.h"
#include "core/training/progress.h"
#include "core/training/trainer.h"
#include "core/training/training_graph.h"

namespace weft {

/// What one training step gave.
struct BatchResult {
    double loss = 0; ///< mean over the batch
    double correct = 0; ///< number of samples
    std::int64_t samples = 0;
};

/// What the validation split gave.
struct ValidationResult {
    MetricSums sums;
    std::optional<double> judged; ///< the monitor's number where it needs a judge
};

/// What gradients in float16 are scaled by, and what became of it.
struct LossScaleState {
    double scale = 1;
    std::int64_t skippedUpdates = 0; ///< since the training began
};

/// The computing half of a training run: graphs, session, loaders. Knows nothing of files and events.
class EpochRunner {
public:
    /// Lowers the network, binds it to the data and checks the labels. Throws Error when they do not
    /// fit each other.
    EpochRunner(const TrainingJob& job, SessionOptions options);
    ~EpochRunner();

    Session& session();
    /// The kernels of a full batch.
    std::vector<PlanStep> steps() const;
    std::int64_t stepsPerEpoch() const;
    bool hasAccuracy() const;
    /// What about network and data is no fault but rarely meant.
    std::optional<Message> warning() const;
    /// The loss scale where there is one.
    std::optional<LossScaleState> lossScale() const;
    /// What early stopping and the best checkpoint go by.
    const Monitor& monitor() const;
    /// All variables from a checkpoint.
    void load(const TensorFile& file);

    /// Gives the other ranks the variables of this one. Without other ranks nothing is to do, as for all below:
    /// where there are some, rank 0 has them do what it does, and the results are those of all ranks together.
    void shareVariables();
    /// Has all variables in the session, also those that other parameter servers hold.
    void collectVariables();
    /// Divides what the compression topK has not sent evenly among the ranks, whose sum stays: a checkpoint, which rank 0 writes, then
    /// holds that of all of them.
    void evenResiduals();
    /// Ends what the other ranks do.
    void dismissRanks();

    void startEpoch(std::int64_t epoch, std::int64_t firstBatch);
    /// The next batch of the epoch. `step` counts from 1.
    BatchResult step(std::int64_t step, double learningRate);
    /// The same in two halves. Up to `stepsAtOnce` may be started before the first of them is finished: a card goes on with the
    /// next one while the host looks at the last. Those of one epoch alone, and nothing else is asked of this meanwhile.
    void startStep(std::int64_t step, double learningRate);
    BatchResult finishStep();
    int stepsAtOnce() const;
    /// What the workers of a parameter server did since this was last asked, for the run's events; empty without one.
    QJsonArray takeWorkers();
    /// The validation split in inference mode, with averaged weights where they are kept; nothing when
    /// the split is empty.
    std::optional<ValidationResult> validate();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weft
