#include "core/engine/passes/passes.h"

#include "core/engine/passes/fuse_attention.h"
#include "core/engine/passes/fuse_pixels.h"
#include "core/engine/passes/gather_casts.h"
#include "core/engine/passes/recompute.h"
#include "core/engine/passes/sixteen_bits.h"

namespace weft {

RewrittenGraph optimised(const Graph& graph, const RewriteContext& context)
{
    RewrittenGraph result;
    const Graph* current = &graph;
    std::vector<Value> fetches = context.request.fetches;
    const std::vector<Rewriter::Pass> passes{FusePixels(),        FuseAttention(), foldBatchNorms, fuseEmbeddingMeans,
                                             keepGradientsAsRows, fusePools,       fuseConvPools,  fuseBiasAndRelu};
    for (const Rewriter::Pass& pass : passes) {
        RewrittenGraph next = Rewriter(*current, fetches, context).run(pass);
        result = std::move(next);
        current = result.graph.get();
        fetches = result.fetches;
    }
    if (storesSixteenBits(context)) {
        RewrittenGraph next = storedInSixteenBits(*current, fetches, context);
        result = std::move(next);
        fetches = result.fetches;
    }
    const bool isLean = context.options.memory == MemoryUse::Lean && context.request.withEffects;
    // Lean plans cast weights where they are needed.
    if (storesSixteenBits(context) && context.request.withEffects && !isLean) {
        const std::unique_ptr<Graph> apart = std::move(result.graph);
        result = Rewriter(*apart, fetches, context).run(GatherCasts(*apart));
    }
    if (isLean) {
        result = Rewriter(*result.graph, fetches, context).run(splitUpdates);
        const std::unique_ptr<Graph> whole = std::move(result.graph);
        PlanRequest request = context.request;
        request.fetches = result.fetches;
        result = Rewriter(*whole, request.fetches, context).run(leanOrder(*whole, request));
    }
    return result;
}

} // namespace weft
