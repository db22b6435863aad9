#include <cmath>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"
#include "core/ops/unary/unary.h"

namespace weft {

/// Constants from Klambauer et al., 2017.
LayerSpec selu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "SELU"), Category::Activation)
        .summary(WEFT_TEXT("SELU", "A scaled ELU that keeps values around 0 with deviation 1."))
        .details(WEFT_TEXT("SELU",
                           "For deep stacks of Dense layers without normalisation; start them with lecunNormal. The two constants are those that "
                           "make the network normalise itself."))
        .formula("y = λ · x (x > 0),  λ · α · (eˣ − 1) (x ≤ 0),  λ = 1.0507, α = 1.6733")
        .curve(-4.0, 4.0, [](double x) { return 1.0507009873554805 * (x > 0.0 ? x : 1.6732632423543772 * std::expm1(x)); })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return affine(elu(numbersInput(c, "SELU"), 1.6732632423543772), 1.0507009873554805); });
}

} // namespace weft
