#include <cmath>

#include "core/layers/support.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec tanh()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Tanh"), Category::Activation)
        .summary(WEFT_TEXT("Tanh", "Squeezes every value between −1 and 1."))
        .details(WEFT_TEXT("Tanh", "The hyperbolic tangent. Like Sigmoid but around 0, which suits small and recurrent networks."))
        .formula("y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)")
        .curve(-4.0, 4.0, [](double x) { return std::tanh(x); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return tanh(numbersInput(c, "Tanh")); });
}

} // namespace weft
