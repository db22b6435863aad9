#include "core/layers/support.h"
#include "core/ops/binary/binary.h"

namespace weft {

LayerSpec add()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Add"), Category::Core)
        .summary(WEFT_TEXT("Add", "Adds values of one shape, as in a skip connection."))
        .details(WEFT_TEXT("Add",
                           "Wire two or more values of the same shape into it. In residual networks it adds a block's input to its output, which "
                           "lets gradients reach early layers."))
        .formula("y = x₁ + x₂ + …")
        .picture(Picture::Sum)
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return joinedInputs(c, "Add", add); });
}

} // namespace weft
