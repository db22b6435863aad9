#pragma once

#include <map>
#include <set>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// BatchNorm with the activation behind it and what a residual block adds before that, where the device does all in one kernel; and
/// the gradients of activation and BatchNorm, which then work out again what lay between. As `Rewriter::Pass`; one for each run.
class FuseBatchNorm {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// `norm` and what is done in its kernel; null where it is not there.
    struct Pattern {
        const Op* norm = nullptr;
        const Op* add = nullptr;
        const Op* activation = nullptr;
        const Op* activationGradient = nullptr;
        const Op* normGradient = nullptr;

        Value addend() const { return add->input(add->input(0) == norm->output() ? 1 : 0); }
        Attributes attributes() const;
    };

    static Pattern patternOf(const Op& norm, const Rewriter& rewriter);
    static void findGradients(Pattern& pattern, const Rewriter& rewriter);
    static bool canRun(const Pattern& pattern, const Rewriter& rewriter);
    void fuse(const Pattern& pattern, Rewriter& rewriter);
    static void fuseGradients(const Pattern& pattern, Rewriter& rewriter);

    std::set<const Op*> m_absorbed;
    std::map<const Op*, Pattern> m_gradients; ///< by the gradient of the BatchNorm
};

} // namespace weft
