#include "core/layers/recurrent_support.h"

namespace weft {

/// Gated recurrent unit (Cho et al., 2014), as PyTorch defines it: gates in the order r, z, n.
LayerSpec gru()
{
    return recurrentLayer(
        LayerSpec(WEFT_TEXT("LayerName", "GRU"), Category::Sequence)
            .summary(WEFT_TEXT("GRU", "Reads a sequence step by step; a lighter LSTM."))
            .details(WEFT_TEXT(
                "GRU",
                "One gate decides how much of the state to keep, another how much of it to use for the new one. It has three quarters of the "
                "weights of an LSTM and often does as well, for example on time series. Steps that only pad a sequence leave the state as it is."))
            .formula("h[t] = (1 − z) ⊙ n + z ⊙ h[t−1],  [r, z] = σ(x[t] · W + h[t−1] · R + b),  n = tanh(x[t] · W + b + r ⊙ (h[t−1] · R + c))")
            .picture(Picture::Recurrent),
        Cell::Gru);
}

} // namespace weft
