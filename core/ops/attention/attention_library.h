#pragma once

#include <memory>

#include "core/device/kernel.h"
#include "core/ops/attention/attention_ref.h"

namespace weft {

enum class AttentionPass { Forward, Gradient };

/// A kernel of cuDNN for an Attention or its gradient whose matrices are stored in 16 bits. Null where cuDNN has no way that repeats
/// to the bit; with dropout, also where it has none for the other pass, for its masks are its own.
std::unique_ptr<Kernel> libraryAttention(AttentionPass pass, const AttentionSizes& sizes, DType stored, bool hasLengths);

} // namespace weft
