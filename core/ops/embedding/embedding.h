#pragma once

#include "core/graph/graph.h"

namespace weft {

/// Rows of a table by number: y[…, d] = table[tokens[…], d]. table [V, D], tokens int32 of any shape; the
/// result has the axis D behind those of tokens. The row `padding` gets no gradient; −1: there is none. A
/// number outside 0 … V − 1 gives NaN, which training reports.
Value embedding(const Value& table, const Value& tokens, std::int64_t padding = -1);

// Two ops that only the engine's passes build, after differentiation, and only where the device has a kernel of its
// own for them.

/// meanOverTime(embedding(table, tokens), lengths) without the vectors between: table [V, D], tokens int32 [N, T],
/// (lengths int32 [N]); the result is [N, D].
const OpSpec& embeddingMeanSpec();

/// The gradient of a table by the rows that tokens name. Inputs dy […, D], tokens int32 […]; or, where `isMean`, dy
/// [N, D] of a mean over time, tokens [N, T] and (lengths int32 [N]). Outputs rows [count, D] and places int32 [V],
/// count the number of tokens: row r of the gradient is rows[places[r]], or zeros where places[r] is −1. Rows are
/// numbered as they first appear; those that are left over are zeros, so that sums over all of them hold too.
const OpSpec& embeddingRowsSpec();

} // namespace weft
