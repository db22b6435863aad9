#pragma once

#include "core/engine/session.h"
#include "core/training/trainer.h"

namespace weft {

/// Whether this machine's CPU multiplies bfloat16 itself; elsewhere it would only be slower.
bool canUseBFloat16(const SessionOptions& session);

/// What trying both precisions has shown.
struct PrecisionTrial {
    Precision best = Precision::Float32; ///< or the session's
    double float32Milliseconds = 0; ///< median of a step
    double bfloat16Milliseconds = 0;
    double lossDifference = 0; ///< mean |difference| of the losses of a step
    double lossNoise = 0; ///< mean |difference| of the losses of neighbouring steps in float32
};

/// Trains a few steps in the session's precision, float32 or TF32, and in bfloat16, from the same start, leaving no trace. bfloat16 is best where it
/// is faster by 3 % or more and its losses differ from float32's by less than those differ from batch to batch.
PrecisionTrial tryPrecisions(const TrainingJob& job, const SessionOptions& session);

} // namespace weft
