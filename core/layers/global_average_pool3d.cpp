#include "core/layers/support.h"
#include "core/ops/reduce/reduce.h"

namespace weft {

LayerSpec globalAveragePool3d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GlobalAveragePool3D"), Category::Pooling)
        .summary(WEFT_TEXT("GlobalAveragePool3D", "Takes the mean of each channel over the whole volume."))
        .details(WEFT_TEXT("GlobalAveragePool3D",
                           "Ends the convolutional part of a network over volumes: [N, 64, 4, 8, 8] becomes [N, 64]. It has nothing to learn."))
        .formula("y[n, c] = 1/(D·H·W) · Σ x[n, c, i, j, k]")
        .picture(Picture::GlobalMean)
        .input("x", "[N, C, D, H, W]")
        .output("y", "[N, C]")
        .lower([](LowerContext& c) {
            return reduceMean(volumeInput(c, "GlobalAveragePool3D"), {2, 3, 4});
        });
}

} // namespace weft
