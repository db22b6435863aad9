#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/pool/pool.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// x / (k + alpha · mean of the squares of `size` neighbouring channels)^beta; channels beyond the first and last
/// count as zeros. The mean is an average pool over the channels as rows. PyTorch's definition.
Value lowerLocalResponseNorm(LowerContext& c)
{
    const Value x = imageInput(c, "LocalResponseNorm");
    const Shape& s = x.shape();
    const auto size = c.param<std::int64_t>("size");
    const Value rows = reshape(square(x), {s[0], 1, s[1], s[2] * s[3]});
    const Value mean = reshape(averagePool(rows, {{size, 1}, {1, 1}, {size / 2, 0}, {(size - 1) / 2, 0}}), s);
    const Value base = affine(mean, c.param<double>("alpha"), c.param<double>("k"));
    return multiply(x, exp(affine(log(base), -c.param<double>("beta"))));
}

} // namespace

LayerSpec localResponseNorm()
{
    return LayerSpec(WEFT_TEXT("LayerName", "LocalResponseNorm"), Category::Normalization)
        .summary(WEFT_TEXT("LocalResponseNorm", "Dampens values whose neighbouring channels are strong."))
        .details(WEFT_TEXT("LocalResponseNorm",
                           "The normalisation of AlexNet: each value is divided by (k + alpha · m)^beta, where m is the mean of the squares of "
                           "neighbouring channels at the same pixel. Newer networks use BatchNorm. It has nothing to learn."))
        .formula("y[c] = x[c] / (k + α/n · Σ x[c′]²)^β,  |c′ − c| ≤ n/2")
        .picture(Picture::NormNeighbours)
        .param("size", 5)
        .range(1, 1024)
        .label(WEFT_TEXT("LocalResponseNorm", "Channels"))
        .help(WEFT_TEXT("LocalResponseNorm", "How many neighbouring channels count, the value's own among them."))
        .param("alpha", 1e-4)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("LocalResponseNorm", "Alpha"))
        .help(WEFT_TEXT("LocalResponseNorm", "How strongly the neighbours dampen."))
        .param("beta", 0.75)
        .range(0.0, 100.0)
        .label(WEFT_TEXT("LocalResponseNorm", "Beta"))
        .help(WEFT_TEXT("LocalResponseNorm", "The exponent of the divisor."))
        .param("k", 1.0)
        .range(1e-6, 1e6)
        .label(WEFT_TEXT("LocalResponseNorm", "k"))
        .help(WEFT_TEXT("LocalResponseNorm", "What the divisor has without any neighbours; above 0, so that it never vanishes."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H, W]")
        .lower(lowerLocalResponseNorm);
}

} // namespace weft
