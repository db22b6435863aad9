#pragma once

#include <vector>

#include "core/device/kernel.h"

namespace weft {

/// The ways to run a convolution (and, with `relu`, to cut it below zero) on a card.
std::vector<KernelOption> convOptions(const KernelRequest& request, bool relu);

} // namespace weft
