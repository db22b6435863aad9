#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec mish()
{
    return LayerSpec("Mish", Category::Activation)
        .summary(WEFT_TEXT("Mish", "A smooth activation that lets small negative values through."))
        .details(WEFT_TEXT("Mish", "y = x · tanh(ln(1 + exp(x))). Used in some object detectors; slower than ReLU."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return mish(numbersInput(c, "Mish")); });
}

} // namespace weft
