#include "core/layers/support.h"
#include "core/ops/binary/binary.h"

namespace weft {

LayerSpec subtract()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Subtract"), Category::Core)
        .summary(WEFT_TEXT("Subtract", "Takes the second value from the first."))
        .details(WEFT_TEXT("Subtract", "y = a − b for two values of the same shape. Useful to compare two branches, as in a siamese network."))
        .formula("y = a − b")
        .picture(Picture::Difference)
        .input("a", "[N, ...]")
        .input("b", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) {
            const std::vector<Value> values = equalInputs(c, "Subtract");
            return subtract(values[0], values[1]);
        });
}

} // namespace weft
