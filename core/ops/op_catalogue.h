#pragma once

#include <vector>

#include "core/graph/op.h"

namespace weft {

/// Every op there is, for tests and reports.
const std::vector<const OpSpec*>& opCatalogue();

} // namespace weft
