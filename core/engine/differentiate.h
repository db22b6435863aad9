#pragma once

#include <map>
#include <vector>

#include "core/graph/graph.h"

namespace weft {

/// Appends the backward ops of scalar `loss` to its graph, by each op's gradient rule, and returns
/// d loss / d target for each of `targets`, in order. Empty where the loss does not depend on it.
/// Throws Error, naming op and layer, when an op on the way has no gradient.
std::vector<Value> differentiate(const Value& loss, const std::vector<Value>& targets);

} // namespace weft
