#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// An attention and its gradient become an op each where the device has kernels for them, so that nothing of the size of
/// queries times keys is kept. Equal but for rounding; weights that something else reads stay. A pass for one graph.
class FuseAttention {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// One that is built as soon as the gradient of the result is there.
    struct Gradient {
        std::vector<Value> inputs; ///< of the old graph: those of the attention behind the gradient of its result
        Value y, logSum; ///< of the new one
        Attributes attributes;
        std::array<const Op*, 3> slopes; ///< whose results it gives
    };

    bool buildAttention(const Op& op, Rewriter& rewriter);
    void buildGradient(const Gradient& gradient, Rewriter& rewriter);

    std::map<const Op*, std::shared_ptr<Gradient>> m_gradients; ///< by the ops of which the first begins it
    std::set<const Op*> m_replaced;
};

} // namespace weft
