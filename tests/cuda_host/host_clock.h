#pragma once

namespace weft {

/// Lets time pass for the events of streams, in milliseconds: so what is the fastest is the same each time.
void passOnHost(float milliseconds);

} // namespace weft
