#include <algorithm>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec hardSwish()
{
    return LayerSpec(WEFT_TEXT("LayerName", "HardSwish"), Category::Activation)
        .summary(WEFT_TEXT("HardSwish", "A cheap approximation of SiLU for small devices."))
        .details(WEFT_TEXT("HardSwish", "y = x · min(max(x + 3, 0), 6) / 6. Used in networks for phones: no exponential is needed."))
        .formula("y = x · min(max(x + 3, 0), 6) / 6")
        .curve(-4.0, 4.0, [](double x) { return x * std::clamp(x + 3.0, 0.0, 6.0) / 6.0; })
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return hardSwish(numbersInput(c, "HardSwish")); });
}

} // namespace weft
