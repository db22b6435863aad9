#pragma once

#include "core/engine/session.h"

namespace weft {

/// Bytes that the kernels of one run of the plan read and write, each array of theirs once: what a device's memory has to carry
/// where nothing stays in caches. Arrays that an op reads and overwrites count twice.
double bytesMoved(const Plan& plan);

} // namespace weft
