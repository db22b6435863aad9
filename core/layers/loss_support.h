#pragma once

#include "core/layers/support.h"

namespace weft {

// What the losses share: checks of predictions and targets, and formulas that several need.

/// Input 0 as scores of at least two classes, [N, classes]. Throws LayerFault otherwise; warns where a
/// layer of probabilities feeds a loss that contains softmax itself.
Value classScores(LowerContext& context, const char* layer);
/// The class of each sample, int32 [N]. Throws LayerFault when something else is wired.
Value classTarget(LowerContext& context, const char* layer, const Value& scores);
/// Input 0; [N, 1] becomes [N] while the target is a column, because a column with one number a sample is [N].
Value numbersPrediction(const LowerContext& context, const char* layer);
/// The target in the prediction's shape and type. Throws LayerFault when something else is wired.
Value numbersTarget(LowerContext& context, const char* layer, const Value& prediction);

/// Mean over all axes but the batch: [N, ...] becomes [N].
Value meanOfSample(const Value& x);
/// 1 at the target and 0 elsewhere, [N, classes]. target int32 [N].
Value oneHot(const Value& target, const Value& scores);
/// log Σ exp(row), [N, 1]; the largest element is taken out, against overflow. x [N, classes].
Value logSumExp(const Value& x);
/// |x|, with slope 0 at 0.
Value absolute(const Value& x);

} // namespace weft
