#include "core/layers/attention_support.h"
#include "core/layers/sequence_support.h"

namespace weft {

namespace {

Value lowerAttention(LowerContext& c)
{
    constexpr const char* layer = "ScaledDotProductAttention";
    const Value query = sequenceInput(c, layer), key = sequenceInput(c, layer, 1), value = sequenceInput(c, layer, 2);
    checkKeys(layer, query, key, value);
    if (key.shape()[2] != query.shape()[2])
        throw LayerFault(
            "shape.mismatch",
            message(WEFT_TEXT("Attention", "%1 compares queries %2 with keys %3, whose features must be as many. Put a Dense layer before one."),
                    layer, toString(query.shape()), toString(key.shape())));
    c.giveLengths(c.lengths(0));
    DropoutStreams dropout(c, c.param<double>("dropout"));
    return attend(query, key, value, c.lengths(1) ? c.lengths(1) : c.lengths(2), c.param<bool>("causal"), dropout);
}

} // namespace

LayerSpec scaledDotProductAttention()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "ScaledDotProductAttention"), Category::Sequence);
    layer.summary(WEFT_TEXT("ScaledDotProductAttention", "Lets each step look at the steps that match it."))
        .details(
            WEFT_TEXT("ScaledDotProductAttention",
                      "y = softmax(query · keyᵀ / √features) · value. Each query asks, keys answer how well they match, and the values of those that "
                      "match are mixed. It has nothing to learn; MultiHeadAttention has weights. Padding is left out."))
        .formula("y = softmax(Q · Kᵀ / √d) · V")
        .picture(Picture::Attention);
    causalParam(layer, false);
    return attentionDropoutParam(layer, 0.0)
        .input("query", "[N, T, features]")
        .input("key", "[N, S, features]")
        .input("value", "[N, S, width]")
        .output("y", "[N, T, width]")
        .mask(Mask::Use)
        .lower(lowerAttention);
}

} // namespace weft
