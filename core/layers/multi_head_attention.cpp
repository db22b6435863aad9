#include "core/layers/attention_support.h"
#include "core/layers/sequence_support.h"

namespace weft {

namespace {

Value lowerMultiHead(LowerContext& c)
{
    constexpr const char* layer = "MultiHeadAttention";
    // Unwired, keys are the queries and values the keys: self-attention.
    const int keyAt = c.input(1) ? 1 : 0;
    const int valueAt = c.input(2) ? 2 : keyAt;
    const Value query = sequenceInput(c, layer), key = sequenceInput(c, layer, keyAt), value = sequenceInput(c, layer, valueAt);
    checkKeys(layer, query, key, value);
    c.giveLengths(c.lengths(0));
    DropoutStreams dropout(c, c.param<double>("dropout"));
    const HeadOptions options{c.param<std::int64_t>("heads"), c.param<bool>("causal"), c.param<bool>("useBias"),
                              c.lengths(keyAt) ? c.lengths(keyAt) : c.lengths(valueAt)};
    return multiHeadAttention(c, layer, "", query, key, value, options, dropout);
}

} // namespace

LayerSpec multiHeadAttention()
{
    LayerSpec layer(WEFT_TEXT("LayerName", "MultiHeadAttention"), Category::Sequence);
    layer.summary(WEFT_TEXT("MultiHeadAttention", "Learns which steps should look at which others."))
        .details(WEFT_TEXT(
            "MultiHeadAttention",
            "Queries, keys and values go through learned weights, several heads attend side by side, and their answers are joined. With only "
            "query wired it is self-attention; wire key to another sequence for attention between two. Padding is left out."))
        .formula("y = [head₁, …, headₕ] · W,  headᵢ = softmax(Q·Wᵢ · (K·Wᵢ′)ᵀ / √d) · V·Wᵢ″")
        .picture(Picture::Heads);
    headsParam(layer);
    causalParam(layer, false);
    attentionDropoutParam(layer, 0.0)
        .param("useBias", true)
        .label(WEFT_TEXT("Attention", "Bias"))
        .help(WEFT_TEXT("Attention", "Adds learned numbers to queries, keys, values and the output."));
    return initializerParam(layer)
        .input("query", "[N, T, features]")
        .optionalInput("key", "[N, S, ...]")
        .optionalInput("value", "[N, S, ...]")
        .output("y", "[N, T, features]")
        .mask(Mask::Use)
        .lower(lowerMultiHead);
}

} // namespace weft
