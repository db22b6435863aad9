#include "core/layers/recurrent_support.h"

namespace weft {

LayerSpec simpleRnn()
{
    return recurrentLayer(
        LayerSpec(WEFT_TEXT("LayerName", "SimpleRNN"), Category::Sequence)
            .summary(WEFT_TEXT("SimpleRNN", "Reads a sequence step by step and keeps a state."))
            .details(WEFT_TEXT(
                "SimpleRNN",
                "h' = tanh(x·W + b + h·R + c). The simplest recurrent layer; it forgets after some ten steps, so for longer sequences take LSTM "
                "or GRU. Steps that only pad a sequence leave the state as it is."))
            .formula("h[t] = tanh(x[t] · W + b + h[t−1] · R + c)")
            .picture(Picture::Recurrent),
        Cell::SimpleRnn);
}

} // namespace weft
