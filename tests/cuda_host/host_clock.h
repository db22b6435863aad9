#pragma once

namespace weft {

/// Lets time pass for the events of streams, in milliseconds, beside the microsecond of each kernel: so what is the fastest is the
/// same each time.
void passOnHost(double milliseconds);

} // namespace weft
