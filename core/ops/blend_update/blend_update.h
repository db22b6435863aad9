#pragma once

#include <vector>

#include "core/graph/op.h"

namespace weft {

/// A variable and what is mixed into it, of one type.
struct BlendTarget {
    Value variable;
    Value value;
};

/// variable = keep·variable + fresh·value, for all targets by one op; with keep = 0 the old contents do
/// not matter at all. `keep` and `fresh` are scalars. Sums gradients over batches and averages weights.
void blendUpdate(const Value& keep, const Value& fresh, const std::vector<BlendTarget>& targets);
const OpSpec& blendUpdateSpec();

} // namespace weft
