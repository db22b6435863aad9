#pragma once

#include "core/graph/graph.h"

namespace weft {

/// Lets every BatchNorm of a training graph normalise by the statistics of the whole batch of all ranks instead of
/// those of its own samples. `share` [] is the part of the batch that this rank has, `samples` [] how many all ranks
/// have. Before the graph is differentiated. Throws Error for a BatchNorm over sequences of variable length.
void synchroniseBatchNorms(Graph& graph, const Value& share, const Value& samples);

} // namespace weft
