#include "core/layers/support.h"
#include "core/ops/reduce/reduce.h"

namespace weft {

LayerSpec globalAveragePool2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GlobalAveragePool2D"), Category::Pooling)
        .summary(WEFT_TEXT("GlobalAveragePool2D", "Takes the mean of each channel over the whole image."))
        .details(WEFT_TEXT("GlobalAveragePool2D",
                           "Ends the convolutional part of modern networks instead of Flatten: [N, 512, 7, 7] becomes [N, 512], whatever the size of "
                           "the image. It has nothing to learn."))
        .formula("y[n, c] = 1/(H·W) · Σ x[n, c, i, j]")
        .picture(Picture::GlobalMean)
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C]")
        .lower([](LowerContext& c) {
            return reduceMean(imageInput(c, "GlobalAveragePool2D"), {2, 3});
        });
}

} // namespace weft
