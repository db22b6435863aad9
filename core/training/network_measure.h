#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/engine/session.h"
#include "core/network/network.h"
#include "core/training/checkpoint.h"
#include "core/training/settings.h"

namespace weft {

/// What was measured of one node; a negative number: the node has none.
struct NodeMeasure {
    std::string node; ///< with its way through blocks: "conv1", "stage1", "stage1/conv1"
    double milliseconds = 0; ///< of one training step, forward and back, for each sample of the batch
    double gradientNorm = -1; ///< of the gradients of all its weights together, for one batch
    double deadShare = -1; ///< of its units (channels, features) those that are 0 everywhere for every sample
};

struct NetworkMeasure {
    std::int64_t samples = 0; ///< in the batch
    std::vector<NodeMeasure> nodes; ///< in the order of the way through the network
};

/// Told how far it is, from 0 to 1; returns false to cancel.
using MeasureProgress = std::function<bool(double fraction)>;

/// Measures every node on one batch of the training data, with the weights of a checkpoint, or those that training
/// starts from where `weights` is null. The batch is as large as takes about a second, at most 32 samples. Changes
/// nothing. Throws Error when the network or the data do not allow it, or it was cancelled.
NetworkMeasure measureNetwork(const Network& network, const TrainingSettings& settings, const TensorFile* weights, const Dataset& dataset,
                              const SessionOptions& session, const MeasureProgress& progress);

} // namespace weft
