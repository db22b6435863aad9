#include "core/layers/normalization.h"

#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/layer_norm/layer_norm.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

Value standardized(const Value& x, const std::vector<int>& axes, double epsilon)
{
    if (axes == std::vector<int>{x.shape().rank() - 1})
        return layerNorm(x, {}, {}, epsilon);
    const Value centred = subtract(x, reduceMean(x, axes, true));
    const Value variance = reduceMean(square(centred), axes, true);
    return divide(centred, sqrt(affine(variance, 1.0, epsilon)));
}

Value layerNormalized(LowerContext& context, const std::string& prefix, const Value& x, double epsilon, bool isAffine)
{
    if (!isAffine)
        return layerNorm(x, {}, {}, epsilon);
    const Shape features{x.shape().back()};
    const Value scale = context.parameter(prefix + "scale", features, ones());
    return layerNorm(x, scale, context.parameter(prefix + "shift", features, zeros()), epsilon);
}

LayerSpec& epsilonParam(LayerSpec& layer, double epsilon)
{
    return layer.param("epsilon", epsilon)
        .range(1e-12, 1.0)
        .label(WEFT_TEXT("Layer", "Epsilon"))
        .help(WEFT_TEXT("Layer", "Added to the variance, so that nothing is divided by 0."));
}

LayerSpec& affineParam(LayerSpec& layer, bool isAffine)
{
    return layer.param("affine", isAffine)
        .label(WEFT_TEXT("Layer", "Scale and shift"))
        .help(WEFT_TEXT("Layer", "Multiplies by a learned number and adds another one afterwards."));
}

Value scaledChannels(LowerContext& context, const Value& y)
{
    if (!context.param<bool>("affine"))
        return y;
    const Shape channels{y.shape()[1]};
    const Value scale = context.parameter("scale", channels, ones());
    const Value shift = context.parameter("shift", channels, zeros());
    return add(multiply(y, alongChannels(scale, y)), alongChannels(shift, y));
}

} // namespace weft
