#pragma once

#include "core/graph/op.h"

namespace weft {

/// The same values in another element type.
Value cast(const Value& x, DType dtype);

const OpSpec& castSpec();

/// Several values in one element type (`dtype`), which a card casts at once: y0, y1, … of x0, x1, …. Only the engine's passes build
/// it, of 16 bits, for which there are no references. `forConv`: for each value what `castForConvAttribute` is of one.
const OpSpec& castAllSpec();

/// A flag of Cast: its result is the input or the kernel of a convolution, which may take it with channels last.
inline constexpr const char* castForConvAttribute = "forConv";
inline bool isForConv(const Attributes& attributes)
{
    return attributes.has(castForConvAttribute) && attributes.flag(castForConvAttribute);
}

} // namespace weft
