#include "core/layers/support.h"
#include "core/ops/binary/binary.h"

namespace weft
{

LayerSpec add()
{
    return LayerSpec("Add", Category::Core)
        .summary(WEFT_TEXT("Add", "Adds values of one shape, as in a skip connection."))
        .details(WEFT_TEXT("Add",
                           "Wire two or more values of the same shape into it. In residual networks it adds a block's input to its output, which "
                           "lets gradients reach early layers."))
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .lower([](LowerContext& c) {
            Value sum = numbersInput(c, "Add");
            for (int i = 1; i < static_cast<int>(c.inputs().size()); ++i) {
                const Value next = numbersInput(c, "Add", i);
                if (next.shape() != sum.shape())
                    throw LayerFault("shape.mismatch",
                                     message(WEFT_TEXT("Add",
                                                       "Add needs values of one shape, but gets %1 and %2. Bring them to one shape first, for "
                                                       "example with a Conv2D of matching filters and stride."),
                                             toString(sum.shape()), toString(next.shape())));
                sum = add(sum, next);
            }
            return sum;
        });
}

} // namespace weft
