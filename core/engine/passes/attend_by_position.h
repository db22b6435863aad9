#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// An Attention that takes its matrices as layers make them, heads behind positions, and so does its gradient: four transpositions of
/// each pass are left out. For arrays in 16 bits, which cuDNN takes in any order; products of our own kernel take heads one by
/// one. As `Rewriter::Pass`, behind which what nothing reads any more is left out; one for each run.
class AttendByPosition {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// An attention between transpositions. Where there is a gradient it is between such as well.
    struct Pattern {
        const Op* attention = nullptr;
        const Op* gradient = nullptr;
        const Op* ofResult = nullptr; ///< transposes y
        std::vector<const Op*> ofSlopes; ///< transpose dq, dk and dv
    };

    static Pattern patternOf(const Op& attention, const Rewriter& rewriter);
    static bool findGradient(Pattern& pattern, const Rewriter& rewriter);
    void build(const Pattern& pattern, Rewriter& rewriter);
    static void buildGradient(const Pattern& pattern, Rewriter& rewriter);

    std::set<const Op*> m_absorbed;
    std::map<const Op*, Pattern> m_gradients;
};

} // namespace weft
