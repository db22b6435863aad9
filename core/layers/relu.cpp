#include <algorithm>

#include "core/layers/support.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec relu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "ReLU"), Category::Activation)
        .summary(WEFT_TEXT("ReLU", "Passes positive values and turns negative ones to 0."))
        .details(WEFT_TEXT("ReLU", "The usual activation: fast, and gradients do not fade in deep networks. y = max(0, x)."))
        .formula("y = max(0, x)")
        .curve(-4.0, 4.0, [](double x) { return std::max(0.0, x); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return relu(numbersInput(c, "ReLU")); });
}

} // namespace weft
