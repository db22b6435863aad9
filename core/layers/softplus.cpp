#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec softplus()
{
    return LayerSpec("Softplus", Category::Activation)
        .summary(WEFT_TEXT("Softplus", "A smooth ReLU: always positive."))
        .details(WEFT_TEXT("Softplus", "y = ln(1 + exp(x)). Use it where an answer must be positive, for example a deviation or a rate."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return softplus(numbersInput(c, "Softplus")); });
}

} // namespace weft
