#pragma once

#include "core/graph/value.h"

namespace weft {

/// The first `rows` rows of a table [L, ...] of fixed size, where `rows` varies with the sequences: [T, ...]. A plan
/// for more rows than the table has cannot be made.
Value firstRows(const Value& table, const Dim& rows);

} // namespace weft
