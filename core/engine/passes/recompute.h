#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// One update op a parameter, where it stands for many: a gradient then lives no longer than until its own update.
bool splitUpdates(const Op& op, Rewriter& rewriter);

/// An order of the graph's ops for little memory, in which ops may come twice: after Chen et al., "Training Deep
/// Nets with Sublinear Memory Cost" (2016), the forward pass is cut into segments; what goes from one to the next
/// is kept, the rest is computed again where the backward pass reaches the segment. Each op that overwrites
/// variables moves up to where all that it reads is done. The cuts are those with the smallest peak of a few
/// that are tried; they depend on the shapes alone.
std::vector<const Op*> leanOrder(const Graph& graph, const PlanRequest& request);

} // namespace weft
