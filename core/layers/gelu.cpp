#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec gelu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GELU"), Category::Activation)
        .summary(WEFT_TEXT("GELU", "Weighs each value by the probability of a smaller one."))
        .details(WEFT_TEXT(
            "GELU",
            "The usual activation of transformers: y = x · Φ(x), with the normal distribution's Φ. Smooth, and close to ReLU for large values."))
        .formula("y = x · Φ(x) = x / 2 · (1 + erf(x / √2))")
        .curve(-4.0, 4.0, [](double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return gelu(numbersInput(c, "GELU")); });
}

} // namespace weft
