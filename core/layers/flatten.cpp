#include "core/layers/layer_spec.h"
#include "core/ops/reshape/reshape.h"

namespace weft {

LayerSpec flatten()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Flatten"), Category::Core)
        .summary(WEFT_TEXT("Flatten", "Turns each sample into one row of numbers."))
        .details(WEFT_TEXT("Flatten",
                           "Stands between the part that works on images and Dense layers: [N, 50, 7, 7] becomes [N, 2450]. Channels come first, "
                           "then rows, then columns. It has nothing to learn."))
        .formula("y[n, (c · H + i) · W + j] = x[n, c, i, j]")
        .picture(Picture::Unroll)
        .input("x", "[N, ...]")
        .output("y", "[N, features]")
        .lower([](LowerContext& c) {
            const Value x = c.input(0);
            if (x.shape().rank() > 1 && x.shape()[1].timesT)
                throw LayerFault(
                    "shape.notFixed",
                    message(WEFT_TEXT("Flatten",
                                      "Flatten cannot turn sequences of variable length, %1, into rows of one length. Use MeanOverTime, or a "
                                      "recurrent layer that returns the last step."),
                            toString(x.shape())));
            Dim features(1);
            for (int axis = 1; axis < x.shape().rank(); ++axis)
                features = features * x.shape()[axis];
            return reshape(x, {x.shape()[0], features});
        });
}

} // namespace weft
