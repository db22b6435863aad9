#include "core/layers/window_support.h"

namespace weft {

LayerSpec maxPool3d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "MaxPool3D"), Category::Pooling);
    layer.summary(WEFT_TEXT("MaxPool3D", "Keeps the largest value of each box: shrinks a volume."))
        .details(WEFT_TEXT("MaxPool3D",
                           "A 2 x 2 x 2 window with stride 2 halves depth, height and width, which leaves an eighth of the elements. It has nothing "
                           "to learn."))
        .formula("y[n, c, i, j, k] = max x[n, c, s·i + u − p, s·j + v − p, s·k + w − p],  0 ≤ u, v, w < K")
        .picture(Picture::PoolMax);
    return ceilModeParam(windowParams(layer, {2, 2, 2}, {2, 2, 2}))
        .input("x", "[N, C, D, H, W]")
        .output("y", "[N, C, D', H', W']")
        .lower([](LowerContext& c) { return maxPooled(c, "MaxPool3D", volumeInput(c, "MaxPool3D")); });
}

} // namespace weft
