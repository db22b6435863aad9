#include "core/engine/passes/passes.h"

namespace weft {

RewrittenGraph optimised(const Graph& graph, const RewriteContext& context)
{
    RewrittenGraph result;
    const Graph* current = &graph;
    std::vector<Value> fetches = context.request.fetches;
    for (const Rewriter::Pass pass : {foldBatchNorms, fuseEmbeddingMeans, keepGradientsAsRows, fusePools, fuseConvPools, fuseBiasAndRelu}) {
        RewrittenGraph next = Rewriter(*current, fetches, context).run(pass);
        result = std::move(next);
        current = result.graph.get();
        fetches = result.fetches;
    }
    return result;
}

} // namespace weft
