#pragma once

#include "core/graph/value.h"

namespace weft {

/// exp(x) / Σ exp(x) along `axis`, computed against overflow.
Value softmax(const Value& x, int axis = -1);
/// Softmax over the last axis of attention scores [N, ..., queries, keys], of the keys that count: the first
/// lengths[N] (int32; empty: all) and, where `isCausal`, none behind the query. The others become 0.
Value maskedSoftmax(const Value& scores, const Value& lengths, bool isCausal);

} // namespace weft
