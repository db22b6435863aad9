#pragma once

#include "core/graph/value.h"

namespace weft {

// Gradients of a loss that was multiplied by a scale, so that what gets too small for float16 stays a number. Where they get
// too large instead, the update is skipped and the scale halved; after 2000 good updates it doubles. These are the numbers
// of PyTorch's GradScaler.

inline constexpr double firstLossScale = 65536;

/// The state of a scale: variables that only `lossScaleUpdate` changes.
struct LossScale {
    Value scale; ///< []
    Value counts; ///< [2]: good updates since the scale changed, skipped updates of the whole training
};

/// What an optimizer multiplies the gradients by, and the updates skipped before, as [2] (`UpdateOptions::gradientScale`):
/// 1 / scale, less where their norm would be above `limit` (0: none), negative where `norm`, of the scaled gradients, is
/// not finite: nothing is to change.
Value lossScaleFactor(const LossScale& state, const Value& norm, double limit);

/// Takes note of an update whose scaled gradients had this norm. After the ops that read the scale.
void lossScaleUpdate(const LossScale& state, const Value& norm);

} // namespace weft
