#pragma once

#include <memory>

#include "core/device/collectives.h"
#include "core/device/kernel_table.h"

namespace weft {

/// The ranks of this MPI job. One call a process.
std::unique_ptr<Collectives> joinMpiRanks(const CollectivesOptions& options);

} // namespace weft
