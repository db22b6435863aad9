#pragma once

#include <vector>

#include "core/device/kernel.h"

namespace weft {

/// The ways to run a convolution on a card, where input 3 is added to it, and with `relu` to cut it below zero.
std::vector<KernelOption> convOptions(const KernelRequest& request, bool relu);

} // namespace weft
