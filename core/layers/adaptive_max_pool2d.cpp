#include "core/layers/window_support.h"

namespace weft {

LayerSpec adaptiveMaxPool2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "AdaptiveMaxPool2D"), Category::Pooling)
        .summary(WEFT_TEXT("AdaptiveMaxPool2D", "Shrinks an image to a given size by keeping the largest values."))
        .details(WEFT_TEXT(
            "AdaptiveMaxPool2D",
            "Cuts the image into as many parts as the output has pixels and keeps the largest value of each, so that what follows sees the "
            "same size whatever the input. Parts that the image cannot be cut into evenly overlap, as in PyTorch. It has nothing to learn."))
        .formula("y[n, c, i, j] = max x[n, c, u, v],  ⌊i·H/h⌋ ≤ u < ⌈(i + 1)·H/h⌉,  the same of v")
        .picture(Picture::PoolMax)
        .integers("size", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("AdaptiveMaxPool2D", "Size"))
        .help(WEFT_TEXT("AdaptiveMaxPool2D", "Height and width of the output, in pixels."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, size, size]")
        .lower([](LowerContext& c) {
            return adaptivelyPooled(imageInput(c, "AdaptiveMaxPool2D"), c.param<std::vector<std::int64_t>>("size"), Pooling::Max);
        });
}

} // namespace weft
