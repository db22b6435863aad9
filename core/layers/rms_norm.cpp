#include "core/layers/normalization.h"
#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerRmsNorm(LowerContext& c)
{
    const Value x = numbersInput(c, "RMSNorm");
    if (x.shape().rank() < 2 || !x.shape().back().isFixed())
        throw LayerFault(
            "shape.noFeatures",
            message(WEFT_TEXT("RMSNorm", "RMSNorm needs features on the last axis [N, ..., features], but gets %1."), toString(x.shape())));
    const Value power = reduceMean(square(x), {-1}, true);
    const Value y = divide(x, sqrt(affine(power, 1.0, c.param<double>("epsilon"))));
    return c.param<bool>("affine") ? multiply(y, c.parameter("scale", {x.shape().back()}, ones())) : y;
}

} // namespace

/// Root mean square normalisation over the last axis (Zhang & Sennrich, 2019).
LayerSpec rmsNorm()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "RMSNorm"), Category::Normalization);
    layer.summary(WEFT_TEXT("RMSNorm", "Scales the features of each sample to a root mean square of 1."))
        .details(WEFT_TEXT(
            "RMSNorm", "A cheaper LayerNorm that does not subtract the mean, used in recent language models: y = x / √(mean(x²) + epsilon) · scale."))
        .formula("y = γ · x / √(mean(x²) + ε)")
        .picture(Picture::NormLayer);
    return epsilonParam(layer, 1e-6)
        .param("affine", true)
        .label(WEFT_TEXT("RMSNorm", "Scale"))
        .help(WEFT_TEXT("RMSNorm", "Multiplies each feature by a learned number afterwards."))
        .input("x", "[N, ..., features]")
        .output("y", "[N, ..., features]")
        .mask(Mask::Pass)
        .lower(lowerRmsNorm);
}

} // namespace weft
