#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/network/lowering.h"
#include "core/training/settings.h"

namespace weft {

/// What a step reports of a batch.
struct BatchMetrics {
    Value loss; ///< scalar, the mean over the batch of the weighted losses
    Value correct; ///< scalar, how many samples are classified correctly; empty without a classification loss
};

/// Adds the metrics of a lowered network. The accuracy is that of the first classification loss that
/// inference keeps. Throws Error when the network has no loss.
BatchMetrics addMetrics(Lowered& lowered);

/// The numbers that a step feeds beside its batch.
struct StepNumbers {
    float learningRate = 0;
    float gatheredKept = 0; ///< of the gradients gathered from earlier batches: 0 in the first batch of an update
    float gatheredShare = 1; ///< of this batch in the gradient of the update
    float batchShare = 1; ///< of this rank's samples in the batch of all ranks
    float batchSamples = 0; ///< of all ranks
    float averageKept = 0; ///< of the moving average: 0 in the first update
    float averageShare = 1; ///< of the new weights
};

/// A scalar input of the graph and what it is fed.
struct ScalarFeed {
    Value value;
    float StepNumbers::*number;
};

/// A lowered network with everything that one training step needs.
struct TrainingGraph {
    BatchMetrics metrics;
    std::vector<ScalarFeed> scalars;
};

/// With gradient accumulation the last batch of an update changes the weights, the ones before only
/// gather their gradients.
enum class StepKind { Update, Gather };

/// Adds metrics, backward ops and the optimizer's updates to a network lowered for training. Slots are
/// variables named `slot/NAME/PARAMETER`: those of `optimizerRule`, and `gathered` gradients; averaged
/// weights are `ema/PARAMETER`. Parameters with a rate factor of 0 are frozen. Throws Error when there is
/// no loss or nothing to train. With `hasRanks` the gradients are those of the batches of all ranks together. With `scalesLoss`
/// the loss is scaled for gradients in float16 (core/ops/loss_scale); the variables of the scale are `lossScaleName` and
/// `lossScaleCountsName`.
TrainingGraph buildTrainingGraph(Lowered& lowered, const TrainingSettings& settings, StepKind kind = StepKind::Update, bool hasRanks = false,
                                 bool scalesLoss = false);
/// What the compression topK has not sent yet: `slot/residual/PARAMETER`, of each rank its own.
inline constexpr const char* residualName = "slot/residual";
inline constexpr const char* lossScaleName = "slot/loss_scale/scale";
inline constexpr const char* lossScaleCountsName = "slot/loss_scale/counts";

/// The gradients of a batch's mean loss, for a worker that sends them to a parameter server.
struct GradientGraph {
    BatchMetrics metrics;
    std::vector<Value> parameters;
    std::vector<Value> gradients; ///< of parameters
};
GradientGraph buildGradientGraph(Lowered& lowered);

/// The update that a parameter server makes of gradients that it is fed.
struct UpdateGraph {
    std::unique_ptr<Graph> graph;
    std::vector<Value> gradients; ///< inputs, in the order of the parameters
    std::vector<ScalarFeed> scalars;
};
/// `parameters` are variables of a worker's graph; this graph has variables of the same names.
UpdateGraph buildUpdateGraph(const std::vector<Value>& parameters, const TrainingSettings& settings);

/// True when a column enters as sequences whose length T differs from batch to batch.
bool hasVariableLength(const LoweredFeed& feed);
/// Those of the columns that the network takes as long as the batch needs.
std::vector<int> cutColumns(const Lowered& lowered, const Dataset& dataset);
/// The time of the longest batch that the data can give; 1 where no length varies.
std::int64_t longestTime(const Lowered& lowered, const Dataset& dataset);

/// Host pointers in the order of graph.inputs(): columns of a batch, and the scalars of a step.
class FeedList {
public:
    FeedList(const Lowered& lowered, std::vector<ScalarFeed> scalars);
    /// Valid until the next call or until an argument changes. `batch` has the columns of lowered.feeds.
    const std::vector<const void*>& pointers(const Batch& batch, const StepNumbers& numbers);
    /// The same without the scalars, whose places are null.
    std::vector<const void*> columns(const Batch& batch) const;

private:
    std::vector<ScalarFeed> m_scalars;
    std::vector<int> m_feedOfInput; ///< index into lowered.feeds, or −1 − index into m_scalars
    std::vector<const void*> m_pointers;
};

} // namespace weft
