#include "core/layers/attention_support.h"

#include <cmath>

#include "core/base/random.h"
#include "core/ops/binary/binary.h"
#include "core/ops/dropout/dropout.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/transpose/transpose.h"
#include "core/ops/unary/unary.h"

namespace weft {

Value DropoutStreams::operator()(const Value& x)
{
    if (m_context.mode() != Mode::Train || m_rate <= 0.0)
        return x;
    return dropout(x, m_rate, mixKeys(m_context.randomStream(), m_next++));
}

Value attend(const Value& q, const Value& k, const Value& v, const Value& lengths, bool isCausal, DropoutStreams& dropout)
{
    const double scale = 1.0 / std::sqrt(static_cast<double>(q.shape().back().factor));
    const Value scores = matmul(affine(q, scale), k, false, true);
    const Value weights = lengths || isCausal ? maskedSoftmax(scores, lengths, isCausal) : softmax(scores);
    return matmul(dropout(weights), v);
}

Value projected(LowerContext& context, const std::string& name, const Value& x, std::int64_t units, bool useBias)
{
    const std::int64_t features = x.shape().back().factor;
    const Value y = matmul(x, context.parameter(name + "Kernel", {features, units}, initializerOf(context, features, units)));
    return useBias ? add(y, context.parameter(name + "Bias", {units}, zeros())) : y;
}

namespace {

/// [N, T, E] as [N, heads, T, E / heads].
Value inHeads(const Value& x, std::int64_t heads)
{
    const Shape& shape = x.shape();
    return transpose(reshape(x, {shape[0], shape[1], heads, shape[2].factor / heads}), {0, 2, 1, 3});
}

} // namespace

Value multiHeadAttention(LowerContext& context, const char* layer, const std::string& prefix, const Value& query, const Value& key,
                         const Value& value, const HeadOptions& options, DropoutStreams& dropout)
{
    const std::int64_t features = query.shape()[2].factor;
    if (features % options.heads != 0)
        throw LayerFault(
            "attention.heads",
            message(WEFT_TEXT("Attention",
                              "%1 shares %2 features among %3 heads, which leaves a rest. Choose a number of heads that divides the features."),
                    layer, features, options.heads),
            {Remedy::setParam(message(WEFT_TEXT("Attention", "Use one head")), "heads", 1)});
    const auto part
        = [&](const char* name, const Value& x) { return inHeads(projected(context, prefix + name, x, features, options.useBias), options.heads); };
    const Value y = attend(part("query", query), part("key", key), part("value", value), options.lengths, options.isCausal, dropout);
    return projected(context, prefix + "output", reshape(transpose(y, {0, 2, 1, 3}), query.shape()), features, options.useBias);
}

void checkKeys(const char* layer, const Value& query, const Value& key, const Value& value)
{
    const bool fits = key.shape()[0] == query.shape()[0] && value.shape()[0] == key.shape()[0] && value.shape()[1] == key.shape()[1];
    if (!fits)
        throw LayerFault("shape.mismatch",
                         message(WEFT_TEXT("Attention", "%1 needs one value for each key, but gets keys %2 and values %3."), layer,
                                 toString(key.shape()), toString(value.shape())));
}

LayerSpec& attentionDropoutParam(LayerSpec& layer, double rate)
{
    return layer.param("dropout", rate)
        .range(0.0, 0.99)
        .label(WEFT_TEXT("Attention", "Dropout"))
        .help(WEFT_TEXT("Attention", "Probability that a value is dropped while training, attention weights among them."));
}

LayerSpec& causalParam(LayerSpec& layer, bool isCausal)
{
    return layer.param("causal", isCausal)
        .label(WEFT_TEXT("Attention", "Causal"))
        .help(WEFT_TEXT("Attention", "Each step sees itself and what came before it, not what follows: for networks that continue a sequence."));
}

LayerSpec& headsParam(LayerSpec& layer)
{
    return layer.param("heads", 8)
        .range(1, 1024)
        .label(WEFT_TEXT("Attention", "Heads"))
        .help(WEFT_TEXT("Attention", "How many patterns of attention are learned side by side; they share the features equally."));
}

} // namespace weft
