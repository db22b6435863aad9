#include "core/engine/passes/passes.h"

#include "core/engine/passes/fuse_attention.h"
#include "core/engine/passes/fuse_dense_gradients.h"
#include "core/engine/passes/fuse_elementwise.h"
#include "core/engine/passes/fuse_layer_norm.h"
#include "core/engine/passes/gather_averages.h"
#include "core/engine/passes/gather_casts.h"
#include "core/engine/passes/recompute.h"
#include "core/engine/passes/sixteen_bits.h"

namespace weft {

RewrittenGraph optimised(const Graph& graph, const RewriteContext& context)
{
    RewrittenGraph result;
    const Graph* current = &graph;
    std::vector<Value> fetches = context.request.fetches;
    const auto take = [&](RewrittenGraph next) {
        result = std::move(next);
        current = result.graph.get();
        fetches = result.fetches;
    };
    std::vector<Rewriter::Pass> passes{GatherAverages(),    fusePixels, fuseLoss,      FuseAttention(), foldBatchNorms, fuseEmbeddingMeans,
                                       keepGradientsAsRows, fusePools,  fuseBatchNorm, fuseConvPools,   fuseResidual,   fuseBiasAndRelu};
    // On a card each element would look for the maximum of each window over it; a processor looks once a window.
    if (context.options.device == DeviceKind::Cuda)
        passes.push_back(indexMaxima);
    for (const Rewriter::Pass& pass : passes)
        take(Rewriter(*current, fetches, context).run(pass));
    const bool isStored = storesSixteenBits(context);
    if (isStored) {
        take(storedInSixteenBits(*current, fetches, context));
        take(Rewriter(*current, fetches, context).run(attendByPosition));
    }
    const bool isLean = context.options.memory == MemoryUse::Lean && context.request.withEffects;
    // Lean plans cast weights where they are needed.
    if (isStored && context.request.withEffects && !isLean)
        take(Rewriter(*current, fetches, context).run(GatherCasts(*current)));
    if (fusesDenseGradients(context)) {
        Rewriter rewriter(*current, fetches, context);
        take(rewriter.run(FuseDenseGradients(rewriter)));
    }
    // What a kernel reads and writes at once is alive at once: lean plans do it bit by bit.
    if (fusesElementwise(context) && !isLean) {
        Rewriter rewriter(*current, fetches, context);
        take(rewriter.run(FuseLayerNorms(rewriter, FuseLayerNorms::Which::Norms)));
    }
    if (fusesElementwise(context)) {
        Rewriter rewriter(*current, fetches, context);
        take(rewriter.run(FuseElementwise(rewriter, isLean)));
    }
    if (fusesElementwise(context) && !isLean) {
        Rewriter rewriter(*current, fetches, context);
        take(rewriter.run(FuseLayerNorms(rewriter, FuseLayerNorms::Which::Gradients)));
    }
    if (isLean) {
        take(Rewriter(*current, fetches, context).run(splitUpdates));
        PlanRequest request = context.request;
        request.fetches = fetches;
        take(Rewriter(*current, fetches, context).run(leanOrder(*current, request)));
    }
    return result;
}

} // namespace weft
