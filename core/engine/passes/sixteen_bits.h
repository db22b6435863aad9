#pragma once

#include "core/engine/passes/rewrite.h"

namespace weft {

// Arrays between ops in bfloat16 or float16, on devices whose products round to it: half the memory, and half of what a
// kernel that only reads and writes takes. Variables stay float32, and so does what they are updated by.

/// Whether the precision asks for it and the device stores such arrays.
bool storesSixteenBits(const RewriteContext& context);

/// Products and convolutions take and give 16 bits, and what stands between them follows, where the device has kernels for it;
/// other ops find casts around them. Weights are cast once a step, gradients of weights leave the products in float32. Losses,
/// norms made of parts, and sums over the batch stay float32. Fetches are as they were.
RewrittenGraph storedInSixteenBits(const Graph& graph, const std::vector<Value>& fetches, const RewriteContext& context);

} // namespace weft
