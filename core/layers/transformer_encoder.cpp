#include "core/layers/transformer_support.h"

namespace weft {

LayerSpec transformerEncoder()
{
    return transformerLayer(
        LayerSpec(WEFT_TEXT("LayerName", "TransformerEncoder"), Category::Sequence)
            .summary(WEFT_TEXT("TransformerEncoder", "Stacked blocks in which every step looks at all others."))
            .details(WEFT_TEXT(
                "TransformerEncoder",
                "Each block is self-attention and a feed-forward part, both with a way around them and a LayerNorm: the network behind BERT. Put "
                "Embedding and PositionalEncoding before it and MeanOverTime and Dense behind it to classify texts. Padding is left out."))
            .formula("x ← LayerNorm(x + Attention(x, x, x)),  x ← LayerNorm(x + FeedForward(x))")
            .picture(Picture::EncoderBlock),
        false);
}

} // namespace weft
