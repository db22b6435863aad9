#include "core/layers/normalization.h"
#include "core/layers/support.h"
#include "core/ops/reshape/reshape.h"

namespace weft {

namespace {

Value lowerGroupNorm(LowerContext& c)
{
    const Value x = channelsInput(c, "GroupNorm");
    const std::int64_t channels = x.shape()[1].factor;
    const auto groups = c.param<std::int64_t>("groups");
    if (channels % groups != 0)
        throw LayerFault("norm.groups", message(WEFT_TEXT("GroupNorm", "%1 groups do not divide %2 channels evenly."), groups, channels),
                         {Remedy::setParam(message(WEFT_TEXT("GroupNorm", "Use one group")), "groups", 1)});
    Dim inGroup(channels / groups);
    for (int axis = 2; axis < x.shape().rank(); ++axis)
        inGroup = inGroup * x.shape()[axis];
    const Value grouped = reshape(x, {x.shape()[0], groups, inGroup});
    return scaledChannels(c, reshape(standardized(grouped, {2}, c.param<double>("epsilon")), x.shape()));
}

} // namespace

/// Group normalisation (Wu & He, 2018).
LayerSpec groupNorm()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "GroupNorm"), Category::Normalization);
    layer.summary(WEFT_TEXT("GroupNorm", "Keeps groups of channels of each sample around 0 with deviation 1."))
        .details(WEFT_TEXT("GroupNorm",
                           "Like BatchNorm, but looks at one sample at a time, so it also works with a batch of one or two large images. The "
                           "channels are split into groups that are normalised together."))
        .formula("y = γ · (x − μ) / √(σ² + ε) + β,  μ, σ² : C / groups, H, W")
        .picture(Picture::NormGroup)
        .param("groups", 8)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("GroupNorm", "Groups"))
        .help(WEFT_TEXT("GroupNorm", "Must divide the channels. 1 normalises each sample as a whole."));
    return affineParam(epsilonParam(layer, 1e-5), true).input("x", "[N, C, ...]").output("y", "[N, C, ...]").lower(lowerGroupNorm);
}

} // namespace weft
