#include "core/layers/window_support.h"

namespace weft {

LayerSpec conv2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "Conv2D"), Category::Convolution);
    layer.summary(WEFT_TEXT("Conv2D", "Slides learned filters over an image."))
        .details(WEFT_TEXT("Conv2D",
                           "Each filter looks at a small window and answers how well it matches; the same filter is used at every place. Early "
                           "layers find edges, later ones parts and objects. Follow it by an activation such as ReLU."))
        .formula("y[n, k, i, j] = b[k] + Σ w[k, c, u, v] · x[n, c, s·i + d·u − p, s·j + d·v − p]")
        .picture(Picture::Window)
        .param("filters", 32)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv2D", "Filters"))
        .help(WEFT_TEXT("Conv2D", "Number of filters: the channels of the output."));
    windowParams(layer, {3, 3}, {1, 1})
        .integers("dilation", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("Conv2D", "Dilation"))
        .help(WEFT_TEXT("Conv2D", "Distance between the pixels that the window looks at; 1 looks at neighbours."))
        .param("groups", 1)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv2D", "Groups"))
        .help(WEFT_TEXT("Conv2D", "Splits channels and filters into groups that do not see each other. Must divide both."))
        .param("useBias", true)
        .label(WEFT_TEXT("Conv2D", "Bias"))
        .help(WEFT_TEXT("Conv2D", "Adds a learned number to each filter's answer. Not needed before BatchNorm."));
    return initializerParam(layer).input("x", "[N, C, H, W]").output("y", "[N, filters, H', W']").lower([](LowerContext& c) {
        const Value x = imageInput(c, "Conv2D");
        return convolved(c, "Conv2D", x, windowOf(c, "Conv2D", x, true));
    });
}

} // namespace weft
