#include <string>
#include <string_view>

#include "core/engine/passes/passes.h"
#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/batch_norm/norm_activation.h"

namespace weft {

namespace {

/// A BatchNorm and what is done in its kernel; null where it is not there.
struct Pattern {
    const Op* norm = nullptr;
    const Op* add = nullptr;
    const Op* activation = nullptr;
    const Op* activationGradient = nullptr;
    const Op* normGradient = nullptr;

    Value addend() const { return add->input(add->input(0) == norm->output() ? 1 : 0); }
    /// Of the fused op.
    std::vector<Value> inputs() const
    {
        std::vector<Value> all = norm->inputs();
        if (add)
            all.push_back(addend());
        return all;
    }
    /// Of the fused gradient.
    std::vector<Value> gradientInputs() const
    {
        std::vector<Value> all = normGradient->inputs();
        all[0] = activationGradient->input(0);
        all.push_back(norm->input(2));
        return all;
    }
    Attributes attributes() const;
};

bool isActivation(const Op& op)
{
    return normActivationOf(op.spec().name) != NormActivation::None;
}

/// The one reader of `value` that `fits`, or null.
template <class Fits> const Op* readerThat(const Value& value, const Rewriter& rewriter, Fits fits)
{
    const Op* found = nullptr;
    for (const Op* reader : rewriter.readers(value)) {
        if (!fits(*reader))
            continue;
        if (found)
            return nullptr;
        found = reader;
    }
    return found;
}

Attributes Pattern::attributes() const
{
    Attributes all = norm->attributes();
    all.set("activation", std::string(activation ? activation->spec().name : ""));
    all.set("alpha", activation && activation->attributes().has("alpha") ? activation->attributes().real("alpha") : 0.0);
    return all;
}

/// The gradients of an activation right behind the BatchNorm, of which the first is read by the second alone.
void findGradients(Pattern& pattern, const Rewriter& rewriter)
{
    const Op& activation = *pattern.activation;
    // A relu's gradient reads its result, others what they were given.
    const Value& read = is(&activation, "Relu") ? activation.output() : activation.input(0);
    const std::string name = std::string(activation.spec().name) + "Gradient";
    const Op* ofActivation = readerThat(read, rewriter, [&](const Op& op) { return is(&op, name) && op.input(1) == read; });
    const Op* ofNorm = ofActivation ? rewriter.onlyReader(ofActivation->output()) : nullptr;
    const bool isOfNorm = is(ofNorm, "BatchNormGradient") && ofNorm->input(0) == ofActivation->output() && ofNorm->input(1) == pattern.norm->input(0)
        && ofNorm->input(3) == pattern.norm->output(1);
    if (!isOfNorm)
        return;
    pattern.activationGradient = ofActivation;
    pattern.normGradient = ofNorm;
}

Pattern patternOf(const Op& norm, const Rewriter& rewriter)
{
    const Value& y = norm.output();
    Pattern pattern{&norm};
    if (rewriter.isFetched(y))
        return {};
    if (const Op* reader = rewriter.onlyReader(y); is(reader, "Add")) {
        pattern.add = reader;
        const bool isOneShape = reader->input(0).type() == y.type() && reader->input(1).type() == y.type() && reader->input(0) != reader->input(1);
        if (!isOneShape || !rewriter.mapped(pattern.addend())) // What is not there yet may have a BatchNorm of its own.
            return {};
        const Op* behind = rewriter.onlyReader(reader->output());
        pattern.activation = is(behind, "Relu") ? behind : nullptr;
        return pattern;
    }
    pattern.activation = readerThat(y, rewriter, isActivation);
    if (!pattern.activation)
        return {};
    findGradients(pattern, rewriter);
    for (const Op* reader : rewriter.readers(y)) {
        if (reader != pattern.activation && reader != pattern.activationGradient)
            return {};
    }
    return pattern;
}

bool canFuse(const Pattern& pattern, const Rewriter& rewriter)
{
    return rewriter.canFuse(fusedBatchNormSpec(), pattern.inputs(), pattern.attributes())
        && (!pattern.normGradient || rewriter.canFuse(fusedBatchNormGradientSpec(), pattern.gradientInputs(), pattern.attributes()));
}

void fuseGradients(const Pattern& pattern, Rewriter& rewriter)
{
    const Op& gradient = *pattern.normGradient;
    const std::vector<Value>& fused = rewriter.build(gradient, fusedBatchNormGradientSpec(), pattern.gradientInputs(), pattern.attributes());
    for (std::size_t i = 0; i < fused.size(); ++i)
        rewriter.map(gradient.outputs()[i], fused[i]);
}

} // namespace

bool fuseBatchNorm(const Op& op, Rewriter& rewriter)
{
    const Pattern pattern = is(&op, "BatchNorm") ? patternOf(op, rewriter) : Pattern();
    if (!pattern.norm || !canFuse(pattern, rewriter))
        return false;
    const std::vector<Value>& fused = rewriter.build(op, fusedBatchNormSpec(), pattern.inputs(), pattern.attributes());
    rewriter.map((pattern.activation ? pattern.activation : pattern.add)->output(), fused[0]);
    rewriter.map(op.output(1), fused[1]);
    rewriter.map(op.output(2), fused[2]);
    for (const Op* other : {pattern.add, pattern.activation, pattern.activationGradient})
        rewriter.absorb(other);
    if (pattern.normGradient)
        rewriter.absorb(pattern.normGradient, [pattern, &rewriter] { fuseGradients(pattern, rewriter); });
    return true;
}

} // namespace weft
