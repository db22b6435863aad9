#include "core/layers/sequence_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/slice/slice.h"

namespace weft {

namespace {

Value lowerClassToken(LowerContext& c)
{
    const Value x = sequenceInput(c, "ClassToken");
    const Dim steps = x.shape()[1], features = x.shape()[2];
    if (!steps.isFixed())
        throw LayerFault("shape.notFixed",
                         message(WEFT_TEXT("ClassToken",
                                           "ClassToken needs sequences of a fixed length, but gets %1. For sequences that vary, take "
                                           "MeanOverTime behind the encoder instead."),
                                 toString(x.shape())));
    constexpr double deviation = 0.02;
    const Value token = c.parameter("token", {features}, {Initializer::Kind::Normal, 0.0, deviation}, false);
    // Zeros in front of the steps and behind the token: the sum has the token first and needs no stretching over the batch.
    return add(padZeros(x, 1, 1, 0), padZeros(reshape(token, {1, features}), 0, 0, steps.factor));
}

} // namespace

LayerSpec classToken()
{
    return LayerSpec(WEFT_TEXT("LayerName", "ClassToken"), Category::Sequence)
        .summary(WEFT_TEXT("ClassToken", "Puts a learned vector in front of a sequence, to gather what the whole says."))
        .details(WEFT_TEXT("ClassToken",
                           "As in BERT and Vision Transformers: attention lets the first step collect what tells the class from all others. Put it "
                           "before the PositionalEncoding, and a Slice of step 0 behind the last Transformer block."))
        .formula("y[n, 0] = token,  y[n, t + 1] = x[n, t]")
        .picture(Picture::Joined)
        .input("x", "[N, T, features]")
        .output("y", "[N, T + 1, features]")
        .lower(lowerClassToken);
}

} // namespace weft
