#include "core/layers/sequence_support.h"
#include "core/ops/over_time/over_time.h"

namespace weft {

LayerSpec maxOverTime()
{
    return LayerSpec(WEFT_TEXT("LayerName", "MaxOverTime"), Category::Sequence)
        .summary(WEFT_TEXT("MaxOverTime", "Takes the largest value of each feature over all steps of a sequence."))
        .details(WEFT_TEXT("MaxOverTime",
                           "[N, T, features] becomes [N, features]: what was seen most strongly anywhere in the sequence. Steps that only pad a "
                           "sequence do not count."))
        .formula("y[n, c] = max x[n, t, c],  0 ≤ t < T")
        .picture(Picture::MaxOfSteps)
        .input("x", "[N, T, features]")
        .output("y", "[N, features]")
        .mask(Mask::Use)
        .lower([](LowerContext& c) { return maxOverTime(sequenceInput(c, "MaxOverTime"), c.lengths(0)); });
}

} // namespace weft
