#pragma once

namespace weft {

/// The most single-precision operations per second that `threads` cores of this processor do, an FMA
/// counted as two: measured by a loop of independent FMAs of about 30 ms.
double measurePeakFlops(int threads);

} // namespace weft
