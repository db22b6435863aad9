#include "core/engine/passes/sixteen_bits.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <unordered_map>

#include "core/device/sixteen_bits.h"
#include "core/ops/cast/cast.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

using Names = std::set<std::string_view>;

/// They take numbers of 16 bits whatever they are given.
const Names convolutions{"Conv", "FusedConv", "FusedConvAdd", "ConvInputGradient", "ConvKernelGradient"};
const Names products{"MatMul", "FusedMatMul"};
const Names recurrents{"SimpleRnn", "Lstm", "Gru"};
const Names recurrentGradients{"SimpleRnnGradient", "LstmGradient", "GruGradient"};
/// What they look up in a table of float32 they give in 16 bits.
const Names lookups{"Embedding", "EmbeddingMean"};
/// So they do with bytes, where nothing needs them in full, as a loss does that compares with the picture itself.
const Names pictures{"Pixels"};
/// Their weights and statistics stay float32.
const Names normalizations{"BatchNorm",          "BatchNormGradient", "FusedBatchNorm",   "FusedBatchNormGradient",
                           "BatchNormInference", "LayerNorm",         "LayerNormGradient"};
/// Losses that are computed in float32 from logits of 16 bits, and what counts right answers.
const Names readersOfLogits{"SoftmaxCrossEntropy", "SoftmaxCrossEntropyGradient", "FusedCrossEntropy"};
/// Gradients of weights: float32 of what is stored in 16 bits (`resultTypeAttribute`).
const Names gradientsOfWeights{"ConvKernelGradient", "EmbeddingGradient", "EmbeddingRows"};
/// They can give that too.
const Names widening{"MatMul", "FusedMatMul", "SumTo", "ReduceSum", "ReduceMean"};
/// Where a layer has one of these it is a norm or a loss of its own, whose sums must not be rounded between.
const Names delicate{"Exp", "Log", "Sqrt", "Square"};

bool isOneOf(const Names& names, const Op& op)
{
    return names.count(op.spec().name) > 0;
}

bool isFloat32(const Value& value)
{
    return value.dtype() == DType::Float32;
}

/// Ids of all values that depend on what is fed.
std::set<int> madeOfFeeds(const Graph& graph)
{
    std::set<int> ids;
    for (const Value& input : graph.inputs())
        ids.insert(input.id());
    for (const auto& op : graph.ops()) {
        const auto isFed = [&](const Value& value) { return ids.count(value.id()) > 0; };
        if (!std::any_of(op->inputs().begin(), op->inputs().end(), isFed))
            continue;
        for (const Value& output : op->outputs())
            ids.insert(output.id());
    }
    return ids;
}

/// Layers that compute in float32: those that give a number for the whole batch (losses), and those with delicate ops. What is made of
/// weights alone does not count: a convolution whose weights hold those of a norm is one.
std::set<std::string> fullLayers(const Graph& graph, const std::set<int>& fed)
{
    std::set<std::string> layers;
    for (const auto& op : graph.ops()) {
        const bool isFed = std::any_of(op->outputs().begin(), op->outputs().end(), [&](const Value& y) { return fed.count(y.id()) > 0; });
        const bool isSum
            = std::any_of(op->outputs().begin(), op->outputs().end(), [](const Value& y) { return isFloating(y.dtype()) && y.shape().isScalar(); });
        if (isFed && !op->node().empty() && (isOneOf(delicate, *op) || isSum))
            layers.insert(op->node());
    }
    return layers;
}

class Storing {
public:
    Storing(const Graph& graph, const std::vector<Value>& fetches, const RewriteContext& context, DType type) :
        m_rewriter(graph, fetches, context), m_type(type), m_madeOfFeeds(madeOfFeeds(graph)), m_fullLayers(fullLayers(graph, m_madeOfFeeds))
    {
    }

    RewrittenGraph run()
    {
        RewrittenGraph result = m_rewriter.run([this](const Op& op, Rewriter&) {
            rewrite(op);
            return true;
        });
        for (Value& fetch : result.fetches)
            fetch = inFloat32(fetch);
        return result;
    }

private:
    void rewrite(const Op& op)
    {
        Attributes attributes = op.attributes();
        const bool stores = isCandidate(op) && canStore(op);
        if (stores)
            chooseResult(op, attributes);
        std::vector<Value> inputs;
        for (std::size_t i = 0; i < op.inputs().size(); ++i) {
            const Value now = m_rewriter.mapped(op.inputs()[i]);
            if (stores && isNarrowed(op, i) && !isBiasOfSums(op, i, attributes))
                inputs.push_back(stored(now, isOneOf(convolutions, op)));
            else
                inputs.push_back(stores ? now : inFloat32(now));
        }
        const std::vector<Value>& outputs = m_rewriter.target().add(op.spec(), std::move(inputs), std::move(attributes));
        for (std::size_t i = 0; i < outputs.size(); ++i)
            m_rewriter.map(op.outputs()[i], outputs[i]);
        for (const int mutated : op.mutatedInputs())
            m_stored.erase(m_rewriter.mapped(op.input(mutated)).id());
    }

    /// Whether the arrays at hand ask for it: ops that are no products follow what they read, unless they are the last ones, such as
    /// the softmax of a prediction.
    bool isCandidate(const Op& op) const
    {
        if (isOneOf(products, op) || isOneOf(convolutions, op) || isOneOf(recurrents, op) || isOneOf(recurrentGradients, op))
            return true;
        if (isOneOf(lookups, op))
            return !isOnlyReadInFull(op.output());
        if (isOneOf(pictures, op))
            return isReadNowhereInFull(op.output());
        bool follows = false;
        for (std::size_t i = 0; i < op.inputs().size(); ++i) {
            const Value& input = op.inputs()[i];
            follows = follows || isSixteenBits(m_rewriter.mapped(input).dtype()) || isFedCopy(op, input);
            // Statistics of the batch, as a synchronised norm subtracts them, are worth all their bits.
            if (isNarrowed(op, i) && !isOfSamples(input) && m_madeOfFeeds.count(input.id()) && isFloat32(m_rewriter.mapped(input)))
                return false;
        }
        return follows && (isReadStored(op) || givesFloat32(op));
    }

    /// What is fed has become 16 bits before: other shapes of it are made of these, as gradients of weights take them.
    bool isFedCopy(const Op& op, const Value& input) const
    {
        return std::string_view(op.spec().name) == "Reshape" && isOfSamples(input) && m_stored.count(m_rewriter.mapped(input).id());
    }

    bool isReadStored(const Op& op) const
    {
        return std::any_of(op.outputs().begin(), op.outputs().end(), [&](const Value& output) { return !isOnlyReadInFull(output); });
    }

    /// Whether nothing that an op gives is rounded.
    bool givesFloat32(const Op& op) const
    {
        Attributes attributes;
        chooseResult(op, attributes);
        const std::vector<TensorType> types = op.spec().infer(storedTypes(op), attributes);
        return std::none_of(types.begin(), types.end(), [](const TensorType& type) { return isSixteenBits(type.dtype); });
    }

    /// Whether an op may have arrays of 16 bits at all: its layer lets it, and the device has a kernel.
    bool canStore(const Op& op) const
    {
        const auto known = m_canStore.find(&op);
        if (known != m_canStore.end())
            return known->second;
        const bool isKept = op.hasEffect() || (m_fullLayers.count(op.node()) && !isOneOf(readersOfLogits, op));
        return m_canStore[&op] = !isKept && m_rewriter.canRun(op.spec(), storedTypes(op), storedAttributes(op));
    }

    std::vector<TensorType> storedTypes(const Op& op) const
    {
        std::vector<TensorType> types;
        for (std::size_t i = 0; i < op.inputs().size(); ++i)
            types.push_back({isNarrowed(op, i) ? m_type : op.inputs()[i].dtype(), op.inputs()[i].shape()});
        return types;
    }

    Attributes storedAttributes(const Op& op) const
    {
        Attributes attributes = op.attributes();
        if (isOneOf(lookups, op) || isOneOf(pictures, op))
            attributes.set(resultTypeAttribute, static_cast<std::int64_t>(m_type));
        if (isOneOf(gradientsOfWeights, op))
            attributes.set(resultTypeAttribute, static_cast<std::int64_t>(DType::Float32));
        return attributes;
    }

    /// Which inputs of an op turn into 16 bits with it.
    static bool isNarrowed(const Op& op, std::size_t i)
    {
        const Value& input = op.inputs()[i];
        const bool isWeight = isOneOf(normalizations, op) && !isOfSamples(input);
        const std::string_view name = op.spec().name;
        const bool isSum = (name == "SoftmaxCrossEntropyGradient" && i == 0) || (name == "AttentionGradient" && i == 5);
        return isFloat32(input) && !isWeight && !isSum && !isOneOf(lookups, op) && !isOfSteps(op, i);
    }

    /// Biases and gates of a recurrent op are sums of what products take.
    static bool isOfSteps(const Op& op, std::size_t i)
    {
        if (!isOneOf(recurrentGradients, op))
            return isOneOf(recurrents, op) && i >= 3;
        const std::size_t slopes = (op.attributes().flag("hasDy") ? 1u : 0u) + (op.attributes().flag("hasDLast") ? 1u : 0u);
        return i >= slopes + 2;
    }

    /// A bias is added to the sums as they are given.
    static bool isBiasOfSums(const Op& op, std::size_t i, const Attributes& attributes)
    {
        return std::string_view(op.spec().name) == "FusedMatMul" && i == 2 && attributes.has(resultTypeAttribute);
    }

    /// What leaves the layers becomes float32 where it is summed up.
    void chooseResult(const Op& op, Attributes& attributes) const
    {
        attributes = storedAttributes(op);
        if (isOneOf(widening, op) && (!isOfSamples(op.output()) || isOnlyReadInFull(op.output())))
            attributes.set(resultTypeAttribute, static_cast<std::int64_t>(DType::Float32));
    }

    bool isOnlyReadInFull(const Value& value) const
    {
        const auto& readers = m_rewriter.readers(value);
        return std::none_of(readers.begin(), readers.end(), [&](const Op* reader) { return canStore(*reader); });
    }

    bool isReadNowhereInFull(const Value& value) const
    {
        const auto& readers = m_rewriter.readers(value);
        return !m_rewriter.isFetched(value) && std::all_of(readers.begin(), readers.end(), [&](const Op* reader) { return canStore(*reader); });
    }

    Value stored(const Value& value, bool isForConv)
    {
        if (value.dtype() != DType::Float32)
            return value;
        Value& copy = m_stored[value.id()];
        if (!copy) {
            copy = m_rewriter.target().add(castSpec(), {value}, {{"dtype", static_cast<std::int64_t>(m_type)}, {castForConvAttribute, isForConv}})[0];
        }
        return copy;
    }

    Value inFloat32(const Value& value)
    {
        if (!isSixteenBits(value.dtype()))
            return value;
        Value& copy = m_full[value.id()];
        if (!copy)
            copy = cast(value, DType::Float32);
        return copy;
    }

    Rewriter m_rewriter;
    const DType m_type;
    const std::set<int> m_madeOfFeeds;
    const std::set<std::string> m_fullLayers;
    mutable std::unordered_map<const Op*, bool> m_canStore;
    std::unordered_map<int, Value> m_stored; ///< by id of the float32 value, in the new graph
    std::unordered_map<int, Value> m_full; ///< by id of the value of 16 bits
};

DType storedType(Precision precision)
{
    return precision == Precision::BFloat16 ? DType::BFloat16 : precision == Precision::Float16 ? DType::Float16 : DType::Float32;
}

} // namespace

bool storesSixteenBits(const RewriteContext& context)
{
    const DType type = storedType(context.options.precision);
    const KernelFactory factory = context.table.find(context.options.device, castSpec().name);
    if (type == DType::Float32 || !factory)
        return false;
    const Attributes attributes{{"dtype", static_cast<std::int64_t>(type)}};
    const ArrayType from{DType::Float32, {1}}, to{type, {1}};
    const Layout layout = Layout::RowMajor;
    return !factory({attributes, {&from, 1}, {&to, 1}, {&layout, 1}}).empty();
}

RewrittenGraph storedInSixteenBits(const Graph& graph, const std::vector<Value>& fetches, const RewriteContext& context)
{
    return Storing(graph, fetches, context, storedType(context.options.precision)).run();
}

} // namespace weft
