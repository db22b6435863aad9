#pragma once

#include <functional>
#include <string>

namespace weft {

/// What the help of a layer draws; `widgets/help` paints it. A layer with a Curve needs none.
enum class Picture {
    Category, ///< what the layers of its category have in common
    // Data.
    Samples,
    Standardize,
    // Convolution.
    Window,
    ChannelWindows,
    SeparableWindow,
    Stamp,
    Window1d,
    Enlarge,
    Border,
    Crop,
    // Pooling.
    PoolMax,
    PoolMean,
    PoolMax1d,
    PoolMean1d,
    GlobalMax,
    GlobalMean,
    // Normalisation.
    NormBatch,
    NormLayer,
    NormGroup,
    NormInstance,
    NormNeighbours,
    Drop,
    DropChannels,
    Noise,
    // One value becomes another.
    Probabilities,
    Connected,
    Unroll,
    Roll,
    Swap,
    Part,
    Copies,
    // Several values become one.
    Sum,
    Difference,
    Product,
    Largest,
    Mean,
    Joined,
    InnerProduct,
    Draw,
    // Sequences.
    Lookup,
    Waves,
    Recurrent,
    RecurrentCell,
    MeanOfSteps,
    MaxOfSteps,
    Attention,
    Heads,
    EncoderBlock,
    DecoderBlock,
    // Losses.
    Distributions,
    Angle,
    Bells,
};

/// A function of one number, drawn in the help of layers that are one.
struct Curve {
    double from = 0.0;
    double to = 0.0;
    std::function<double(double)> y;
    std::string axis; ///< what the number is: "x", "p"
};

} // namespace weft
