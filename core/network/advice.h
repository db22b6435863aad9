#pragma once

#include <vector>

#include "core/base/diagnostic.h"
#include "core/network/lowering.h"

namespace weft {

/// Remarks on what can be computed but was hardly meant, read off the graph: two Dense layers with nothing between
/// them that bends (dense.noActivation), a bias that BatchNorm takes away again (norm.biasBefore). `lowered` is the
/// network lowered for inference, as far as it could be.
void advise(const Network& network, const Lowered& lowered, std::vector<Diagnostic>& diagnostics);

} // namespace weft
