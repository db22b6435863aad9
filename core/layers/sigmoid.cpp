#include <cmath>

#include "core/layers/support.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec sigmoid()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Sigmoid"), Category::Activation)
        .summary(WEFT_TEXT("Sigmoid", "Squeezes every value between 0 and 1."))
        .details(WEFT_TEXT("Sigmoid",
                           "y = 1 / (1 + exp(−x)). Used for gates and for answers that are each yes or no. Inside deep networks ReLU learns faster."))
        .formula("y = σ(x) = 1 / (1 + e⁻ˣ)")
        .curve(-6.0, 6.0, [](double x) { return 1.0 / (1.0 + std::exp(-x)); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .givesProbabilities()
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return sigmoid(numbersInput(c, "Sigmoid")); });
}

} // namespace weft
