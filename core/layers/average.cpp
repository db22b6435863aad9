#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

LayerSpec average()
{
    return LayerSpec("Average", Category::Core)
        .summary(WEFT_TEXT("Average", "Takes the mean of values of one shape."))
        .details(WEFT_TEXT("Average", "Wire two or more values of the same shape into it, for example the answers of several branches."))
        .variadicInput("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) {
            const std::vector<Value> values = equalInputs(c, "Average");
            Value y = values[0];
            for (std::size_t i = 1; i < values.size(); ++i)
                y = add(y, values[i]);
            return affine(y, 1.0 / static_cast<double>(values.size()));
        });
}

} // namespace weft
