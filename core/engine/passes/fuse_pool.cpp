#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/fused/fused.h"
#include "core/ops/support/attribute_shape.h"

namespace weft {

namespace {

/// A max pooling with the relu beside it and, in a training graph, the gradients of both.
struct PoolPattern {
    const Op* pool = nullptr;
    const Op* relu = nullptr; ///< before or after the pooling
    const Op* poolGradient = nullptr;
    const Op* reluGradient = nullptr;
    explicit operator bool() const { return pool != nullptr; }

    bool isReluFirst() const { return relu->output() == pool->input(0); }
    const Value& x() const { return isReluFirst() ? relu->input(0) : pool->input(0); }
    const Value& y() const { return isReluFirst() ? pool->output() : relu->output(); }
    /// The gradient that comes in, and the one that goes out.
    const Value& dy() const { return isReluFirst() ? poolGradient->input(0) : reluGradient->input(0); }
    const Value& dx() const { return isReluFirst() ? reluGradient->output() : poolGradient->output(); }
    const Op* firstGradient() const { return isReluFirst() ? poolGradient : reluGradient; }
    const Op* lastGradient() const { return isReluFirst() ? reluGradient : poolGradient; }
};

/// maxPool(relu(x)): the relu's result is read by the pooling and by the two gradients alone.
PoolPattern reluFirst(const Op& pool, const Rewriter& rewriter)
{
    const Op* relu = pool.input(0).producer();
    if (!is(relu, "Relu"))
        return {};
    PoolPattern pattern{&pool, relu, nullptr, nullptr};
    for (const Op* reader : rewriter.readers(relu->output())) {
        if (is(reader, "MaxPoolGradient") && reader->input(2) == pool.output() && !pattern.poolGradient)
            pattern.poolGradient = reader;
        else if (is(reader, "ReluGradient") && !pattern.reluGradient)
            pattern.reluGradient = reader;
        else if (reader != &pool)
            return {};
    }
    if (rewriter.isFetched(relu->output()) || (pattern.poolGradient == nullptr) != (pattern.reluGradient == nullptr))
        return {};
    if (!pattern.poolGradient)
        return pattern;
    const bool isChain = pattern.reluGradient->input(0) == pattern.poolGradient->output() && pattern.reluGradient->input(1) == relu->output()
        && rewriter.onlyReader(pattern.poolGradient->output()) == pattern.reluGradient;
    return isChain ? pattern : PoolPattern();
}

/// relu(maxPool(x)): the pooling's result is read by the relu and by the pooling's gradient alone.
PoolPattern poolFirst(const Op& pool, const Rewriter& rewriter)
{
    PoolPattern pattern{&pool, nullptr, nullptr, nullptr};
    for (const Op* reader : rewriter.readers(pool.output())) {
        if (is(reader, "Relu") && !pattern.relu)
            pattern.relu = reader;
        else if (is(reader, "MaxPoolGradient") && !pattern.poolGradient)
            pattern.poolGradient = reader;
        else
            return {};
    }
    if (!pattern.relu || rewriter.isFetched(pool.output()))
        return {};
    if (!pattern.poolGradient)
        return pattern;
    pattern.reluGradient = pattern.poolGradient->input(0).producer();
    const bool isChain = is(pattern.reluGradient, "ReluGradient") && pattern.reluGradient->input(1) == pattern.relu->output()
        && rewriter.onlyReader(pattern.reluGradient->output()) == pattern.poolGradient;
    return isChain ? pattern : PoolPattern();
}

Attributes poolAttributes(const PoolPattern& pattern)
{
    Attributes attributes = pattern.pool->attributes();
    attributes.set("relu", true);
    attributes.set("hasIndex", pattern.poolGradient != nullptr);
    return attributes;
}

/// Whether a byte can number the taps of a window.
bool hasFewTaps(const Op& pool)
{
    std::int64_t taps = 1;
    for (const std::int64_t extent : pool.attributes().integers("kernel"))
        taps *= extent;
    return taps < noTap;
}

/// The pattern that `op` is part of, if it is to be fused.
PoolPattern patternOf(const Op& pool, const Rewriter& rewriter)
{
    PoolPattern pattern = reluFirst(pool, rewriter);
    if (!pattern)
        pattern = poolFirst(pool, rewriter);
    if (!pattern || !hasFewTaps(pool) || !rewriter.canFuse(indexedMaxPoolSpec(), {&pattern.x(), 1}, poolAttributes(pattern)))
        return {};
    return pattern;
}

/// The pooling near `op`, a relu or one of the gradients.
const Op* poolNear(const Op& op, const Rewriter& rewriter)
{
    if (is(&op, "MaxPool"))
        return &op;
    if (is(&op, "MaxPoolGradient"))
        return op.input(2).producer();
    const Value& y = is(&op, "Relu") ? op.output() : op.input(1);
    const Op* relu = y.producer();
    if (!is(relu, "Relu"))
        return nullptr;
    if (is(relu->input(0).producer(), "MaxPool"))
        return relu->input(0).producer();
    for (const Op* reader : rewriter.readers(y)) {
        if (is(reader, "MaxPool"))
            return reader;
    }
    return nullptr;
}

/// The slope of `dx`, what the pooling read, from that of its result.
void buildGradient(const Op& pool, const Value& y, const Value& dy, const Value& dx, Rewriter& rewriter)
{
    Attributes attributes = pool.attributes();
    attributes.set("shape", encodeShape(dx.shape()));
    const Value index = rewriter.mapped(y).producer()->output(1);
    Graph& graph = rewriter.target();
    rewriter.map(dx, graph.add(indexedMaxPoolGradientSpec(), {rewriter.mapped(dy), index}, std::move(attributes))[0]);
}

/// The gradient of a max pooling, where it has one alone.
const Op* gradientOf(const Op& pool, const Rewriter& rewriter)
{
    const Op* gradient = nullptr;
    for (const Op* reader : rewriter.readers(pool.output())) {
        if (!is(reader, "MaxPoolGradient") || reader->input(2) != pool.output())
            continue;
        if (gradient)
            return nullptr;
        gradient = reader;
    }
    return gradient;
}

} // namespace

bool fusePools(const Op& op, Rewriter& rewriter)
{
    if (!is(&op, "MaxPool") && !is(&op, "MaxPoolGradient") && !is(&op, "Relu") && !is(&op, "ReluGradient"))
        return false;
    const Op* pool = poolNear(op, rewriter);
    if (!is(pool, "MaxPool"))
        return false;
    const PoolPattern pattern = patternOf(*pool, rewriter);
    if (!pattern)
        return false;
    // The fused op stands where the later one of the two stood; the other one is left out.
    const Op* last = pattern.isReluFirst() ? pattern.pool : pattern.relu;
    if (&op == last)
        rewriter.map(pattern.y(), rewriter.build(op, indexedMaxPoolSpec(), {&pattern.x(), 1}, poolAttributes(pattern))[0]);
    else if (&op == pattern.lastGradient())
        buildGradient(*pattern.pool, pattern.y(), pattern.dy(), pattern.dx(), rewriter);
    return &op == pattern.pool || &op == pattern.relu || &op == pattern.poolGradient || &op == pattern.reluGradient;
}

bool indexMaxima(const Op& op, Rewriter& rewriter)
{
    const Op* gradient = is(&op, "MaxPool") ? gradientOf(op, rewriter) : nullptr;
    if (!gradient || !hasFewTaps(op))
        return false;
    Attributes attributes = op.attributes();
    attributes.set("relu", false);
    attributes.set("hasIndex", true);
    if (!rewriter.canFuse(indexedMaxPoolSpec(), op.inputs(), attributes))
        return false;
    rewriter.map(op.output(), rewriter.build(op, indexedMaxPoolSpec(), op.inputs(), attributes)[0]);
    rewriter.absorb(gradient, [&op, gradient, &rewriter] { buildGradient(op, op.output(), gradient->input(0), gradient->output(), rewriter); });
    return true;
}

bool fuseConvPools(const Op& op, Rewriter& rewriter)
{
    const bool isConv = is(&op, "Conv");
    const Op* conv = isConv ? &op : is(&op, "IndexedMaxPool") ? op.input(0).producer() : nullptr;
    if (!is(conv, "Conv"))
        return false;
    const Op* pool = rewriter.onlyReader(conv->output());
    if (!is(pool, "IndexedMaxPool") || (!isConv && pool != &op))
        return false;
    const Attributes attributes = fusedConvPoolAttributes(conv->attributes(), pool->attributes());
    if (!rewriter.canFuse(fusedConvPoolSpec(), conv->inputs(), attributes))
        return false;
    if (isConv)
        return true;
    const std::vector<Value>& outputs = rewriter.build(*conv, fusedConvPoolSpec(), conv->inputs(), attributes);
    for (std::size_t i = 0; i < outputs.size(); ++i)
        rewriter.map(pool->outputs()[i], outputs[i]);
    return true;
}

} // namespace weft
