#include <optional>
#include <string_view>
#include <vector>

#include "core/engine/passes/passes.h"
#include "core/ops/cross_entropy/cross_entropy.h"

namespace weft {

namespace {

struct Pattern {
    const Op* loss = nullptr; ///< SoftmaxCrossEntropy
    const Op* mean = nullptr;
    const Op* isCorrect = nullptr; ///< with `count`: null where nobody asks
    const Op* count = nullptr;
    const Op* meanGradient = nullptr; ///< with `gradient`: null where the batch's loss has another slope than a constant
    const Op* gradient = nullptr;
    double slope = 1;

    Attributes attributes() const { return {{"hasCorrect", count != nullptr}, {"hasGradient", gradient != nullptr}, {"slope", slope}}; }
};

/// The op of that name that alone reads `value` and gives one number.
const Op* toOneNumber(const Value& value, std::string_view name, const Rewriter& rewriter)
{
    const Op* reader = rewriter.onlyReader(value);
    return is(reader, name) && reader->output().shape().isScalar() ? reader : nullptr;
}

/// What a scalar is whatever is fed: a constant, or one that the weight of a loss scales.
std::optional<double> constantOf(const Value& scalar)
{
    const Op* op = scalar.producer();
    if (!scalar.shape().isScalar() || !op)
        return {};
    if (is(op, "Constant"))
        return op->attributes().get<std::vector<double>>("values").front();
    if (!is(op, "Affine"))
        return {};
    const std::optional<double> scaled = constantOf(op->input(0));
    return scaled ? *scaled * op->attributes().real("scale") + op->attributes().real("shift") : scaled;
}

void findCount(Pattern& pattern, const Rewriter& rewriter)
{
    for (const Op* reader : rewriter.readers(pattern.loss->input(0))) {
        if (!is(reader, "IsCorrect") || reader->input(1) != pattern.loss->input(1))
            continue;
        pattern.count = toOneNumber(reader->output(), "ReduceSum", rewriter);
        pattern.isCorrect = pattern.count ? reader : nullptr;
        return;
    }
}

void findGradient(Pattern& pattern, const Rewriter& rewriter)
{
    for (const Op* reader : rewriter.readers(pattern.loss->input(0))) {
        if (!is(reader, "SoftmaxCrossEntropyGradient") || reader->input(1) != pattern.loss->input(0) || reader->input(2) != pattern.loss->input(1))
            continue;
        const Op* mean = reader->input(0).producer();
        if (!is(mean, "ReduceMeanGradient") || rewriter.onlyReader(mean->output()) != reader)
            return;
        const std::optional<double> slope = constantOf(mean->input(0));
        if (!slope)
            return;
        pattern.slope = *slope;
        pattern.meanGradient = mean;
        pattern.gradient = reader;
        return;
    }
}

Pattern patternOf(const Op& loss, const Rewriter& rewriter)
{
    Pattern pattern{&loss};
    pattern.mean = toOneNumber(loss.output(), "ReduceMean", rewriter);
    if (!pattern.mean)
        return {};
    findCount(pattern, rewriter);
    findGradient(pattern, rewriter);
    return pattern;
}

} // namespace

bool fuseLoss(const Op& op, Rewriter& rewriter)
{
    if (!is(&op, "SoftmaxCrossEntropy"))
        return false;
    const Pattern pattern = patternOf(op, rewriter);
    if (!pattern.loss || !rewriter.canFuse(fusedCrossEntropySpec(), op.inputs(), pattern.attributes()))
        return false;
    const std::vector<Value>& fused = rewriter.build(op, fusedCrossEntropySpec(), op.inputs(), pattern.attributes());
    rewriter.map(pattern.mean->output(), fused[0]);
    if (pattern.count)
        rewriter.map(pattern.count->output(), fused[1]);
    if (pattern.gradient)
        rewriter.map(pattern.gradient->output(), fused.back());
    for (const Op* other : {pattern.mean, pattern.isCorrect, pattern.count, pattern.meanGradient, pattern.gradient})
        rewriter.absorb(other);
    return true;
}

} // namespace weft
