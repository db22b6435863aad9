#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec leakyRelu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "LeakyReLU"), Category::Activation)
        .summary(WEFT_TEXT("LeakyReLU", "Passes positive values and lets a little of negative ones through."))
        .details(WEFT_TEXT("LeakyReLU", "Like ReLU, but units whose input is negative still learn. y = x where x > 0, else slope · x."))
        .formula("y = x (x > 0),  slope · x (x ≤ 0)")
        .curve(-4.0, 4.0, [](double x) { return x > 0.0 ? x : 0.01 * x; })
        .param("slope", 0.01)
        .range(0.0, 1.0)
        .label(WEFT_TEXT("LeakyReLU", "Slope"))
        .help(WEFT_TEXT("LeakyReLU", "Share of a negative value that passes. 0 is ReLU; 0.01 is usual, 0.2 in generative networks."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return leakyRelu(numbersInput(c, "LeakyReLU"), c.param<double>("slope")); });
}

} // namespace weft
