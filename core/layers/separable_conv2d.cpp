#include "core/layers/support.h"
#include "core/ops/conv/conv.h"

namespace weft {

namespace {

/// A filter for each channel, then a 1 x 1 convolution over all channels.
Value lowerSeparable(LowerContext& c)
{
    const Value x = imageInput(c, "SeparableConv2D");
    const Window window = windowOf(c, "SeparableConv2D", x, true);
    const std::int64_t channels = x.shape()[1].factor;
    const auto multiplier = c.param<std::int64_t>("multiplier");
    const auto filters = c.param<std::int64_t>("filters");
    const std::int64_t area = window.kernel[0] * window.kernel[1], between = channels * multiplier;
    const Value depthwise
        = c.parameter("depthwiseKernel", {between, 1, window.kernel[0], window.kernel[1]}, initializerOf(c, area, multiplier * area));
    const Value pointwise = c.parameter("pointwiseKernel", {filters, between, 1, 1}, initializerOf(c, between, filters));
    const Value bias = c.param<bool>("useBias") ? c.parameter("bias", {filters}, zeros()) : Value();
    const Value apart = conv(x, depthwise, Value(), {window.strides, window.padBegin, window.padEnd, window.dilations, channels});
    return conv(apart, pointwise, bias);
}

} // namespace

LayerSpec separableConv2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "SeparableConv2D"), Category::Convolution);
    layer.summary(WEFT_TEXT("SeparableConv2D", "A light convolution: first each channel by itself, then all channels at each pixel."))
        .details(WEFT_TEXT("SeparableConv2D",
                           "Does nearly what Conv2D does with a fraction of the weights and of the work, as in Xception: a filter for each channel, "
                           "then a 1 x 1 convolution that mixes the channels. The bias is added after the second."))
        .formula("y[n, k, i, j] = b[k] + Σ w₂[k, c] · (Σ w₁[c, u, v] · x[n, c, s·i + d·u − p, s·j + d·v − p])")
        .picture(Picture::SeparableWindow)
        .param("filters", 32)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("SeparableConv2D", "Filters"))
        .help(WEFT_TEXT("SeparableConv2D", "The channels of the output."));
    windowParams(layer, {3, 3}, {1, 1})
        .integers("dilation", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("SeparableConv2D", "Dilation"))
        .help(WEFT_TEXT("SeparableConv2D", "Distance between the pixels that the window looks at; 1 looks at neighbours."))
        .param("multiplier", 1)
        .range(1, 1024)
        .label(WEFT_TEXT("SeparableConv2D", "Multiplier"))
        .help(WEFT_TEXT("SeparableConv2D", "Filters for each channel in the first half."))
        .param("useBias", true)
        .label(WEFT_TEXT("SeparableConv2D", "Bias"))
        .help(WEFT_TEXT("SeparableConv2D", "Adds a learned number to each filter's answer. Not needed before BatchNorm."));
    return initializerParam(layer).input("x", "[N, C, H, W]").output("y", "[N, filters, H', W']").lower(lowerSeparable);
}

} // namespace weft
