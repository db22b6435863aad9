#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/engine/passes/lifetimes.h"
#include "core/ops/chain/chain.h"

namespace weft {

/// Whether the device has chains at all.
bool fusesElementwise(const RewriteContext& context);

/// Elementwise ops of which each alone reads the result of the one before become one op where the device has it, which keeps what
/// stands between them in registers: in 16 bits equal but for rounding, which there is less of. Casts may stand at both ends. Where other ops
/// stand between them, what the first ones read lives longer by it: only where a plan is far from its most bytes. A pass for one graph.
class FuseElementwise {
public:
    /// Finds the chains of what `rewriter` copies. Of plans that come in another order (`isLean`) nobody knows their most bytes yet: there
    /// nothing lives longer.
    FuseElementwise(const Rewriter& rewriter, bool isLean);

    bool operator()(const Op& op, Rewriter& rewriter);

private:
    struct Chain {
        std::vector<const Op*> ops;
        std::vector<ChainLink> links; ///< casts have none
        std::vector<Value> inputs; ///< x, then the operands
        std::size_t place = 0; ///< in whose place of the ops the chain is built: the first behind all that it reads

        const Value& output() const { return ops.back()->output(); }
        Attributes attributes() const;
    };

    Chain longestFrom(const Rewriter& rewriter, const Op& op, int running) const;
    static bool append(Chain& chain, const Op& op, int running);
    bool fits(const Rewriter& rewriter, Chain& chain) const;
    bool leavesRoom(const Rewriter& rewriter, const Chain& chain) const;
    std::int64_t bytesMore(const Rewriter& rewriter, const Chain& chain, std::size_t index) const;
    bool readsWhatChanges(const Chain& chain) const;
    int positionOf(const Op* op) const { return m_lifetimes.positionOf(op); }

    Lifetimes m_lifetimes;
    std::int64_t m_mostBytes = 0; ///< up to so many may be alive at an op where a chain makes them more
    std::map<int, std::vector<int>> m_changes; ///< by id of a variable: the positions of ops that overwrite it
    std::map<const Op*, std::shared_ptr<const Chain>> m_chains; ///< by each of their ops
};

} // namespace weft
