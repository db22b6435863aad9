#pragma once

#include "core/base/dim.h"

namespace weft {

class Shape;

/// How many positions a window of `kernel` taps has along an axis of extent `in`, rounded down. An axis
/// that depends on the sequence keeps its extent or is refused. `x` is shown in messages. Throws Error.
Dim windowPositions(const char* op, const Shape& x, const Dim& in, std::int64_t kernel, std::int64_t stride, std::int64_t padBegin,
                    std::int64_t padEnd, std::int64_t dilation);

} // namespace weft
