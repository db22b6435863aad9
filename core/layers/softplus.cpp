#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec softplus()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Softplus"), Category::Activation)
        .summary(WEFT_TEXT("Softplus", "A smooth ReLU: always positive."))
        .details(WEFT_TEXT("Softplus", "y = ln(1 + exp(x)). Use it where an answer must be positive, for example a deviation or a rate."))
        .formula("y = ln(1 + eˣ)")
        .curve(-4.0, 4.0, [](double x) { return std::log1p(std::exp(x)); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return softplus(numbersInput(c, "Softplus")); });
}

} // namespace weft
