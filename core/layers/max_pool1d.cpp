#include "core/layers/sequence_support.h"
#include "core/ops/pool/pool.h"

namespace weft {

namespace {

Value lowerPool(LowerContext& c)
{
    const Value x = channelsFirst(c, "MaxPool1D");
    const Window window = window1dOf(c, "MaxPool1D", x, false);
    // A window of nothing but border has no content.
    if (window.padBegin[0] >= window.kernel[0] || window.padEnd[0] >= window.kernel[0])
        throw LayerFault(
            "pool.border",
            message(WEFT_TEXT("MaxPool1D", "The border of MaxPool1D, %1, must be smaller than its window, %2."), window.padEnd[0], window.kernel[0]),
            {Remedy::setParam(message(WEFT_TEXT("MaxPool1D", "Use padding \"same\"")), "padding", "same")});
    return featuresLast(maxPool(x, {window.kernel, window.strides, window.padBegin, window.padEnd}));
}

} // namespace

LayerSpec maxPool1d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "MaxPool1D"), Category::Pooling);
    layer.summary(WEFT_TEXT("MaxPool1D", "Keeps the largest value of each window along a sequence."))
        .details(
            WEFT_TEXT("MaxPool1D", "Makes a sequence [N, length, features] shorter: a window of 2 with stride 2 halves it. It has nothing to learn."))
        .formula("y[n, t, c] = max x[n, s·t + u − p, c],  0 ≤ u < k")
        .picture(Picture::PoolMax1d);
    return window1dParams(layer, 2, 2).input("x", "[N, T, F]").output("y", "[N, T', F]").lower(lowerPool);
}

} // namespace weft
