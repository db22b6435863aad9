#pragma once

#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// The casts that store a step's weights in 16 bits become one op, where the device has it: small networks have many small
/// weights, and a kernel takes longer to start than to cast one. They are made anew in each step, and so hold what the variables
/// hold, whoever wrote these: an update, a checkpoint, another rank. A pass for one graph.
class GatherCasts {
public:
    explicit GatherCasts(const Graph& graph);

    bool operator()(const Op& op, Rewriter& rewriter);

private:
    void build(Rewriter& rewriter);

    std::vector<const Op*> m_casts; ///< in program order
    std::size_t m_next = 0; ///< of these, the next that is met
    bool m_isBuilt = false;
};

} // namespace weft
