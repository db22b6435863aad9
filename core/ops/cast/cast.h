#pragma once

#include "core/graph/op.h"

namespace weft {

/// The same values in another element type.
Value cast(const Value& x, DType dtype);

const OpSpec& castSpec();

/// A flag of Cast: its result is the input or the kernel of a convolution, which may take it with channels last.
inline constexpr const char* castForConvAttribute = "forConv";

} // namespace weft
