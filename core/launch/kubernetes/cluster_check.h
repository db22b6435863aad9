#pragma once

#include <vector>

#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/kubernetes/objects.h"

namespace weft {

/// Asks the cluster what it serves. Throws Error where it cannot be reached.
ClusterFacts clusterFacts(const Kubectl& kubectl);
/// What a job on the target needs, one finding each, up to the first without which the rest makes no sense.
std::vector<Finding> checkCluster(const Target& target, const Kubectl& kubectl);

} // namespace weft
