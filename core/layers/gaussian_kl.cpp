#include "core/layers/loss_support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Σ ½ (mean² + variance − 1 − log variance) over the numbers of a sample (Kingma & Welling, 2013, appendix B).
Value lowerGaussianKl(LowerContext& c)
{
    const Value mean = equalInputs(c, "GaussianKL")[0];
    const Value logVariance = c.input(1);
    const Value twice = subtract(add(square(mean), exp(logVariance)), affine(logVariance, 1.0, 1.0));
    std::vector<int> axes;
    for (int axis = 1; axis < mean.shape().rank(); ++axis)
        axes.push_back(axis);
    const Value half = affine(twice, 0.5);
    return axes.empty() ? half : reduceSum(half, axes);
}

} // namespace

LayerSpec gaussianKl()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GaussianKL"), Category::Loss)
        .summary(WEFT_TEXT("GaussianKL", "How far normal distributions are from the standard one."))
        .details(WEFT_TEXT("GaussianKL",
                           "The second loss of a variational autoencoder: takes the mean and the logarithm of the variance that Sampling draws "
                           "from, and is 0 where the mean is 0 and the variance 1. It is summed over the numbers of a sample, so give the "
                           "reconstruction's loss, which is a mean, the number of its values as its weight."))
        .formula("L = ½ · Σ (exp(v) + mean² − 1 − v),  v = logVariance")
        .picture(Picture::Bells)
        .input("mean", "[N, ...]")
        .input("logVariance", "[N, ...]")
        .lossShare(true)
        .lower(lowerGaussianKl)
        .link([](const Value& mean) { return mean; }, Task::Regression);
}

} // namespace weft
