#include "core/layers/normalization.h"
#include "core/layers/support.h"

namespace weft {

namespace {

Value lowerLayerNorm(LowerContext& c)
{
    const Value x = numbersInput(c, "LayerNorm");
    if (x.shape().rank() < 2 || !x.shape().back().isFixed())
        throw LayerFault(
            "shape.noFeatures",
            message(WEFT_TEXT("LayerNorm", "LayerNorm needs features on the last axis [N, ..., features], but gets %1."), toString(x.shape())));
    return layerNormalized(c, "", x, c.param<double>("epsilon"), c.param<bool>("affine"));
}

} // namespace

/// Layer normalisation over the last axis (Ba et al., 2016).
LayerSpec layerNorm()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "LayerNorm"), Category::Normalization);
    layer.summary(WEFT_TEXT("LayerNorm", "Keeps the features of each sample around 0 with deviation 1."))
        .details(WEFT_TEXT("LayerNorm",
                           "Normalises the last axis of each sample or time step by itself, so it works the same in training and prediction and "
                           "with any batch size. The usual normalisation of transformers."))
        .formula("y = γ · (x − μ) / √(σ² + ε) + β,  μ, σ² : features")
        .picture(Picture::NormLayer);
    return affineParam(epsilonParam(layer, 1e-5), true)
        .input("x", "[N, ..., features]")
        .output("y", "[N, ..., features]")
        .mask(Mask::Pass)
        .lower(lowerLayerNorm);
}

} // namespace weft
