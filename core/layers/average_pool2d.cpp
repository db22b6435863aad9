#include "core/layers/support.h"
#include "core/ops/pool/pool.h"

namespace weft {

LayerSpec averagePool2d()
{
    LayerSpec layer("AveragePool2D", Category::Pooling);
    layer.summary(WEFT_TEXT("AveragePool2D", "Takes the mean of each window: shrinks an image."))
        .details(WEFT_TEXT("AveragePool2D",
                           "Makes the image smaller by averaging, gentler than keeping the largest value. A 2 x 2 window with stride 2 halves height "
                           "and width. It has nothing to learn."));
    return windowParams(layer, {2, 2}, {2, 2})
        .param("countPadding", true)
        .label(WEFT_TEXT("AveragePool2D", "Count the border"))
        .help(
            WEFT_TEXT("AveragePool2D", "Counts the zeros of the padding in the mean, as PyTorch does; off averages real pixels only, as Keras does."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower([](LowerContext& c) {
            const Value x = imageInput(c, "AveragePool2D");
            const Window2d window = windowOf(c, "AveragePool2D", x, false);
            return averagePool(x, {window.kernel, window.strides, window.padBegin, window.padEnd}, c.param<bool>("countPadding"));
        });
}

} // namespace weft
