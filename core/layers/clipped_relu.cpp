#include <algorithm>

#include "core/layers/support.h"
#include "core/ops/activation/activation.h"

namespace weft {

LayerSpec clippedRelu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "ClippedReLU"), Category::Activation)
        .summary(WEFT_TEXT("ClippedReLU", "Passes values between 0 and a maximum and cuts off the rest."))
        .details(WEFT_TEXT("ClippedReLU",
                           "y = min(max(0, x), maximum). With 6 it is the ReLU6 of MobileNet, whose bounded values fit into the small numbers of "
                           "phones."))
        .formula("y = min(max(0, x), maximum)")
        .curve(-4.0, 8.0, [](double x) { return std::clamp(x, 0.0, 6.0); })
        .param("maximum", 6.0)
        .range(1e-3, 1e6)
        .label(WEFT_TEXT("ClippedReLU", "Maximum"))
        .help(WEFT_TEXT("ClippedReLU", "The largest value that passes."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .lower([](LowerContext& c) { return clippedRelu(numbersInput(c, "ClippedReLU"), c.param<double>("maximum")); });
}

} // namespace weft
