#pragma once

#include <set>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// The mean cross-entropy of a batch, how many samples are right and the gradient of the logits, where the device makes them together:
/// small ops, each of which is little but a launch. As `Rewriter::Pass`; one for each run.
class FuseLoss {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    struct Pattern {
        const Op* loss = nullptr; ///< SoftmaxCrossEntropy
        const Op* mean = nullptr;
        const Op* isCorrect = nullptr; ///< with `count`: null where nobody asks
        const Op* count = nullptr;
        const Op* meanGradient = nullptr; ///< with `gradient`: null where the batch's loss has another slope than a constant
        const Op* gradient = nullptr;
        double slope = 1;

        Attributes attributes() const;
    };

    static Pattern patternOf(const Op& loss, const Rewriter& rewriter);
    static void findCount(Pattern& pattern, const Rewriter& rewriter);
    static void findGradient(Pattern& pattern, const Rewriter& rewriter);

    std::set<const Op*> m_absorbed;
};

} // namespace weft
