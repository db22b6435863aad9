#include "core/layers/window_support.h"

namespace weft {

LayerSpec maxPool2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "MaxPool2D"), Category::Pooling);
    layer.summary(WEFT_TEXT("MaxPool2D", "Keeps the largest value of each window: shrinks an image."))
        .details(WEFT_TEXT("MaxPool2D",
                           "Makes the image smaller and the network less sensitive to where exactly something is. A 2 x 2 window with stride 2 "
                           "halves height and width. It has nothing to learn."))
        .formula("y[n, c, i, j] = max x[n, c, s·i + u − p, s·j + v − p],  0 ≤ u, v < k")
        .picture(Picture::PoolMax);
    return ceilModeParam(windowParams(layer, {2, 2}, {2, 2})).input("x", "[N, C, H, W]").output("y", "[N, C, H', W']").lower([](LowerContext& c) {
        return maxPooled(c, "MaxPool2D", imageInput(c, "MaxPool2D"));
    });
}

} // namespace weft
