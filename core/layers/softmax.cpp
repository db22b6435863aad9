#include "core/ops/softmax/softmax.h"
#include "core/layers/support.h"

namespace weft {

LayerSpec softmax()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Softmax"), Category::Activation)
        .summary(WEFT_TEXT("Softmax", "Turns scores into probabilities that add up to 1."))
        .details(WEFT_TEXT(
            "Softmax",
            "y = exp(x) / Σ exp(x). Not needed before CrossEntropy, which contains it; predictions and exported models give probabilities anyway."))
        .formula("y[i] = exp(x[i]) / Σ exp(x[j])")
        .picture(Picture::Probabilities)
        .param("axis", -1)
        .range(-8, 8)
        .label(WEFT_TEXT("Softmax", "Axis"))
        .help(WEFT_TEXT("Softmax", "The axis whose values add up to 1; −1 is the last one, 1 the channels. 0 is the batch and not allowed."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .givesProbabilities()
        .mask(Mask::Pass)
        .lower([](LowerContext& c) {
            const Value x = numbersInput(c, "Softmax");
            const int axis = sampleAxis(c, "Softmax", x);
            if (!x.shape()[axis].isFixed())
                throw LayerFault(
                    "shape.notFixed",
                    message(WEFT_TEXT("Softmax", "Softmax needs an axis of fixed length, but axis %1 of %2 varies."), axis, toString(x.shape())));
            return softmax(x, axis);
        });
}

} // namespace weft
