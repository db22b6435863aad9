#pragma once

#include <cstdint>

#include "core/device/collectives.h"
#include "core/training/settings.h"

namespace weft {

// What the ranks of a run make of `training.batchSize` and the learning rate. With `distributed.batch` "global" the
// ranks share a batch of that size, so that N of them train as one process does. With "perRank" each takes so many
// samples: a step sees n times as many, n the ranks that share it, and its gradient scatters less, so that the rate may
// be n times as large ("linear" scaling; Goyal et al. 2017, arXiv 1706.02677) once the first epochs are over.

/// The ranks that share a batch: those that compute, without backup workers. Ranks whose gradients count one by one
/// share nothing. `ranks` is null where a process trains alone.
int ranksOfBatch(const TrainingSettings& settings, const Collectives* ranks);
/// The same of `ranks` ranks that are not there yet.
int ranksOfBatch(const TrainingSettings& settings, int ranks);

/// Samples of a step of all ranks together; at most `available`, at least 1.
std::int64_t globalBatchSize(const TrainingSettings& settings, const Collectives* ranks, std::int64_t available);
/// The same of `ranks` ranks that are not there yet.
std::int64_t globalBatchSize(const TrainingSettings& settings, int ranks, std::int64_t available);

/// Throws Error where a run that began with `before` ranks cannot go on with `now`: where each rank has a batch of its own, their
/// number decides how many steps an epoch has; where it has samples of its own, which ones these are.
void checkNumberOfRanks(const TrainingSettings& settings, int before, int now);

/// What the learning rate of a step, which counts from 1, is multiplied by: it grows from 1 to n along a line in the
/// first `warmupEpochs`.
double rateScale(const TrainingSettings& settings, int ranksOfBatch, std::int64_t stepsPerEpoch, std::int64_t step);

} // namespace weft
