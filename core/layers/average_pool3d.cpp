#include "core/layers/window_support.h"

namespace weft {

LayerSpec averagePool3d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "AveragePool3D"), Category::Pooling);
    layer.summary(WEFT_TEXT("AveragePool3D", "Takes the mean of each box: shrinks a volume."))
        .details(WEFT_TEXT("AveragePool3D",
                           "A 2 x 2 x 2 window with stride 2 halves depth, height and width, gentler than keeping the largest value. It has nothing "
                           "to learn."))
        .formula("y[n, c, i, j, k] = 1/K³ · Σ x[n, c, s·i + u − p, s·j + v − p, s·k + w − p],  0 ≤ u, v, w < K")
        .picture(Picture::PoolMean);
    return ceilModeParam(windowParams(layer, {2, 2, 2}, {2, 2, 2}))
        .param("countPadding", true)
        .label(WEFT_TEXT("AveragePool3D", "Count the border"))
        .help(WEFT_TEXT("AveragePool3D",
                        "Counts the zeros of the padding in the mean, as PyTorch does; off averages real elements only, as Keras does."))
        .input("x", "[N, C, D, H, W]")
        .output("y", "[N, C, D', H', W']")
        .lower([](LowerContext& c) { return averagePooled(c, "AveragePool3D", volumeInput(c, "AveragePool3D")); });
}

} // namespace weft
