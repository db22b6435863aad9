#pragma once

#include "core/graph/value.h"

namespace weft {

/// Overwrites a variable by `value` of the same type. Appended after the ops that read the old contents.
void assign(const Value& variable, const Value& value);

} // namespace weft
