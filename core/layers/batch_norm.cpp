#include "core/ops/batch_norm/batch_norm.h"
#include "core/layers/support.h"
#include "core/ops/assign/assign.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

Value lowerBatchNorm(LowerContext& c)
{
    const Value x = channelsInput(c, "BatchNorm");
    const Shape channels{x.shape()[1]};
    const Value scale = c.parameter("scale", channels, ones());
    const Value shift = c.parameter("shift", channels, zeros());
    const Value runningMean = c.state("runningMean", channels, zeros());
    const Value runningVariance = c.state("runningVariance", channels, ones());
    const auto epsilon = c.param<double>("epsilon");
    if (c.mode() == Mode::Infer)
        return batchNormInference(x, scale, shift, runningMean, runningVariance, epsilon);

    const BatchNormResult result = batchNorm(x, scale, shift, epsilon);
    const auto momentum = c.param<double>("momentum");
    const auto update
        = [&](const Value& running, const Value& fresh) { assign(running, add(affine(running, 1.0 - momentum), affine(fresh, momentum))); };
    update(runningMean, result.mean);
    update(runningVariance, result.variance);
    return result.y;
}

} // namespace

/// Batch normalisation (Ioffe & Szegedy, 2015) with PyTorch's definitions: running = (1 − momentum) ·
/// running + momentum · batch, the running variance unbiased.
LayerSpec batchNorm()
{
    return LayerSpec(WEFT_TEXT("LayerName", "BatchNorm"), Category::Normalization)
        .summary(WEFT_TEXT("BatchNorm", "Keeps each channel around 0 with deviation 1 while training."))
        .details(WEFT_TEXT("BatchNorm",
                           "Subtracts the batch's mean and divides by its deviation, channel by channel, then applies a learned scale and shift. It "
                           "makes deep networks train faster and allows larger learning rates. Evaluation and prediction use running statistics "
                           "gathered in training. Put it between a convolution and its activation."))
        .formula("y = γ · (x − μ) / √(σ² + ε) + β,  μ, σ² : N, H, W")
        .picture(Picture::NormBatch)
        .param("momentum", 0.1)
        .range(0.0, 1.0)
        .label(WEFT_TEXT("BatchNorm", "Momentum"))
        .help(WEFT_TEXT("BatchNorm", "Share of each new batch in the running statistics. Keras counts the other way: its 0.9 is 0.1 here."))
        .param("epsilon", 1e-5)
        .range(1e-12, 1.0)
        .label(WEFT_TEXT("BatchNorm", "Epsilon"))
        .help(WEFT_TEXT("BatchNorm", "Added to the variance, so that nothing is divided by 0."))
        .input("x", "[N, C, ...]")
        .output("y", "[N, C, ...]")
        .lower(lowerBatchNorm);
}

} // namespace weft
