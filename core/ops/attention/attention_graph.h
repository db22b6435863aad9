#pragma once

#include "core/device/cuda/dnn_graph.h"
#include "core/ops/attention/attention_ref.h"

namespace weft {

// Attention as graphs of cuDNN, which runs each as one kernel, or a few of them, and keeps nothing of the size of queries times
// keys between the passes. Arrays of the op are stored in 16 bits, sums in float32. With lengths, int32 [samples] say how many
// queries and how many keys of each sample count; with dropout, int64 [1] are the seed and offset of cuDNN's own masks.

/// In memory: q, k, v, (lengths of queries, lengths of keys), (seed, offset), y, logSum.
DnnGraph attentionGraph(const AttentionSizes& sizes, DType stored, bool hasLengths);
/// In memory: dy, q, k, v, y, logSum, (lengths of queries, lengths of keys), (seed, offset), float32 [rows] to be written, dq, dk, dv.
/// The same bits in each run: so cuDNN keeps the slopes by the scores in its scratch.
DnnGraph attentionGradientGraph(const AttentionSizes& sizes, DType stored, bool hasLengths);

} // namespace weft
