#pragma once

#include "core/engine/passes/rewrite.h"

namespace weft {

/// relu(maxPool) and maxPool(relu), with their gradients, become an IndexedMaxPool. The two orders are
/// equal to the bit: relu is monotonic, and where it cuts the maximum off no gradient passes either way.
bool fusePools(const Op& op, Rewriter& rewriter);
/// A max pooling that has a gradient becomes an IndexedMaxPool, without a relu: its gradient need not look for the maxima again.
bool indexMaxima(const Op& op, Rewriter& rewriter);
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

/// A picture of bytes that becomes float32, and what scales and shifts it then (by the same for all its elements, or for those of a
/// channel), become one op where the device has it: equal but for rounding, which there is less of.
bool fusePixels(const Op& op, Rewriter& rewriter);
/// The mean cross-entropy of a batch, how many samples are right and the gradient of the logits, where the device makes them together:
/// small ops, each of which is little but a launch.
bool fuseLoss(const Op& op, Rewriter& rewriter);
/// BatchNorm with the activation behind it and what a residual block adds before that, where the device does all in one kernel; and
/// the gradients of activation and BatchNorm, which then work out again what lay between.
bool fuseBatchNorm(const Op& op, Rewriter& rewriter);
/// A convolution with a bias, what a residual block adds to it and the relu behind that, where the device does all in one kernel: a
/// network that predicts has its BatchNorms in its kernels and biases.
bool fuseResidual(const Op& op, Rewriter& rewriter);
/// An Attention that takes its matrices as layers make them, heads behind positions, and so does its gradient: four transpositions of
/// each pass are left out, by the pass behind this one. For arrays in 16 bits, which cuDNN takes in any order; products of our own
/// kernel take heads one by one.
bool attendByPosition(const Op& op, Rewriter& rewriter);

/// The graph of a plan after all passes.
RewrittenGraph optimised(const Graph& graph, const RewriteContext& context);

} // namespace weft
