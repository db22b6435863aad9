#include "core/layers/normalization.h"
#include "core/layers/support.h"

namespace weft {

/// Instance normalisation (Ulyanov et al., 2016) with PyTorch's defaults.
LayerSpec instanceNorm()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "InstanceNorm"), Category::Normalization);
    layer.summary(WEFT_TEXT("InstanceNorm", "Keeps each channel of each image around 0 with deviation 1."))
        .details(WEFT_TEXT("InstanceNorm",
                           "Normalises every channel of every image by itself, which removes contrast and brightness. Used in networks that change "
                           "the style of images."))
        .formula("y = γ · (x − μ) / √(σ² + ε) + β,  μ, σ² : H, W")
        .picture(Picture::NormInstance);
    return affineParam(epsilonParam(layer, 1e-5), false).input("x", "[N, C, H, W]").output("y", "[N, C, H, W]").lower([](LowerContext& c) {
        return scaledChannels(c, standardized(imageInput(c, "InstanceNorm"), {2, 3}, c.param<double>("epsilon")));
    });
}

} // namespace weft
