#pragma once

#include <memory>

#include "core/device/kernel.h"

namespace weft {

/// A kernel that copies its one input, an array of `type` in layout `from`, to its one output in
/// layout `to`, of any element type. Padding lanes and channels of the result are zero.
std::unique_ptr<Kernel> makeReorder(const ArrayType& type, Layout from, Layout to);

} // namespace weft
