#include <algorithm>
#include <vector>

#include "core/device/sixteen_bits.h"
#include "core/engine/passes/passes.h"
#include "core/ops/attention/attention.h"

namespace weft {

namespace {

/// An attention between transpositions. Where there is a gradient it is between such as well.
struct Pattern {
    const Op* attention = nullptr;
    const Op* gradient = nullptr;
    const Op* ofResult = nullptr; ///< transposes y
    std::vector<const Op*> ofSlopes; ///< transpose dq, dk and dv
};

/// Whether an op turns [N, T, H, d] into [N, H, T, d], or back.
bool turnsHeads(const Op* op)
{
    return is(op, "Transpose") && op->attributes().integers("permutation") == std::vector<std::int64_t>{0, 2, 1, 3};
}

/// What `value` is with heads behind positions, where it has just been turned.
Value behindPositions(const Value& value)
{
    return turnsHeads(value.producer()) ? value.producer()->input(0) : Value();
}

/// The matrices of an op, its inputs from `first` on, with heads behind positions; none where one of them has not been turned.
std::vector<Value> matricesOf(const Op& op, std::size_t first)
{
    std::vector<Value> matrices;
    for (const Value& matrix : std::span(op.inputs()).subspan(first, 3)) {
        matrices.push_back(behindPositions(matrix));
        if (!matrices.back())
            return {};
    }
    return matrices;
}

Attributes byPosition(const Op& op)
{
    Attributes attributes = op.attributes();
    attributes.set("byPosition", true);
    return attributes;
}

/// Whether y's gradient, where there is one, stands between transpositions.
bool findGradient(Pattern& pattern, const Rewriter& rewriter)
{
    const Op& attention = *pattern.attention;
    for (const Op* reader : rewriter.readers(attention.output())) {
        if (reader == pattern.ofResult)
            continue;
        const bool isItsOwn = is(reader, "AttentionGradient") && !pattern.gradient && reader->input(4) == attention.output()
            && std::equal(attention.inputs().begin(), attention.inputs().begin() + 3, reader->inputs().begin() + 1);
        if (!isItsOwn || !behindPositions(reader->input(0)))
            return false;
        pattern.gradient = reader;
        for (const Value& slope : reader->outputs()) {
            const Op* turn = rewriter.onlyReader(slope);
            if (!turnsHeads(turn))
                return false;
            pattern.ofSlopes.push_back(turn);
        }
    }
    return true;
}

Pattern patternOf(const Op& attention, const Rewriter& rewriter)
{
    const Value& y = attention.output();
    if (!isSixteenBits(y.dtype()) || rewriter.isFetched(y) || matricesOf(attention, 0).empty())
        return {};
    Pattern pattern;
    pattern.attention = &attention;
    const auto& readers = rewriter.readers(y);
    const auto turn = std::find_if(readers.begin(), readers.end(), turnsHeads);
    if (turn == readers.end())
        return {};
    pattern.ofResult = *turn;
    return findGradient(pattern, rewriter) ? pattern : Pattern();
}

void buildGradient(const Pattern& pattern, Rewriter& rewriter)
{
    const Op& gradient = *pattern.gradient;
    std::vector<Value> inputs{behindPositions(gradient.input(0))};
    const std::vector<Value> matrices = matricesOf(gradient, 1);
    inputs.insert(inputs.end(), matrices.begin(), matrices.end());
    inputs.push_back(pattern.ofResult->output());
    inputs.insert(inputs.end(), gradient.inputs().begin() + 5, gradient.inputs().end());
    const std::vector<Value>& slopes = rewriter.build(gradient, attentionGradientSpec(), inputs, byPosition(gradient));
    for (std::size_t i = 0; i < slopes.size(); ++i)
        rewriter.map(pattern.ofSlopes[i]->output(), slopes[i]);
}

} // namespace

bool attendByPosition(const Op& op, Rewriter& rewriter)
{
    const Pattern pattern = is(&op, "Attention") ? patternOf(op, rewriter) : Pattern();
    if (!pattern.attention)
        return false;
    std::vector<Value> inputs = matricesOf(op, 0);
    inputs.insert(inputs.end(), op.inputs().begin() + 3, op.inputs().end());
    const std::vector<Value>& results = rewriter.build(op, attentionSpec(), inputs, byPosition(op));
    rewriter.map(pattern.ofResult->output(), results[0]);
    rewriter.map(op.output(1), results[1]);
    rewriter.absorb(pattern.ofResult);
    for (const Op* turn : pattern.ofSlopes)
        rewriter.absorb(turn);
    if (pattern.gradient)
        rewriter.absorb(pattern.gradient, [pattern, &rewriter] { buildGradient(pattern, rewriter); });
    return true;
}

} // namespace weft
