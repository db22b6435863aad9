#include "core/layers/support.h"
#include "core/ops/pool/pool.h"
#include "core/ops/slice/slice.h"

namespace weft {

namespace {

/// Pixels that only rounding up adds never count, those of the padding if wanted: PyTorch's divisor.
Value lowerAveragePool(LowerContext& c)
{
    const Value x = imageInput(c, "AveragePool2D");
    const Window2d w = windowOf(c, "AveragePool2D", x, false);
    const std::vector<std::int64_t> more = roundingBorder(c, w, x);
    const bool countsPadding = c.param<bool>("countPadding");
    if (!countsPadding || more == std::vector<std::int64_t>{0, 0})
        return averagePool(x, {w.kernel, w.strides, w.padBegin, {w.padEnd[0] + more[0], w.padEnd[1] + more[1]}}, countsPadding);
    const Value padded = padZeros(padZeros(x, 2, w.padBegin[0], w.padEnd[0]), 3, w.padBegin[1], w.padEnd[1]);
    return averagePool(padded, {w.kernel, w.strides, {0, 0}, more}, false);
}

} // namespace

LayerSpec averagePool2d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "AveragePool2D"), Category::Pooling);
    layer.summary(WEFT_TEXT("AveragePool2D", "Takes the mean of each window: shrinks an image."))
        .details(WEFT_TEXT("AveragePool2D",
                           "Makes the image smaller by averaging, gentler than keeping the largest value. A 2 x 2 window with stride 2 halves height "
                           "and width. It has nothing to learn."))
        .formula("y[n, c, i, j] = 1/k² · Σ x[n, c, s·i + u − p, s·j + v − p],  0 ≤ u, v < k")
        .picture(Picture::PoolMean);
    return ceilModeParam(windowParams(layer, {2, 2}, {2, 2}))
        .param("countPadding", true)
        .label(WEFT_TEXT("AveragePool2D", "Count the border"))
        .help(
            WEFT_TEXT("AveragePool2D", "Counts the zeros of the padding in the mean, as PyTorch does; off averages real pixels only, as Keras does."))
        .input("x", "[N, C, H, W]")
        .output("y", "[N, C, H', W']")
        .lower(lowerAveragePool);
}

} // namespace weft
