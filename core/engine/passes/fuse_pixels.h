#pragma once

#include <set>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// A picture of bytes that becomes float32, and what scales and shifts it then (by the same for all its elements, or for those of a
/// channel), become one op where the device has it: equal but for rounding, which there is less of. A pass for one graph.
class FusePixels {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    std::set<const Op*> m_replaced;
};

} // namespace weft
