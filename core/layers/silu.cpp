#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec silu()
{
    return LayerSpec("SiLU", Category::Activation)
        .summary(WEFT_TEXT("SiLU", "Multiplies each value by its own sigmoid."))
        .details(WEFT_TEXT("SiLU",
                           "Also called Swish: y = x / (1 + exp(−x)). Smooth, and often a little better than ReLU in deep convolutional networks."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return silu(numbersInput(c, "SiLU")); });
}

} // namespace weft
