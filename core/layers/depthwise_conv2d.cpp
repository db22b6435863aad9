#include "core/layers/support.h"
#include "core/ops/conv/conv.h"

namespace weft {

namespace {

/// A convolution with one group for each channel.
Value lowerDepthwise(LowerContext& c)
{
    const Value x = imageInput(c, "DepthwiseConv2D");
    const Window window = windowOf(c, "DepthwiseConv2D", x, true);
    const std::int64_t channels = x.shape()[1].factor;
    const auto multiplier = c.param<std::int64_t>("multiplier");
    const std::int64_t area = window.kernel[0] * window.kernel[1];
    const Shape shape{channels * multiplier, 1, window.kernel[0], window.kernel[1]};
    const Value kernel = c.parameter("kernel", shape, initializerOf(c, area, multiplier * area));
    const Value bias = c.param<bool>("useBias") ? c.parameter("bias", {channels * multiplier}, zeros()) : Value();
    return conv(x, kernel, bias, {window.strides, window.padBegin, window.padEnd, window.dilations, channels});
}

} // namespace

LayerSpec depthwiseConv2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "DepthwiseConv2D"), Category::Convolution);
    layer.summary(WEFT_TEXT("DepthwiseConv2D", "Slides a filter of its own over each channel of an image."))
        .details(WEFT_TEXT("DepthwiseConv2D",
                           "Channels do not see each other, so it needs far fewer weights than Conv2D. Followed by a 1 x 1 Conv2D, which mixes the "
                           "channels, it is the building block of MobileNet."))
        .formula("y[n, c, i, j] = b[c] + Σ w[c, u, v] · x[n, c, s·i + d·u − p, s·j + d·v − p]")
        .picture(Picture::ChannelWindows);
    windowParams(layer, {3, 3}, {1, 1})
        .integers("dilation", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("DepthwiseConv2D", "Dilation"))
        .help(WEFT_TEXT("DepthwiseConv2D", "Distance between the pixels that the window looks at; 1 looks at neighbours."))
        .param("multiplier", 1)
        .range(1, 1024)
        .label(WEFT_TEXT("DepthwiseConv2D", "Multiplier"))
        .help(WEFT_TEXT("DepthwiseConv2D", "Filters for each channel; the output has this many times the channels."))
        .param("useBias", true)
        .label(WEFT_TEXT("DepthwiseConv2D", "Bias"))
        .help(WEFT_TEXT("DepthwiseConv2D", "Adds a learned number to each filter's answer. Not needed before BatchNorm."));
    return initializerParam(layer).input("x", "[N, C, H, W]").output("y", "[N, C·multiplier, H', W']").lower(lowerDepthwise);
}

} // namespace weft
