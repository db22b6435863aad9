#include "core/engine/passes/fuse_layer_norm.h"

#include <algorithm>

#include "core/ops/chain/chain.h"
#include "core/ops/layer_norm/layer_norm.h"

namespace weft {

namespace {

/// The op at that place of the order; null where there is none.
const Op* opAt(const Rewriter& rewriter, std::size_t place)
{
    return place < rewriter.ops().size() ? rewriter.ops()[place] : nullptr;
}

/// Whether two different arrays of one type are added.
bool isSumOfTwo(const Op* op)
{
    return is(op, "Add") && op->input(0) != op->input(1) && op->input(0).type() == op->output().type() && op->input(1).type() == op->output().type();
}

/// The other one of those.
const Value& otherThan(const Op& add, const Value& one)
{
    return add.input(add.input(0) == one ? 1 : 0);
}

/// Whether a few arrays of one type are added, and nothing else is done.
bool isSum(const Op& op)
{
    const auto isAlike = [&](const Value& input) { return input.type() == op.output().type(); };
    if (!is(&op, "ElementwiseChain") || !std::ranges::all_of(op.inputs(), isAlike))
        return isSumOfTwo(&op);
    const auto isAdd = [](const ChainLink& link) { return link.code == linkCode("Add") || link.code == linkCode("Add", 1); };
    return op.inputs().size() <= 1 + mostMoreSlopes && std::ranges::all_of(chainLinks(op.attributes()), isAdd);
}

/// Whether a chain makes `value` of what came before, for its one reader.
bool isOfChain(const Rewriter& rewriter, const Value& value)
{
    const Op* producer = value.producer();
    return producer && rewriter.onlyReader(value) && (is(producer, "Cast") || chainLink(*producer, 0));
}

} // namespace

FuseLayerNorms::FuseLayerNorms(const Rewriter& rewriter, Which which) : m_which(which), m_lifetimes(rewriter)
{
    for (std::size_t place = 0; place < rewriter.ops().size(); ++place) {
        const Pattern pattern = which == Which::Norms ? normAt(rewriter, place) : gradientAt(rewriter, place);
        if (!pattern.norm || !fits(rewriter, pattern))
            continue;
        for (const Op* op : {pattern.norm, pattern.sum, pattern.add, pattern.dropout}) {
            if (op)
                m_patterns[op] = pattern;
        }
    }
}

/// With the LayerNorm at that place, or an empty one.
FuseLayerNorms::Pattern FuseLayerNorms::normAt(const Rewriter& rewriter, std::size_t place) const
{
    const Op *norm = opAt(rewriter, place), *add = opAt(rewriter, place - 1), *before = opAt(rewriter, place - 2);
    if (!is(norm, "LayerNorm") || norm->inputs().size() < 3 || !isSumOfTwo(add) || norm->input(0) != add->output())
        return {};
    const Op* dropout = is(before, "Dropout") && rewriter.onlyReader(before->output()) == add ? before : nullptr;
    const Value& added = dropout ? dropout->output() : add->input(1);
    const Value &x = otherThan(*add, added), &branch = dropout ? dropout->input(0) : added;
    if (isOfChain(rewriter, x) || isOfChain(rewriter, branch))
        return {};
    return {norm, add, nullptr, dropout, {x, branch, norm->input(1), norm->input(2)}};
}

/// With the LayerNormGradient at that place, or an empty one where nothing is around it.
FuseLayerNorms::Pattern FuseLayerNorms::gradientAt(const Rewriter& rewriter, std::size_t place) const
{
    const Op *norm = opAt(rewriter, place), *before = opAt(rewriter, place - 1), *behind = opAt(rewriter, place + 1);
    if (!is(norm, "LayerNormGradient") || norm->inputs().size() < 3)
        return {};
    Pattern pattern{norm};
    const bool isRead = before && before->outputs().size() == 1 && rewriter.onlyReader(before->output()) == norm;
    // A sum behind the gradient of another norm is that one's.
    if (isRead && before->output() == norm->input(0) && isSum(*before) && !m_patterns.count(before))
        pattern.sum = before;
    if (isSumOfTwo(behind) && rewriter.onlyReader(norm->output()) == behind) {
        pattern.add = behind;
        behind = opAt(rewriter, place + 2);
    }
    if (is(behind, "Dropout") && behind->input(0) == (pattern.add ? pattern.add : norm)->output())
        pattern.dropout = behind;
    if (!pattern.sum && !pattern.add && !pattern.dropout)
        return {};
    const std::vector<Value> slopes = pattern.sum ? pattern.sum->inputs() : std::vector<Value>{norm->input(0)};
    pattern.inputs = {slopes[0], norm->input(1), norm->input(2)};
    pattern.inputs.insert(pattern.inputs.end(), slopes.begin() + 1, slopes.end());
    if (pattern.add)
        pattern.inputs.push_back(otherThan(*pattern.add, norm->output()));
    return pattern;
}

const OpSpec& FuseLayerNorms::spec() const
{
    return m_which == Which::Norms ? fusedLayerNormSpec() : fusedLayerNormGradientSpec();
}

Attributes FuseLayerNorms::attributesOf(const Pattern& pattern) const
{
    Attributes all = pattern.norm->attributes();
    all.set("rate", pattern.dropout ? pattern.dropout->attributes().real("rate") : 0.0);
    all.set("stream", pattern.dropout ? pattern.dropout->attributes().integer("stream") : std::int64_t(0));
    if (m_which == Which::Norms)
        return all;
    all.set("more", pattern.sum ? static_cast<std::int64_t>(pattern.sum->inputs().size()) - 1 : std::int64_t(0));
    all.set("hasAddend", pattern.add != nullptr);
    return all;
}

/// What the fused op has alive beside what the norm alone has: what came to an end in the sum before it, and the slope of the branch.
std::int64_t FuseLayerNorms::bytesMore(const Rewriter& rewriter, const Pattern& pattern) const
{
    const auto bytesOf = [&](const Value& value) { return static_cast<std::int64_t>(rewriter.bytesOf(value.type())); };
    std::int64_t more = 0;
    for (const Value& input : pattern.inputs) {
        if (input.producer() && !m_lifetimes.isReadFrom(input, m_lifetimes.positionOf(pattern.norm)))
            more += bytesOf(input);
    }
    if (m_which == Which::Norms)
        return more;
    more -= pattern.sum ? bytesOf(pattern.sum->output()) : 0;
    return more + (pattern.dropout ? bytesOf(pattern.dropout->output()) : 0);
}

bool FuseLayerNorms::fits(const Rewriter& rewriter, const Pattern& pattern) const
{
    return m_lifetimes.bytesAt(m_lifetimes.positionOf(pattern.norm)) + bytesMore(rewriter, pattern) <= m_lifetimes.mostBytes()
        && rewriter.canFuse(spec(), pattern.inputs, attributesOf(pattern));
}

/// The values that the results of the fused op stand for, in their order.
std::vector<Value> FuseLayerNorms::Pattern::outputs() const
{
    if (!is(norm, "LayerNormGradient"))
        return {sum->output(), norm->output()};
    std::vector<Value> all{(add ? add : norm)->output(), norm->output(1), norm->output(2)};
    if (dropout)
        all.push_back(dropout->output());
    return all;
}

bool FuseLayerNorms::operator()(const Op& op, Rewriter& rewriter)
{
    const auto found = m_patterns.find(&op);
    if (found == m_patterns.end())
        return false;
    const Pattern& pattern = found->second;
    if (&op != pattern.norm)
        return true;
    const std::vector<Value>& fused = rewriter.build(op, spec(), pattern.inputs, attributesOf(pattern));
    const std::vector<Value> old = pattern.outputs();
    for (std::size_t i = 0; i < old.size(); ++i)
        rewriter.map(old[i], fused[i]);
    return true;
}

} // namespace weft
