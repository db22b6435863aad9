#include "core/layers/recurrent_support.h"

namespace weft {

/// Long short-term memory (Hochreiter & Schmidhuber, 1997), as PyTorch defines it: gates in the order i, f, g, o.
LayerSpec lstm()
{
    return recurrentLayer(
        LayerSpec(WEFT_TEXT("LayerName", "LSTM"), Category::Sequence)
            .summary(WEFT_TEXT("LSTM", "Reads a sequence step by step and remembers over long distances."))
            .details(WEFT_TEXT(
                "LSTM",
                "Beside its state it keeps a cell, which gates write to, read from and clear, so that gradients reach far back. For texts put it "
                "behind an Embedding; to classify, take the last state and put a Dense layer behind it. Steps that only pad a sequence leave the "
                "state as it is."))
            .formula(
                "c[t] = f ⊙ c[t−1] + i ⊙ g,  h[t] = o ⊙ tanh(c[t]),  [i, f, o] = σ(x[t] · W + h[t−1] · R + b),  g = tanh(x[t] · W + h[t−1] · R + b)")
            .picture(Picture::RecurrentCell),
        Cell::Lstm);
}

} // namespace weft
