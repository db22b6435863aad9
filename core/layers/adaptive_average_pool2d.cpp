#include "core/layers/window_support.h"

namespace weft {

LayerSpec adaptiveAveragePool2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "AdaptiveAveragePool2D"), Category::Pooling)
        .summary(WEFT_TEXT("AdaptiveAveragePool2D", "Shrinks an image to a given size by taking means."))
        .details(WEFT_TEXT(
            "AdaptiveAveragePool2D",
            "Cuts the image into as many parts as the output has pixels and takes the mean of each, so that what follows sees the "
            "same size whatever the input. Parts that the image cannot be cut into evenly overlap, as in PyTorch. It has nothing to learn."))
        .formula("y[n, c, i, j] = mean of x[n, c, u, v],  ⌊i·H/h⌋ ≤ u < ⌈(i + 1)·H/h⌉,  the same of v")
        .picture(Picture::PoolMean)
        .integers("size", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("AdaptiveAveragePool2D", "Size"))
        .help(WEFT_TEXT("AdaptiveAveragePool2D", "Height and width of the output, in pixels."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, size, size]")
        .lower([](LowerContext& c) {
            return adaptivelyPooled(imageInput(c, "AdaptiveAveragePool2D"), c.param<std::vector<std::int64_t>>("size"), Pooling::Average);
        });
}

} // namespace weft
