#include "core/layers/support.h"
#include "core/ops/binary/binary.h"

namespace weft {

LayerSpec multiply()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Multiply"), Category::Core)
        .summary(WEFT_TEXT("Multiply", "Multiplies values of one shape, element by element."))
        .details(WEFT_TEXT("Multiply",
                           "Wire two or more values of the same shape into it. Multiplying by the output of a Sigmoid makes a gate: it lets through "
                           "what the gate opens."))
        .formula("y = x₁ · x₂ · …")
        .picture(Picture::Product)
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return joinedInputs(c, "Multiply", multiply); });
}

} // namespace weft
