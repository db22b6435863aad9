#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec silu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "SiLU"), Category::Activation)
        .summary(WEFT_TEXT("SiLU", "Multiplies each value by its own sigmoid."))
        .details(WEFT_TEXT("SiLU",
                           "Also called Swish: y = x / (1 + exp(−x)). Smooth, and often a little better than ReLU in deep convolutional networks."))
        .formula("y = x · σ(x) = x / (1 + e⁻ˣ)")
        .curve(-4.0, 4.0, [](double x) { return x / (1.0 + std::exp(-x)); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return silu(numbersInput(c, "SiLU")); });
}

} // namespace weft
