#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/tree.h"

namespace weft {

/// How the learning rate goes during a run; schedule.h says what each number means.
struct ScheduleSettings {
    std::string type = "constant";
    std::int64_t warmupSteps = 0;
    std::int64_t stepEpochs = 10;
    std::vector<std::int64_t> milestones = {};
    double gamma = 0.1;
    double power = 1.0;
    std::int64_t epochs = 0;
    std::int64_t periodFactor = 1;
    double minimumRate = 0.0;
    double peakShare = 0.3, divisor = 25.0, finalDivisor = 1e4;
    std::int64_t patience = 10;
    double threshold = 1e-4;
    std::int64_t cooldown = 0;
    friend bool operator==(const ScheduleSettings&, const ScheduleSettings&) = default;
};

/// How several ranks train together.
struct DistributedSettings {
    /// "allReduce": the ranks add up their gradients; "parameterServer": rank 0 adds those of a whole batch up and
    /// sends the new weights; "staleSynchronous", "asynchronous": it takes each gradient as it comes.
    std::string update = "allReduce";
    std::int64_t stalenessBound = 3; ///< staleSynchronous: batches that a worker may be ahead of the slowest one
    std::int64_t backupWorkers = 0; ///< parameterServer: workers that take over the part of a slow one
    std::int64_t servers = 1; ///< parameter servers that share the weights: the first ranks
    bool rateByStaleness = true; ///< a gradient of weights that have changed k times since counts 1 / k
    double delayCompensation = 0; ///< λ of the correction of stale gradients (arXiv 1609.08326); 0: none
    bool synchronisedBatchNorm = false; ///< statistics over the batch of all ranks
    std::int64_t bucketMegabytes = 4; ///< of gradients that are sent together
    std::string compression = "none"; ///< of gradients on their way: or "bfloat16", "float16", "topK"
    double topKPercent = 1; ///< topK: so much of each gradient is sent, the largest; what is not waits for the next step
    std::string batch = "global"; ///< who has `batchSize` samples a step: all ranks together, or "perRank" each of them
    std::string learningRateScaling = "linear"; ///< perRank: the rate grows with the ranks that share a batch; or "none"
    std::string shuffle = "global"; ///< what an epoch shuffles: all samples, or "perRank" those that stay with each rank
    std::int64_t warmupEpochs = 5; ///< in which the scaled rate is reached
    bool hasServer() const { return update != "allReduce"; }
    bool sendsLargestAlone() const { return compression == "topK"; }
    bool hasStaleGradients() const { return update == "staleSynchronous" || update == "asynchronous"; }
    bool isServer(int rank) const { return hasServer() && rank < servers; }
    friend bool operator==(const DistributedSettings&, const DistributedSettings&) = default;
};

/// The project's `training` with defaults filled in and checked. Defaults that depend on the optimizer
/// or the schedule are those that PyTorch gives them.
struct TrainingSettings {
    std::string optimizer = "adam"; ///< a name of `optimizers()`
    double learningRate = 1e-3;
    double momentum = 0.0;
    bool nesterov = false;
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double alpha = 0.99; ///< RMSprop: memory of the squared gradient
    double rho = 0.9; ///< Adadelta: the same
    double momentumDecay = 4e-3; ///< NAdam
    double learningRateDecay = 0.0; ///< Adagrad
    double weightDecay = 0.0;
    bool decoupledWeightDecay = false; ///< shrinks the weights themselves instead of adding to the gradient
    double l1 = 0.0;
    double clipNorm = 0.0; ///< largest norm of all gradients together; 0: no clipping
    double clipValue = 0.0; ///< largest size of one gradient; 0: no clipping
    std::int64_t gradientAccumulation = 1; ///< batches that one update of the weights is made of
    double averagingDecay = 0.0; ///< of the moving average of the weights; 0: none is kept
    ScheduleSettings schedule;
    DistributedSettings distributed;
    std::string monitor = "auto"; ///< what early stopping, the best checkpoint and the plateau schedule go by
    std::int64_t patience = 0; ///< epochs without improvement before the run ends early; 0: it does not
    double minimumDelta = 0.0; ///< what counts as improvement for early stopping
    std::int64_t epochs = 5;
    std::int64_t batchSize = 64;
    std::uint64_t seed = 1;
    bool shuffle = true;
    std::string memory = "normal"; ///< or "lean": values that the backward pass needs are computed again, not kept
    friend bool operator==(const TrainingSettings&, const TrainingSettings&) = default;
};

/// Reads {"optimizer": {"type", "learningRate", …}, "gradientClipping": {"norm" | "value"},
/// "gradientAccumulation", "weightAveraging": {"decay"}, "schedule": {"type", …}, "monitor",
/// "earlyStopping": {"patience", "minimumDelta"}, "distributed": {"update", "stalenessBound", "backupWorkers", "servers", "delayCompensation",
/// "rateByStaleness", "synchronisedBatchNorm", "bucketMegabytes", "compression", "topKPercent", "batch", "learningRateScaling", "warmupEpochs"},
/// "epochs", "batchSize", "seed", "shuffle", "memory"}. Throws Error for unknown keys, wrong kinds and ranges, and settings that contradict each
/// other.
TrainingSettings trainingSettings(const Tree& training);
/// The inverse, with every key, for forms and records.
Tree trainingTree(const TrainingSettings& settings);

} // namespace weft
