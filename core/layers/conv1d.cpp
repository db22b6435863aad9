#include "core/layers/sequence_support.h"
#include "core/layers/window_support.h"

namespace weft {

LayerSpec conv1d()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "Conv1D"), Category::Convolution);
    layer.summary(WEFT_TEXT("Conv1D", "Slides learned filters along a sequence."))
        .details(
            WEFT_TEXT("Conv1D",
                      "Each filter looks at a few steps of a sequence [N, length, features] and answers how well they match, with the same weights "
                      "at every place. For signals, time series and embedded text."))
        .formula("y[n, t, k] = b[k] + Σ w[k, c, u] · x[n, s·t + d·u − p, c]")
        .picture(Picture::Window1d)
        .param("filters", 32)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv1D", "Filters"))
        .help(WEFT_TEXT("Conv1D", "Number of filters: the features of the output."));
    window1dParams(layer, 3, 1)
        .param("dilation", 1)
        .range(1, 1024)
        .label(WEFT_TEXT("Conv1D", "Dilation"))
        .help(WEFT_TEXT("Conv1D", "Distance between the steps that the window looks at; 1 looks at neighbours."))
        .param("groups", 1)
        .range(1, 1 << 16)
        .label(WEFT_TEXT("Conv1D", "Groups"))
        .help(WEFT_TEXT("Conv1D", "Splits features and filters into groups that do not see each other. Must divide both."))
        .param("useBias", true)
        .label(WEFT_TEXT("Conv1D", "Bias"))
        .help(WEFT_TEXT("Conv1D", "Adds a learned number to each filter's answer."));
    return initializerParam(layer).input("x", "[N, T, F]").output("y", "[N, T', filters]").lower([](LowerContext& c) {
        const Value x = channelsFirst(c, "Conv1D");
        return featuresLast(convolved(c, "Conv1D", x, window1dOf(c, "Conv1D", x, true)));
    });
}

} // namespace weft
