#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/layers/layer_spec.h"

namespace weft {

// What several layers share: initialisers, padding, checks of inputs.

Initializer zeros();
Initializer ones();

/// Adds the choice parameter `initializer` with glorotUniform as its default.
LayerSpec& initializerParam(LayerSpec& layer);
/// The chosen initialiser for a kernel of these fans.
Initializer initializerOf(const LowerContext& context, std::int64_t fanIn, std::int64_t fanOut);

/// Input `index`, which must hold floating numbers. Throws LayerFault otherwise.
Value numbersInput(const LowerContext& context, const char* layer, int index = 0);
/// Input 0, which must be images [N, channels, height, width]. Throws LayerFault otherwise.
Value imageInput(const LowerContext& context, const char* layer);
/// Input 0, which must be volumes [N, channels, depth, height, width]. Throws LayerFault otherwise.
Value volumeInput(const LowerContext& context, const char* layer);

/// The parameter `axis` as 1 … rank − 1 of x. Throws LayerFault when x has no such axis or it is the batch.
int sampleAxis(const LowerContext& context, const char* layer, const Value& x);

/// All inputs, which must hold floating numbers and have one shape. Throws LayerFault otherwise.
std::vector<Value> equalInputs(const LowerContext& context, const char* layer);
/// The equal inputs joined to one value by `join`, from the first to the last.
Value joinedInputs(const LowerContext& context, const char* layer, Value (*join)(const Value&, const Value&));

/// Input 0 with channels or features of known number on axis 1: [N, C, ...]. Throws LayerFault otherwise.
Value channelsInput(const LowerContext& context, const char* layer);
/// A value [C] as [C, 1, ...], so that it stretches over x [N, C, ...].
Value alongChannels(const Value& perChannel, const Value& x);

/// A window that slides over the axes of a sequence, an image or a volume; each list has an entry for each axis.
struct Window {
    std::vector<std::int64_t> kernel;
    std::vector<std::int64_t> strides;
    std::vector<std::int64_t> dilations;
    std::vector<std::int64_t> padBegin;
    std::vector<std::int64_t> padEnd;
};

/// Adds kernelSize, stride, padding (valid, same, explicit) and pad, for images or volumes by the length of `kernel`.
LayerSpec& windowParams(LayerSpec& layer, std::vector<std::int64_t> kernel, std::vector<std::int64_t> stride);
/// Reads them (and dilation, if the layer has it) for images or volumes x. `same` gives ⌈side / stride⌉ as in
/// Keras and ONNX's SAME_UPPER. Throws LayerFault where the window does not fit.
Window windowOf(const LowerContext& context, const char* layer, const Value& x, bool hasDilation);

/// Adds the parameter `ceilMode` of pools.
LayerSpec& ceilModeParam(LayerSpec& layer);
/// With `ceilMode` on, by how much the border at the end of each axis must grow so that the number of windows is
/// rounded up; PyTorch's rule that no window begins behind the image holds. Else zeros.
std::vector<std::int64_t> roundingBorder(const LowerContext& context, const Window& window, const Value& x);

} // namespace weft
