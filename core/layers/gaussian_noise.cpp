#include "core/ops/gaussian_noise/gaussian_noise.h"
#include "core/layers/support.h"

namespace weft {

LayerSpec gaussianNoise()
{
    return LayerSpec(WEFT_TEXT("LayerName", "GaussianNoise"), Category::Normalization)
        .summary(WEFT_TEXT("GaussianNoise", "Adds random noise while training, against overfitting."))
        .details(WEFT_TEXT("GaussianNoise",
                           "While training, each value is moved by a normally distributed amount of mean 0, so the network cannot rely on exact "
                           "values; at the input of an autoencoder it makes a denoising one. In evaluation and prediction it does nothing."))
        .formula("y = x + σ · z,  z ~ N(0, 1)")
        .picture(Picture::Noise)
        .param("deviation", 0.1)
        .range(0.0, 1e6)
        .label(WEFT_TEXT("GaussianNoise", "Deviation"))
        .help(WEFT_TEXT("GaussianNoise", "Standard deviation of the noise."))
        .input("x", "[N, ...]")
        .output("y", "[N, ...]")
        .mask(Mask::Pass)
        .lower([](LowerContext& c) {
            const Value x = numbersInput(c, "GaussianNoise");
            const auto deviation = c.param<double>("deviation");
            return c.mode() == Mode::Train && deviation > 0.0 ? gaussianNoise(x, deviation, c.randomStream()) : x;
        });
}

} // namespace weft
