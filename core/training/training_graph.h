#pragma once

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

/// A lowered network with everything that one training step needs.
struct TrainingGraph {
    BatchMetrics metrics;
    Value learningRate; ///< scalar feed
};

/// Adds metrics, backward ops and the optimizer's updates to a network lowered for training. Slots are
/// variables named `slot/NAME/PARAMETER`: `velocity` for SGD with momentum, `m` and `v` for Adam.
/// Throws Error when there is no loss or nothing to train.
TrainingGraph buildTrainingGraph(Lowered& lowered, const TrainingSettings& settings);

/// Column index in `dataset` of each feed. Throws Error when a column is missing or its shape or
/// element type differs from what the network declares.
std::vector<int> bindFeeds(const Lowered& lowered, const Dataset& dataset);

/// Host pointers in the order of graph.inputs(): columns of a batch, and the learning rate where the
/// graph has one.
class FeedList {
public:
    FeedList(const Lowered& lowered, const Value& learningRate);
    /// Valid until the next call or until `batch` changes. `batch` has the columns of lowered.feeds.
    const std::vector<const void*>& pointers(const Batch& batch, const float* learningRate);

private:
    std::vector<int> m_feedOfInput; ///< index into lowered.feeds, −1: learning rate, −2: not fed
    std::vector<const void*> m_pointers;
};

/// Throws Error when a label lies outside the classes of the prediction it is compared with.
void checkTargets(const Lowered& lowered, const Dataset& dataset, Split split);

} // namespace weft
