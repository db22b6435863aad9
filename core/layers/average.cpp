#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec average()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Average"), Category::Core)
        .summary(WEFT_TEXT("Average", "Takes the mean of values of one shape."))
        .details(WEFT_TEXT("Average", "Wire two or more values of the same shape into it, for example the answers of several branches."))
        .formula("y = (x₁ + x₂ + … + xₖ) / k")
        .picture(Picture::Mean)
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) { return affine(joinedInputs(c, "Average", add), 1.0 / static_cast<double>(c.inputs().size())); });
}

} // namespace weft
