#include "core/layers/window_support.h"

namespace weft {

LayerSpec averagePool2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "AveragePool2D"), Category::Pooling);
    layer.summary(WEFT_TEXT("AveragePool2D", "Takes the mean of each window: shrinks an image."))
        .details(WEFT_TEXT("AveragePool2D",
                           "Makes the image smaller by averaging, gentler than keeping the largest value. A 2 x 2 window with stride 2 halves height "
                           "and width. It has nothing to learn."))
        .formula("y[n, c, i, j] = 1/k² · Σ x[n, c, s·i + u − p, s·j + v − p],  0 ≤ u, v < k")
        .picture(Picture::PoolMean);
    return ceilModeParam(windowParams(layer, {2, 2}, {2, 2}))
        .param("countPadding", true)
        .label(WEFT_TEXT("AveragePool2D", "Count the border"))
        .help(
            WEFT_TEXT("AveragePool2D", "Counts the zeros of the padding in the mean, as PyTorch does; off averages real pixels only, as Keras does."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower([](LowerContext& c) { return averagePooled(c, "AveragePool2D", imageInput(c, "AveragePool2D")); });
}

} // namespace weft
