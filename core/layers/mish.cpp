#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec mish()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Mish"), Category::Activation)
        .summary(WEFT_TEXT("Mish", "A smooth activation that lets small negative values through."))
        .details(WEFT_TEXT("Mish", "y = x · tanh(ln(1 + exp(x))). Used in some object detectors; slower than ReLU."))
        .formula("y = x · tanh(ln(1 + eˣ))")
        .curve(-4.0, 4.0, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return mish(numbersInput(c, "Mish")); });
}

} // namespace weft
