#include "core/layers/transformer_support.h"

#include "core/layers/attention_support.h"
#include "core/layers/normalization.h"
#include "core/layers/sequence_support.h"
#include "core/ops/activation/activation.h"
#include "core/ops/binary/binary.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

/// Lowers the blocks of one layer.
class Blocks {
public:
    Blocks(LowerContext& context, const char* layer, bool isDecoder) :
        m_c(context), m_layer(layer), m_isDecoder(isDecoder), m_dropout(context, context.param<double>("dropout"))
    {
    }

    Value lower()
    {
        Value x = sequenceInput(m_c, m_layer);
        if (m_isDecoder) {
            m_memory = sequenceInput(m_c, m_layer, 1);
            checkKeys(m_layer, x, m_memory, m_memory);
        }
        m_c.giveLengths(m_c.lengths(0));
        for (int i = 0; i < m_c.param<int>("numLayers"); ++i)
            x = block(x, "layer" + std::to_string(i) + ".");
        return x;
    }

private:
    Value block(Value x, const std::string& prefix)
    {
        x = around(x, prefix + "norm1.",
                   [&](const Value& h) { return attention(prefix + "selfAttention.", h, h, m_c.lengths(0), m_c.param<bool>("causal")); });
        if (m_isDecoder)
            x = around(x, prefix + "norm2.",
                       [&](const Value& h) { return attention(prefix + "crossAttention.", h, m_memory, m_c.lengths(1), false); });
        return around(x, prefix + (m_isDecoder ? "norm3." : "norm2."), [&](const Value& h) { return feedForward(prefix, h); });
    }

    /// The part with a way around it, normalised before the part or after the sum.
    template <class Part> Value around(const Value& x, const std::string& norm, const Part& part)
    {
        if (m_c.param<bool>("normFirst"))
            return add(x, m_dropout(part(normalized(x, norm))));
        return normalized(add(x, m_dropout(part(x))), norm);
    }

    Value normalized(const Value& x, const std::string& prefix) { return layerNormalized(m_c, prefix, x, m_c.param<double>("epsilon"), true); }

    Value attention(const std::string& prefix, const Value& query, const Value& key, const Value& lengths, bool isCausal)
    {
        return multiHeadAttention(m_c, m_layer, prefix, query, key, key, {m_c.param<std::int64_t>("heads"), isCausal, true, lengths}, m_dropout);
    }

    Value feedForward(const std::string& prefix, const Value& x)
    {
        const Value inner = projected(m_c, prefix + "linear1", x, m_c.param<std::int64_t>("feedForward"), true);
        const Value bent = m_c.param<std::string>("activation") == "gelu" ? gelu(inner) : relu(inner);
        return projected(m_c, prefix + "linear2", m_dropout(bent), x.shape()[2].factor, true);
    }

    LowerContext& m_c;
    const char* m_layer;
    bool m_isDecoder;
    DropoutStreams m_dropout;
    Value m_memory;
};

} // namespace

LayerSpec transformerLayer(LayerSpec layer, bool isDecoder)
{
    const std::string type = layer.type();
    layer.param("numLayers", 1)
        .range(1, 256)
        .label(WEFT_TEXT("Transformer", "Blocks"))
        .help(WEFT_TEXT("Transformer", "How many blocks stand one behind the other, each with its own weights."));
    headsParam(layer)
        .param("feedForward", 2048)
        .range(1, 1 << 20)
        .label(WEFT_TEXT("Transformer", "Feed-forward"))
        .help(WEFT_TEXT("Transformer", "Units of the hidden layer behind the attention; four times the features is usual."))
        .param("activation", "relu")
        .choices({"relu", "gelu"})
        .label(WEFT_TEXT("Transformer", "Activation"))
        .help(WEFT_TEXT("Transformer", "The function between the two layers of the feed-forward part."))
        .param("normFirst", false)
        .label(WEFT_TEXT("Transformer", "Normalise first"))
        .help(WEFT_TEXT(
            "Transformer",
            "Normalises before each part instead of after it: trains more steadily when there are many blocks. Put a LayerNorm behind the last "
            "one then."));
    causalParam(layer, isDecoder);
    initializerParam(epsilonParam(attentionDropoutParam(layer, 0.1), 1e-5)).input("x", "[N, T, features]");
    if (isDecoder)
        layer.input("memory", "[N, S, features]");
    return layer.output("y", "[N, T, features]").mask(Mask::Use).lower([type, isDecoder](LowerContext& c) {
        return Blocks(c, type.c_str(), isDecoder).lower();
    });
}

} // namespace weft
