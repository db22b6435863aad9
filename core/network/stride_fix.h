#pragma once

#include <vector>

#include "core/base/diagnostic.h"
#include "core/network/network.h"

namespace weft {

/// Where an image or a sequence has become too small for a window ("shape.tooSmall"), the stride of a layer
/// before is often to blame. Finds one that, made smaller, mends it, and adds that to the
/// fixes of the first such fault: before the others when that stride leaves pixels out, else behind them.
void offerStrides(const Network& network, std::vector<Diagnostic>& diagnostics);

} // namespace weft
