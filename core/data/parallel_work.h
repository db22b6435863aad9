#pragma once

#include <cstdint>
#include <functional>

#include "core/data/dataset.h"

namespace weft {

/// Calls `work(i)` for every i below `count` on all cores, with plain threads (only the trainer's
/// thread may enter OpenMP). `progress` is called on the calling thread. Rethrows the first exception;
/// throws Error when `progress` cancels.
void workInParallel(std::int64_t count, const std::function<void(std::int64_t)>& work, const DataProgress& progress);

} // namespace weft
