#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/passes/rewrite.h"

namespace weft {

/// Running averages, as those of the statistics of BatchNorm, are kept up by one op where the device has it, at the place of the last:
/// a network has hundreds of them, each of which takes four ops of a few numbers. As `Rewriter::Pass`; one for each run.
class GatherAverages {
public:
    bool operator()(const Op& op, Rewriter& rewriter);

private:
    /// variable = keep · variable + share · fresh
    struct Average {
        const Op* assign;
        Value variable, fresh;
    };
    using Factors = std::pair<double, double>; ///< keep, share

    static std::optional<std::pair<Factors, Average>> averageOf(const Op& assign, const Rewriter& rewriter);
    void find(const Graph& graph, const Rewriter& rewriter);
    static void build(const Factors& factors, const std::vector<Average>& averages, Rewriter& rewriter);

    bool m_isFound = false;
    std::map<Factors, std::vector<Average>> m_groups; ///< in program order
    std::map<const Op*, Factors> m_gathered; ///< by assignment
};

} // namespace weft
