#include "core/layers/support.h"
#include "core/ops/pool/pool.h"

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
        const Value x = imageInput(c, "MaxPool2D");
        Window2d window = windowOf(c, "MaxPool2D", x, false);
        const std::vector<std::int64_t> more = roundingBorder(c, window, x);
        window.padEnd = {window.padEnd[0] + more[0], window.padEnd[1] + more[1]};
        return maxPool(x, {window.kernel, window.strides, window.padBegin, window.padEnd});
    });
}

} // namespace weft
