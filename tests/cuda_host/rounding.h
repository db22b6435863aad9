#pragma once

#include "core/device/kernel.h"

namespace weft {

/// A factor of a product as the tensor cores of a card round it.
float roundedFactor(float x, Precision precision);

} // namespace weft
