#include "core/layers/sequence_support.h"
#include "core/ops/over_time/over_time.h"

namespace weft {

LayerSpec meanOverTime()
{
    return LayerSpec(WEFT_TEXT("LayerName", "MeanOverTime"), Category::Sequence)
        .summary(WEFT_TEXT("MeanOverTime", "Takes the mean of all steps of a sequence."))
        .details(WEFT_TEXT("MeanOverTime",
                           "[N, T, features] becomes [N, features]. Steps that only pad a sequence do not count. With an Embedding before it and a "
                           "Dense layer behind it, it makes the simplest classifier of texts: a bag of words."))
        .formula("y[n, c] = 1/T · Σ x[n, t, c]")
        .picture(Picture::MeanOfSteps)
        .input("x", "[N, T, features]")
        .output("y", "[N, features]")
        .mask(Mask::Use)
        .lower([](LowerContext& c) { return meanOverTime(sequenceInput(c, "MeanOverTime"), c.lengths(0)); });
}

} // namespace weft
