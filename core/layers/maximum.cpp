#include "core/layers/support.h"
#include "core/ops/binary/binary.h"

namespace weft {

LayerSpec maximum()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Maximum"), Category::Core)
        .summary(WEFT_TEXT("Maximum", "Keeps the largest of values of one shape, element by element."))
        .details(WEFT_TEXT(
            "Maximum", "Wire two or more values of the same shape into it. The gradient goes to the value that was largest; equal ones share it."))
        .formula("y = max(x₁, x₂, …)")
        .picture(Picture::Largest)
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return joinedInputs(c, "Maximum", maximum); });
}

} // namespace weft
