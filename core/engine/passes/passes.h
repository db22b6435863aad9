#pragma once

#include "core/engine/passes/rewrite.h"

namespace weft {

/// relu(maxPool) and maxPool(relu), with their gradients, become an IndexedMaxPool. The two orders are
/// equal to the bit: relu is monotonic, and where it cuts the maximum off no gradient passes either way.
bool fusePools(const Op& op, Rewriter& rewriter);
/// matmul + bias (+ relu) becomes FusedMatMul; conv + relu becomes FusedConv.
bool fuseBiasAndRelu(const Op& op, Rewriter& rewriter);
/// A convolution that only a pooling reads becomes one op with it.
bool fuseConvPools(const Op& op, Rewriter& rewriter);

/// Where variables are constant, a batch normalisation behind a convolution becomes part of its weights:
/// conv(x, kernel·f) + (bias − mean)·f + shift with f = scale / sqrt(variance + epsilon), equal but for rounding.
bool foldBatchNorms(const Op& op, Rewriter& rewriter);

/// A mean over time that alone reads an embedding becomes an EmbeddingMean.
bool fuseEmbeddingMeans(const Op& op, Rewriter& rewriter);
/// The gradient of an embedding's table stays the rows that the batch's tokens name, where only the optimizer and the
/// norm of all gradients read it. The update is that of the whole gradient, to the bit: rows without a slope are
/// updated with a slope of 0.
bool keepGradientsAsRows(const Op& op, Rewriter& rewriter);

/// The graph of a plan after all passes.
RewrittenGraph optimised(const Graph& graph, const RewriteContext& context);

} // namespace weft
