#include "core/layers/support.h"
#include "core/ops/reduce/reduce.h"

namespace weft {

LayerSpec globalMaxPool3d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GlobalMaxPool3D"), Category::Pooling)
        .summary(WEFT_TEXT("GlobalMaxPool3D", "Keeps the largest value of each channel over the whole volume."))
        .details(WEFT_TEXT("GlobalMaxPool3D",
                           "Tells whether a channel found its pattern anywhere: [N, 64, 4, 8, 8] becomes [N, 64]. It has nothing to learn."))
        .formula("y[n, c] = max x[n, c, i, j, k]")
        .picture(Picture::GlobalMax)
        .input("x", "[N, C, D, H, W]")
        .output("y", "[N, C]")
        .lower([](LowerContext& c) {
            return reduceMax(volumeInput(c, "GlobalMaxPool3D"), {2, 3, 4});
        });
}

} // namespace weft
