#pragma once

#include "core/graph/value.h"

namespace weft {

/// Rows of a table by number: y[…, d] = table[tokens[…], d]. table [V, D], tokens int32 of any shape; the
/// result has the axis D behind those of tokens. The row `padding` gets no gradient; −1: there is none. A
/// number outside 0 … V − 1 gives NaN, which training reports.
Value embedding(const Value& table, const Value& tokens, std::int64_t padding = -1);

} // namespace weft
