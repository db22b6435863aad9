#include "core/engine/passes/fuse_attention.h"

#include <algorithm>
#include <string_view>

#include "core/ops/attention/attention.h"

namespace weft {

namespace {

/// A product of batches of matrices, stored as said.
bool isProduct(const Op* op, bool transposeA, bool transposeB)
{
    return is(op, "MatMul") && op->input(0).shape().rank() > 2 && op->input(0).shape().rank() == op->input(1).shape().rank()
        && op->attributes().flag("transposeA") == transposeA && op->attributes().flag("transposeB") == transposeB;
}

bool isSoftmaxOfRows(const Op* op)
{
    return is(op, "MaskedSoftmax") || (is(op, "Softmax") && op->attributes().integer("axis") == op->output().shape().rank() - 1);
}

/// The ops that stand for an attention and its gradient: matmul(dropout(softmax(scale·q·kᵀ)), v). What is there besides must
/// not need the weights.
class Pattern {
public:
    /// Looks for the one whose result `mixed` is.
    Pattern(const Op& mixed, const Rewriter& rewriter) : m_rewriter(rewriter), m_mixed(&mixed)
    {
        m_isWhole = findForward() && findBackward() && isReadByItselfAlone();
    }

    explicit operator bool() const { return m_isWhole; }

    /// Queries, keys, values.
    std::vector<Value> inputs() const { return {m_scaled ? m_scaled->input(0) : m_scores->input(0), m_scores->input(1), m_mixed->input(1)}; }
    /// Those of the keys, or nothing.
    std::vector<Value> lengths() const { return {m_weights->inputs().begin() + 1, m_weights->inputs().end()}; }

    Attributes attributes() const
    {
        return {{"scale", m_scaled ? m_scaled->attributes().real("scale") : 1.0},
                {"causal", is(m_weights, "MaskedSoftmax") && m_weights->attributes().flag("causal")},
                {"rate", m_dropped ? m_dropped->attributes().real("rate") : 0.0},
                {"stream", m_dropped ? m_dropped->attributes().integer("stream") : std::int64_t(0)}};
    }

    /// The gradient of the result; empty where nothing needs those of the inputs.
    Value dy() const { return m_valueSlopes ? m_valueSlopes->input(1) : m_weightSlopes ? m_weightSlopes->input(0) : Value(); }
    /// The ops that read it, of which one may be null.
    std::array<const Op*, 2> readersOfDy() const { return {m_weightSlopes, m_valueSlopes}; }
    /// The ops that give the gradients of the inputs; null where nothing needs one.
    std::array<const Op*, 3> slopes() const { return {m_querySlopes, m_keySlopes, m_valueSlopes}; }

private:
    bool findForward()
    {
        if (!isProduct(m_mixed, false, false))
            return false;
        m_weights = m_mixed->input(0).producer();
        if (is(m_weights, "Dropout")) {
            m_dropped = m_weights;
            m_weights = m_dropped->input(0).producer();
        }
        if (!isSoftmaxOfRows(m_weights))
            return false;
        m_scores = m_weights->input(0).producer();
        if (!isProduct(m_scores, false, true))
            return false;
        const Op* scaled = m_scores->input(0).producer();
        if (is(scaled, "Affine") && scaled->attributes().real("shift") == 0.0)
            m_scaled = scaled;
        return true;
    }

    bool findBackward()
    {
        const Value &weights = m_weights->output(), &mixedBy = m_mixed->input(0);
        m_valueSlopes = readerOf(mixedBy, [&](const Op* op) { return isProduct(op, true, false) && op->input(0) == mixedBy; });
        m_scoreSlopes = readerOf(weights, [&](const Op* op) { return is(op, "SoftmaxGradient") && op->input(1) == weights; });
        return !m_scoreSlopes || (findWeightSlopes() && findSlopesOfScores());
    }

    /// Between the result and the softmax.
    bool findWeightSlopes()
    {
        m_weightSlopes = m_scoreSlopes->input(0).producer();
        if (m_dropped) {
            m_undropped = m_weightSlopes;
            if (!is(m_undropped, "Dropout") || m_undropped->attributes() != m_dropped->attributes())
                return false;
            m_weightSlopes = m_undropped->input(0).producer();
        }
        return isProduct(m_weightSlopes, false, true) && m_weightSlopes->input(1) == m_mixed->input(1)
            && (!m_valueSlopes || m_valueSlopes->input(1) == m_weightSlopes->input(0));
    }

    /// Between the softmax and the inputs.
    bool findSlopesOfScores()
    {
        const Value& slopes = m_scoreSlopes->output();
        m_scaledSlopes = readerOf(slopes, [&](const Op* op) { return isProduct(op, false, false) && op->input(1) == m_scores->input(1); });
        m_keySlopes = readerOf(slopes, [&](const Op* op) { return isProduct(op, true, false) && op->input(1) == m_scores->input(0); });
        m_querySlopes = m_scaledSlopes;
        if (m_scaled && m_scaledSlopes)
            m_querySlopes = m_rewriter.onlyReader(m_scaledSlopes->output());
        return m_querySlopes == m_scaledSlopes || (is(m_querySlopes, "Affine") && m_querySlopes->attributes() == m_scaled->attributes());
    }

    bool isReadByItselfAlone() const
    {
        const bool isBackwardAlone = !m_scoreSlopes
            || (isReadBy(m_scoreSlopes->output(), {m_scaledSlopes, m_keySlopes}) && isReadBy(m_scoreSlopes->input(0), {m_scoreSlopes})
                && isReadBy(m_weightSlopes->output(), {m_undropped, m_scoreSlopes}));
        return isBackwardAlone && isReadBy(m_scores->output(), {m_weights}) && isReadBy(m_mixed->input(0), {m_mixed, m_valueSlopes, m_scoreSlopes})
            && isReadBy(m_weights->output(), {m_dropped, m_mixed, m_valueSlopes, m_scoreSlopes});
    }

    template <class Fits> const Op* readerOf(const Value& value, Fits fits) const
    {
        const std::vector<const Op*>& readers = m_rewriter.readers(value);
        const auto found = std::find_if(readers.begin(), readers.end(), fits);
        return found == readers.end() ? nullptr : *found;
    }
    bool isReadBy(const Value& value, std::initializer_list<const Op*> known) const
    {
        const std::vector<const Op*>& readers = m_rewriter.readers(value);
        const auto isKnown = [&](const Op* op) { return std::find(known.begin(), known.end(), op) != known.end(); };
        return !m_rewriter.isFetched(value) && std::all_of(readers.begin(), readers.end(), isKnown);
    }

    const Rewriter& m_rewriter;
    const Op* m_mixed; ///< values, by weights: the result
    const Op* m_dropped = nullptr; ///< weights; null without dropout
    const Op* m_weights = nullptr;
    const Op* m_scores = nullptr;
    const Op* m_scaled = nullptr; ///< queries; null where they are taken as they are
    const Op* m_valueSlopes = nullptr; ///< those of the backward pass are null where nothing needs them
    const Op* m_weightSlopes = nullptr; ///< of the weights that mix
    const Op* m_undropped = nullptr; ///< the same through the mask of dropout
    const Op* m_scoreSlopes = nullptr;
    const Op* m_scaledSlopes = nullptr; ///< of the scaled queries
    const Op* m_querySlopes = nullptr;
    const Op* m_keySlopes = nullptr;
    bool m_isWhole = false;
};

} // namespace

bool FuseAttention::operator()(const Op& op, Rewriter& rewriter)
{
    if (const auto gradient = m_gradients.find(&op); gradient != m_gradients.end())
        buildGradient(*gradient->second, rewriter);
    return m_replaced.count(&op) > 0 || buildAttention(op, rewriter);
}

bool FuseAttention::buildAttention(const Op& op, Rewriter& rewriter)
{
    const Pattern pattern(op, rewriter);
    if (!pattern)
        return false;
    std::vector<Value> inputs = pattern.inputs();
    const std::vector<Value> lengths = pattern.lengths();
    inputs.insert(inputs.end(), lengths.begin(), lengths.end());
    // Devices that have this op have its gradient.
    if (!rewriter.canFuse(attentionSpec(), inputs, pattern.attributes()))
        return false;
    const std::vector<Value>& results = rewriter.build(op, attentionSpec(), inputs, pattern.attributes());
    rewriter.map(op.output(), results[0]);
    if (pattern.dy()) {
        inputs.insert(inputs.begin(), pattern.dy());
        const auto gradient = std::make_shared<Gradient>(Gradient{inputs, results[0], results[1], pattern.attributes(), pattern.slopes()});
        for (const Op* reader : pattern.readersOfDy())
            if (reader)
                m_gradients[reader] = gradient;
    }
    return true;
}

/// What the ops between made stays without readers, and the plan leaves it out.
void FuseAttention::buildGradient(const Gradient& gradient, Rewriter& rewriter)
{
    std::vector<Value> inputs;
    for (const Value& input : gradient.inputs)
        inputs.push_back(rewriter.mapped(input));
    inputs.insert(inputs.begin() + 4, {gradient.y, gradient.logSum});
    const std::vector<Value>& results = rewriter.target().add(attentionGradientSpec(), std::move(inputs), gradient.attributes);
    for (std::size_t i = 0; i < gradient.slopes.size(); ++i) {
        if (!gradient.slopes[i])
            continue;
        rewriter.map(gradient.slopes[i]->output(), results[i]);
        m_replaced.insert(gradient.slopes[i]);
    }
    std::erase_if(m_gradients, [&](const auto& entry) { return entry.second.get() == &gradient; });
}

} // namespace weft
