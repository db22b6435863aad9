#pragma once

#include <cstdint>
#include <vector>

#include "core/device/wire_format.h"
#include "core/graph/value.h"

namespace weft {

/// Sums each of `gradients` over all ranks. They go out in buckets of about `bucketBytes`, those that the backward
/// pass has first also first, right after the op that gives the last gradient of a bucket: the exchange goes on
/// beside the rest of the backward pass. Gradients larger than a quarter of a bucket go by themselves and are not
/// copied. Fixed shapes, float32, on their way in `format`. Returns the sums in the order of `gradients`.
std::vector<Value> exchanged(const std::vector<Value>& gradients, std::int64_t bucketBytes, WireFormat format = WireFormat::Float32);

} // namespace weft
