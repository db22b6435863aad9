#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/broadcast/broadcast.h"
#include "core/ops/constant/constant.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/reshape/reshape.h"

namespace weft {

namespace {

/// A dropout of ones [N, C, 1, 1] makes the mask, so that a channel is dropped as a whole.
Value lowerSpatialDropout(LowerContext& c)
{
    const Value x = imageInput(c, "SpatialDropout2D");
    const auto rate = c.param<double>("rate");
    if (c.mode() != Mode::Train || rate <= 0.0)
        return x;
    const Shape maskShape{x.shape()[0], x.shape()[1], 1, 1};
    const Value one = constant(c.graph(), x.dtype(), {}, {1.0});
    return multiply(x, dropout(broadcastTo(one, maskShape), rate, c.randomStream()));
}

} // namespace

LayerSpec spatialDropout2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "SpatialDropout2D"), Category::Normalization)
        .summary(WEFT_TEXT("SpatialDropout2D", "Zeroes whole channels at random while training."))
        .details(WEFT_TEXT("SpatialDropout2D",
                           "Neighbouring pixels are much alike, so dropping single ones hides little; this drops whole channels and scales the "
                           "others up. In evaluation and prediction it does nothing."))
        .formula("y[n, c] = m[n, c] · x[n, c] / (1 − p),  P(m = 0) = p")
        .picture(Picture::DropChannels)
        .param("rate", 0.5)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("SpatialDropout2D", "Rate"))
        .help(WEFT_TEXT("SpatialDropout2D", "Probability that a channel is dropped."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H, W]")
        .lower(lowerSpatialDropout);
}

} // namespace weft
