#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec elu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "ELU"), Category::Activation)
        .summary(WEFT_TEXT("ELU", "Passes positive values and bends negative ones towards −alpha."))
        .details(WEFT_TEXT("ELU", "Smooth for negative values and centred closer to 0 than ReLU. y = x where x > 0, else alpha · (exp(x) − 1)."))
        .formula("y = x (x > 0),  α · (eˣ − 1) (x ≤ 0)")
        .curve(-4.0, 4.0, [](double x) { return x > 0.0 ? x : std::expm1(x); })
        .param("alpha", 1.0)
        .range(0.0, 100.0)
        .label(WEFT_TEXT("ELU", "Alpha"))
        .help(WEFT_TEXT("ELU", "The value that strongly negative inputs come close to, without its sign."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return elu(numbersInput(c, "ELU"), c.param<double>("alpha")); });
}

} // namespace weft
