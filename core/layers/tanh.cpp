#include "core/layers/support.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec tanh()
{
    return LayerSpec("Tanh", Category::Activation)
        .summary(WEFT_TEXT("Tanh", "Squeezes every value between −1 and 1."))
        .details(WEFT_TEXT("Tanh", "The hyperbolic tangent. Like Sigmoid but around 0, which suits small and recurrent networks."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return tanh(numbersInput(c, "Tanh")); });
}

} // namespace weft
