#include "core/ops/dropout/dropout.h"
#include "core/layers/support.h"

namespace weft {

LayerSpec dropout()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Dropout"), Category::Normalization)
        .summary(WEFT_TEXT("Dropout", "Zeroes values at random while training, against overfitting."))
        .details(WEFT_TEXT("Dropout",
                           "While training, each value is dropped with the given probability and the others are scaled up to keep the mean, so the "
                           "network cannot lean on single values. In evaluation and prediction it does nothing."))
        .formula("y = m · x / (1 − p),  m ∈ {0, 1},  P(m = 0) = p")
        .picture(Picture::Drop)
        .param("rate", 0.5)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("Dropout", "Rate"))
        .help(WEFT_TEXT("Dropout", "Probability that a value is dropped."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) {
            const Value x = numbersInput(c, "Dropout");
            const auto rate = c.param<double>("rate");
            return c.mode() == Mode::Train && rate > 0 ? dropout(x, rate, c.randomStream()) : x;
        });
}

} // namespace weft
