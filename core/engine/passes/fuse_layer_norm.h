#pragma once

#include <map>
#include <vector>

#include "core/engine/passes/lifetimes.h"

namespace weft {

/// A LayerNorm, or its gradient, becomes one op with what a residual block does around it, where the device does all in one kernel and the
/// plan has room for what is then alive at once. Equal but for rounding, which there is less of. A pass for one graph.
class FuseLayerNorms {
public:
    enum class Which {
        Norms, ///< with the sum right before and the dropout of the block's branch; before chains are made, to which a sum behind another
               ///< elementwise op is left
        Gradients, ///< with the sums right before and behind and the gradient of the dropout; when chains are made: they know which sums wait
    };
    /// Finds them in what `rewriter` copies.
    FuseLayerNorms(const Rewriter& rewriter, Which which);

    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// Null is what is not there.
    struct Pattern {
        const Op* norm = nullptr;
        const Op* sum = nullptr; ///< before it
        const Op* add = nullptr; ///< behind a gradient
        const Op* dropout = nullptr; ///< before the sum, or behind a gradient
        std::vector<Value> inputs = {}; ///< of the fused op

        std::vector<Value> outputs() const;
    };
    Pattern normAt(const Rewriter& rewriter, std::size_t place) const;
    Pattern gradientAt(const Rewriter& rewriter, std::size_t place) const;
    const OpSpec& spec() const;
    Attributes attributesOf(const Pattern& pattern) const;
    std::int64_t bytesMore(const Rewriter& rewriter, const Pattern& pattern) const;
    bool fits(const Rewriter& rewriter, const Pattern& pattern) const;

    Which m_which;
    Lifetimes m_lifetimes;
    std::map<const Op*, Pattern> m_patterns; ///< by each of their ops
};

} // namespace weft
