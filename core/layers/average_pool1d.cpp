#include "core/layers/sequence_support.h"
#include "core/ops/pool/pool.h"

namespace weft {

namespace {

Value lowerPool(LowerContext& c)
{
    const Value x = channelsFirst(c, "AveragePool1D");
    const Window window = window1dOf(c, "AveragePool1D", x, false);
    // A window of nothing but border has no content.
    if (window.padBegin[0] >= window.kernel[0] || window.padEnd[0] >= window.kernel[0])
        throw LayerFault("pool.border",
                         message(WEFT_TEXT("AveragePool1D", "The border of AveragePool1D, %1, must be smaller than its window, %2."),
                                 window.padEnd[0], window.kernel[0]),
                         {Remedy::setParam(message(WEFT_TEXT("AveragePool1D", "Use padding \"same\"")), "padding", "same")});
    return featuresLast(averagePool(x, {window.kernel, window.strides, window.padBegin, window.padEnd}, c.param<bool>("countPadding")));
}

} // namespace

LayerSpec averagePool1d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "AveragePool1D"), Category::Pooling);
    layer.summary(WEFT_TEXT("AveragePool1D", "Takes the mean of each window along a sequence."))
        .details(WEFT_TEXT("AveragePool1D",
                           "Makes a sequence [N, length, features] shorter: a window of 2 with stride 2 halves it. It has nothing to learn."))
        .formula("y[n, t, c] = 1/k · Σ x[n, s·t + u − p, c],  0 ≤ u < k")
        .picture(Picture::PoolMean1d);
    return window1dParams(layer, 2, 2)
        .param("countPadding", true)
        .label(WEFT_TEXT("AveragePool1D", "Count the border"))
        .help(
            WEFT_TEXT("AveragePool1D", "Counts the zeros of the padding in the mean, as PyTorch does; off averages real steps only, as Keras does."))
        .input("x", "[N, T, F]")
        .output("y", "[N, T', F]")
        .lower(lowerPool);
}

} // namespace weft
