#pragma once

#include "core/layers/support.h"

namespace weft {

// What layers with windows share, on sequences [N, C, T], images [N, C, H, W] and volumes [N, C, D, H, W] alike.

/// The convolution of x with variables `kernel` [filters, C / groups, window…] and, where useBias is set, `bias`; reads
/// filters, groups, useBias and initializer. Throws LayerFault where the groups do not divide.
Value convolved(LowerContext& context, const char* layer, const Value& x, const Window& window);

/// The maximum or the mean of each window of images or volumes; reads the parameters of windowParams, ceilMode and, for
/// the mean, countPadding. Throws LayerFault where a window does not fit.
Value maxPooled(const LowerContext& context, const char* layer, const Value& x);
Value averagePooled(const LowerContext& context, const char* layer, const Value& x);

enum class Pooling { Max, Average };

/// Images x shrunk to `size`: output i along an axis takes the inputs ⌊i·side / size⌋ to ⌈(i + 1)·side / size⌉, so that
/// windows are equal where the size divides the side and overlap by one element elsewhere. PyTorch's definition.
Value adaptivelyPooled(const Value& x, const std::vector<std::int64_t>& size, Pooling pooling);

} // namespace weft
