#pragma once

#include "core/graph/value.h"

namespace weft {

// What masks of sequences consist of, as a model that is read back from a file spells them out. Layers use ops that
// read lengths themselves.

/// The numbers 0, 1, … of the steps, int32 [count].
Value steps(Graph& graph, const Dim& count);
/// 1 where a < b, else 0, uint8. a and b int32, stretched as NumPy does it.
Value less(const Value& a, const Value& b);

} // namespace weft
