#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// max(0, x) + slope · min(0, x), the slope one number a channel.
Value lowerPrelu(LowerContext& c)
{
    const Value x = channelsInput(c, "PReLU");
    const Initializer start{Initializer::Kind::Constant, c.param<double>("start"), 0.0, 0, 0};
    const Value slope = alongChannels(c.parameter("slope", {x.shape()[1]}, start, false), x);
    return subtract(relu(x), multiply(relu(negate(x)), slope));
}

} // namespace

LayerSpec prelu()
{
    return LayerSpec(WEFT_TEXT("LayerName", "PReLU"), Category::Activation)
        .summary(WEFT_TEXT("PReLU", "A leaky ReLU that learns how much of negative values to pass."))
        .details(WEFT_TEXT("PReLU", "y = x where x > 0, else slope · x, with one learned slope for each channel. Adds few parameters."))
        .formula("y = x (x > 0),  slope[c] · x (x ≤ 0)")
        .curve(-4.0, 4.0, [](double x) { return x > 0.0 ? x : 0.25 * x; })
        .param("start", 0.25)
        .range(-1.0, 1.0)
        .label(WEFT_TEXT("PReLU", "First slope"))
        .help(WEFT_TEXT("PReLU", "The slope of every channel before training."))
        .input("x", "[N, C, ...]")
        .output("y", "[N, C, ...]")
        .lower(lowerPrelu);
}

} // namespace weft
