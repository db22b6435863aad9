#pragma once

#include <string>

#include "core/layers/support.h"

namespace weft {

// What attention layers and Transformer blocks share. Sequences are [N, T, E].

/// One stream of random numbers after the other, for the dropouts of one layer.
class DropoutStreams {
public:
    DropoutStreams(LowerContext& context, double rate) : m_context(context), m_rate(rate) {}
    /// x, some of it dropped while training.
    Value operator()(const Value& x);

private:
    LowerContext& m_context;
    double m_rate;
    std::uint64_t m_next = 0;
};

/// softmax(q·kᵀ / √d)·v, where keys behind `lengths` [N] (empty: none) do not count, nor, where `isCausal`, those
/// behind the query. q [..., Tq, d], k [..., Tk, d], v [..., Tk, e] with equal axes before; the result is
/// [..., Tq, e]. Source: Vaswani et al., "Attention Is All You Need", 2017.
Value attend(const Value& q, const Value& k, const Value& v, const Value& lengths, bool isCausal, DropoutStreams& dropout);

struct HeadOptions {
    std::int64_t heads = 8;
    bool isCausal = false;
    bool useBias = true;
    Value lengths; ///< of the keys
};

/// Attention in several heads, each on its part of the features of query [N, Tq, E]: PyTorch's definition. The
/// variables are PREFIXqueryKernel [E, E], queryBias and so on for key, value and output. Throws LayerFault where
/// the heads do not divide E.
Value multiHeadAttention(LowerContext& context, const char* layer, const std::string& prefix, const Value& query, const Value& key,
                         const Value& value, const HeadOptions& options, DropoutStreams& dropout);

/// x·W + b with variables NAMEKernel and NAMEBias.
Value projected(LowerContext& context, const std::string& name, const Value& x, std::int64_t units, bool useBias);

/// Throws LayerFault unless the sequences of keys and values belong to those of the queries and to each other.
void checkKeys(const char* layer, const Value& query, const Value& key, const Value& value);

/// Adds the parameter `dropout`.
LayerSpec& attentionDropoutParam(LayerSpec& layer, double rate);
LayerSpec& causalParam(LayerSpec& layer, bool isCausal);
LayerSpec& headsParam(LayerSpec& layer);

} // namespace weft
