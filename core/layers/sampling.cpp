#include "core/layers/support.h"
#include "core/ops/binary/binary.h"
#include "core/ops/gaussian_noise/gaussian_noise.h"
#include "core/ops/unary/unary.h"

namespace weft {

/// z = mean + e^(logVariance / 2) · ε with normal ε, so that gradients reach both inputs (Kingma & Welling, 2013).
LayerSpec sampling()
{
    return LayerSpec(WEFT_TEXT("LayerName", "Sampling"), Category::Core)
        .summary(WEFT_TEXT("Sampling", "Draws a random value around a mean, as variational autoencoders do."))
        .details(WEFT_TEXT("Sampling",
                           "Takes the mean and the logarithm of the variance of a normal distribution for each number and, while training, draws "
                           "from it in a way that gradients can pass. In evaluation and prediction it gives the mean. A GaussianKL on the same two "
                           "values keeps them near the standard normal distribution."))
        .formula("y = mean + exp(logVariance / 2) · z,  z ~ N(0, 1)")
        .picture(Picture::Draw)
        .input("mean", "[N, ...]")
        .input("logVariance", "[N, ...]")
        .output("y", "[N, ...]")
        .lower([](LowerContext& c) {
            const Value mean = equalInputs(c, "Sampling")[0];
            if (c.mode() == Mode::Infer)
                return mean;
            const Value noise = gaussianNoise(affine(mean, 0.0), 1.0, c.randomStream());
            return add(mean, multiply(exp(affine(c.input(1), 0.5)), noise));
        });
}

} // namespace weft
