#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec gelu()
{
    return LayerSpec("GELU", Category::Activation)
        .summary(WEFT_TEXT("GELU", "Weighs each value by the probability of a smaller one."))
        .details(WEFT_TEXT(
            "GELU",
            "The usual activation of transformers: y = x · Φ(x), with the normal distribution's Φ. Smooth, and close to ReLU for large values."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return gelu(numbersInput(c, "GELU")); });
}

} // namespace weft
