#pragma once

#include "core/training/trainer.h"

namespace weft {

/// `train` with several replicas of the network in this process (in-graph replication): each takes its share of the
/// processor's threads and of every batch, as the ranks of several processes do, with the same results. The replicas
/// but the first are threads; a fault of one ends all.
TrainingEnd trainReplicas(const TrainingJob& job, const TrainingOptions& options, int replicas);

} // namespace weft
