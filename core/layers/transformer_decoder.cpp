#include "core/layers/transformer_support.h"

namespace weft {

LayerSpec transformerDecoder()
{
    return transformerLayer(
        LayerSpec(WEFT_TEXT("LayerName", "TransformerDecoder"), Category::Sequence)
            .summary(WEFT_TEXT("TransformerDecoder", "Stacked blocks that look back at themselves and at another sequence."))
            .details(WEFT_TEXT("TransformerDecoder",
                               "Each block is self-attention, attention to the sequence on the port memory (what an encoder made of the input) and a "
                               "feed-forward part, each with a way around it and a LayerNorm. Padding of both sequences is left out."))
            .formula("x ← LayerNorm(x + Attention(x, x, x)),  x ← LayerNorm(x + Attention(x, m, m)),  x ← LayerNorm(x + FeedForward(x))")
            .picture(Picture::DecoderBlock),
        true);
}

} // namespace weft
