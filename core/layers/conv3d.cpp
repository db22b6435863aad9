#include "core/layers/window_support.h"

namespace weft {

LayerSpec conv3d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "Conv3D"), Category::Convolution);
    layer.summary(WEFT_TEXT("Conv3D", "Slides learned filters through a volume."))
        .details(
            WEFT_TEXT("Conv3D",
                      "As Conv2D, with one axis more: for scans made of slices, for short films and for fields on a grid. Each filter looks at a "
                      "small box; computing and memory grow with the cube of the size, so begin with small volumes and few filters."))
        .formula("y[n, o, i, j, k] = b[o] + Σ w[o, c, u, v, z] · x[n, c, s·i + d·u − p, s·j + d·v − p, s·k + d·z − p]")
        .picture(Picture::Window)
        .param("filters", 16)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv3D", "Filters"))
        .help(WEFT_TEXT("Conv3D", "Number of filters: the channels of the output."));
    windowParams(layer, {3, 3, 3}, {1, 1, 1})
        .integers("dilation", {1, 1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("Conv3D", "Dilation"))
        .help(WEFT_TEXT("Conv3D", "Distance between the elements that the window looks at; 1 looks at neighbours."))
        .param("groups", 1)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv3D", "Groups"))
        .help(WEFT_TEXT("Conv3D", "Splits channels and filters into groups that do not see each other. Must divide both."))
        .param("useBias", true)
        .label(WEFT_TEXT("Conv3D", "Bias"))
        .help(WEFT_TEXT("Conv3D", "Adds a learned number to each filter's answer. Not needed before BatchNorm."));
    return initializerParam(layer).input("x", "[N, C, D, H, W]").output("y", "[N, filters, D', H', W']").lower([](LowerContext& c) {
        const Value x = volumeInput(c, "Conv3D");
        return convolved(c, "Conv3D", x, windowOf(c, "Conv3D", x, true));
    });
}

} // namespace weft
