#include "core/engine/passes/fuse_batch_norm.h"

#include <string>
#include <string_view>

#include "core/ops/batch_norm/batch_norm.h"
#include "core/ops/batch_norm/norm_activation.h"

namespace weft {

namespace {

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

} // namespace

Attributes FuseBatchNorm::Pattern::attributes() const
{
    Attributes all = norm->attributes();
    all.set("activation", std::string(activation ? activation->spec().name : ""));
    all.set("alpha", activation && activation->attributes().has("alpha") ? activation->attributes().real("alpha") : 0.0);
    return all;
}

/// The gradients of an activation right behind the BatchNorm, of which the first is read by the second alone.
void FuseBatchNorm::findGradients(Pattern& pattern, const Rewriter& rewriter)
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

FuseBatchNorm::Pattern FuseBatchNorm::patternOf(const Op& norm, const Rewriter& rewriter)
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

bool FuseBatchNorm::canRun(const Pattern& pattern, const Rewriter& rewriter)
{
    const Op& norm = *pattern.norm;
    std::vector<Value> inputs = norm.inputs();
    if (pattern.add)
        inputs.push_back(pattern.addend());
    if (!rewriter.canRun(fusedBatchNormSpec(), inputs, pattern.attributes()))
        return false;
    if (!pattern.normGradient)
        return true;
    std::vector<Value> ofGradient = pattern.normGradient->inputs();
    ofGradient.push_back(norm.input(2));
    return rewriter.canRun(fusedBatchNormGradientSpec(), ofGradient, pattern.attributes());
}

void FuseBatchNorm::fuse(const Pattern& pattern, Rewriter& rewriter)
{
    const Op& norm = *pattern.norm;
    std::vector<Value> inputs = norm.inputs();
    if (pattern.add)
        inputs.push_back(pattern.addend());
    const std::vector<Value>& fused = rewriter.build(norm, fusedBatchNormSpec(), inputs, pattern.attributes());
    rewriter.map((pattern.activation ? pattern.activation : pattern.add)->output(), fused[0]);
    rewriter.map(norm.output(1), fused[1]);
    rewriter.map(norm.output(2), fused[2]);
    for (const Op* op : {pattern.add, pattern.activation, pattern.activationGradient})
        m_absorbed.insert(op);
    if (pattern.normGradient)
        m_gradients[pattern.normGradient] = pattern;
}

void FuseBatchNorm::fuseGradients(const Pattern& pattern, Rewriter& rewriter)
{
    const Op& gradient = *pattern.normGradient;
    std::vector<Value> inputs = gradient.inputs();
    inputs[0] = pattern.activationGradient->input(0);
    inputs.push_back(pattern.norm->input(2));
    const std::vector<Value>& fused = rewriter.build(gradient, fusedBatchNormGradientSpec(), inputs, pattern.attributes());
    for (std::size_t i = 0; i < fused.size(); ++i)
        rewriter.map(gradient.outputs()[i], fused[i]);
}

bool FuseBatchNorm::operator()(const Op& op, Rewriter& rewriter)
{
    if (m_absorbed.count(&op))
        return true;
    if (const auto found = m_gradients.find(&op); found != m_gradients.end()) {
        fuseGradients(found->second, rewriter);
        return true;
    }
    if (!is(&op, "BatchNorm"))
        return false;
    const Pattern pattern = patternOf(op, rewriter);
    if (!pattern.norm || !canRun(pattern, rewriter))
        return false;
    fuse(pattern, rewriter);
    return true;
}

} // namespace weft
