#include "core/layers/support.h"
#include "core/ops/pool/pool.h"

namespace weft {

namespace {

/// The largest divisor of `side` that is not above `wanted`.
std::int64_t nearestDivisor(std::int64_t side, std::int64_t wanted)
{
    std::int64_t divisor = wanted < side ? wanted : side;
    while (side % divisor != 0)
        --divisor;
    return divisor;
}

Value lowerAdaptive(LowerContext& c)
{
    const Value x = imageInput(c, "AdaptiveAveragePool2D");
    const auto size = c.param<std::vector<std::int64_t>>("size");
    const std::int64_t height = x.shape()[2].factor, width = x.shape()[3].factor;
    if (height % size[0] != 0 || width % size[1] != 0)
        throw LayerFault("pool.divide",
                         message(WEFT_TEXT("AdaptiveAveragePool2D",
                                           "AdaptiveAveragePool2D cuts the image into equal parts, but %1 x %2 parts do not divide images of %3 x %4 "
                                           "evenly."),
                                 size[0], size[1], height, width),
                         {Remedy::setParam(message(WEFT_TEXT("AdaptiveAveragePool2D", "Use the next smaller size that fits")), "size",
                                           Tree::List{nearestDivisor(height, size[0]), nearestDivisor(width, size[1])})});
    const std::vector<std::int64_t> window{height / size[0], width / size[1]};
    return averagePool(x, {window, window, {0, 0}, {0, 0}});
}

} // namespace

LayerSpec adaptiveAveragePool2d()
{
    return LayerSpec(WEFT_TEXT("LayerName", "AdaptiveAveragePool2D"), Category::Pooling)
        .summary(WEFT_TEXT("AdaptiveAveragePool2D", "Shrinks an image to a given size by taking means."))
        .details(
            WEFT_TEXT("AdaptiveAveragePool2D",
                      "Cuts the image into as many equal parts as the output has pixels and takes the mean of each, so that what follows sees the "
                      "same size whatever the input. The size must divide that of the image. It has nothing to learn."))
        .formula("y[n, c, i, j] = 1/k² · Σ x[n, c, k·i + u, k·j + v],  k = H / size")
        .picture(Picture::PoolMean)
        .integers("size", {1, 1})
        .range(1, 1024)
        .label(WEFT_TEXT("AdaptiveAveragePool2D", "Size"))
        .help(WEFT_TEXT("AdaptiveAveragePool2D", "Height and width of the output, in pixels."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, size, size]")
        .lower(lowerAdaptive);
}

} // namespace weft
