#include "core/ops/concat/concat.h"
#include "core/layers/support.h"

namespace weft {

namespace {

Value lowerConcat(LowerContext& c)
{
    const Value first = c.input(0);
    const int axis = sampleAxis(c, "Concat", first);
    for (const Value& next : c.inputs()) {
        bool fits = next.shape().rank() == first.shape().rank() && next.dtype() == first.dtype();
        for (int i = 0; fits && i < first.shape().rank(); ++i)
            fits = i == axis || next.shape()[i] == first.shape()[i];
        if (!fits)
            throw LayerFault("shape.mismatch",
                             message(WEFT_TEXT("Concat", "Concat joins along axis %1, so the other axes must agree, but it gets %2 and %3."), axis,
                                     toString(first.shape()), toString(next.shape())));
    }
    return concat(c.inputs(), axis);
}

} // namespace

LayerSpec concat()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Concat"), Category::Core)
        .summary(WEFT_TEXT("Concat", "Joins values along an axis, one after the other."))
        .details(WEFT_TEXT("Concat",
                           "Wire two or more values into it; they are joined in the order of wiring. Joining branches along the channels (axis 1) is "
                           "what Inception and DenseNet do. The other axes must agree."))
        .formula("y = [x₁, x₂, …]")
        .picture(Picture::Joined)
        .param("axis", 1)
        .range(-8, 8)
        .label(WEFT_TEXT("Concat", "Axis"))
        .help(WEFT_TEXT("Concat", "The axis to join along: 1 is the channels or features, −1 the last one. 0 is the batch and not allowed."))
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower(lowerConcat);
}

} // namespace weft
