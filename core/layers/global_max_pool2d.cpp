#include "core/layers/support.h"
#include "core/ops/reduce/reduce.h"

namespace weft {

LayerSpec globalMaxPool2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GlobalMaxPool2D"), Category::Pooling)
        .summary(WEFT_TEXT("GlobalMaxPool2D", "Keeps the largest value of each channel over the whole image."))
        .details(WEFT_TEXT("GlobalMaxPool2D",
                           "Tells whether a channel found its pattern anywhere: [N, 512, 7, 7] becomes [N, 512]. It has nothing to learn."))
        .formula("y[n, c] = max x[n, c, i, j]")
        .picture(Picture::GlobalMax)
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C]")
        .lower([](LowerContext& c) {
            return reduceMax(imageInput(c, "GlobalMaxPool2D"), {2, 3});
        });
}

} // namespace weft
