#pragma once

#include <atomic>

namespace weft {

/// Whether kernels that are prepared from now on have their libraries measure algorithms, see Device::setMeasuring.
inline std::atomic<bool> measuresAlgorithms = false;

} // namespace weft
