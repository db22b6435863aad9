#pragma once

#include "core/graph/value.h"

namespace weft {

// Reductions over the steps of sequences x [N, T, ...] to [N, ...]. lengths int32 [N] says how many steps of each
// sample are real, the first ones; the others count for nothing. Empty: all are real. A length below 1 counts as
// 1, one above T as T.

Value meanOverTime(const Value& x, const Value& lengths = {});
/// The gradient goes to the first maximum.
Value maxOverTime(const Value& x, const Value& lengths = {});

} // namespace weft
