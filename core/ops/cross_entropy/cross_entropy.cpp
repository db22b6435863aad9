#include "core/ops/cross_entropy/cross_entropy.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/cross_entropy/cross_entropy_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    const TensorType& logits = inputs[0];
    const TensorType& target = inputs[1];
    requireFloating("Cross-entropy", logits);
    requireRank("Cross-entropy", logits, 2, 2);
    if (target != TensorType{DType::Int32, {logits.shape[0]}})
        throw Error(WEFT_TEXT("Ops", "Cross-entropy over the prediction %1 needs class numbers int32 [%2] as target, but they are %3."),
                    toString(logits.shape), toString(logits.shape[0]), describe(target));
    // Losses are never stored in 16 bits.
    const bool isWide = logits.dtype == DType::Float64;
    return {{isWide ? DType::Float64 : DType::Float32, {logits.shape[0]}}};
}

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1]};
}

Cost cost(const Op& op, std::int64_t t)
{
    return {0, elementsPerSample(op.input(0).shape(), t)};
}

// The softmax is computed anew from the logits: it is cheap, and no second array lives through the step.
const OpSpec gradientSpec{.name = "SoftmaxCrossEntropyGradient", .infer = inferGradient};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    return {op.output().graph().add(gradientSpec, {dy[0], op.input(0), op.input(1)})[0], Value()};
}

/// The ops that it stands for have been checked when they were built.
TypeList inferFused(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType number{inputs[0].dtype == DType::Float64 ? DType::Float64 : DType::Float32, {}};
    TypeList types{number};
    if (attributes.flag("hasCorrect"))
        types.push_back({DType::Float32, {}});
    if (attributes.flag("hasGradient"))
        types.push_back(inputs[0]);
    return types;
}

const OpSpec fusedSpec{.name = "FusedCrossEntropy", .infer = inferFused, .cost = cost};

const OpSpec spec{.name = "SoftmaxCrossEntropy", .infer = infer, .gradient = gradient, .cost = cost};

} // namespace

Value softmaxCrossEntropy(const Value& logits, const Value& target)
{
    return logits.graph().add(spec, {logits, target})[0];
}

const OpSpec& fusedCrossEntropySpec()
{
    return fusedSpec;
}

std::vector<const OpSpec*> crossEntropyOps()
{
    return {&spec, &gradientSpec, &fusedSpec};
}

void crossEntropyReferenceKernels(KernelTable& table)
{
    addReference<SoftmaxCrossEntropyReference>(table, "SoftmaxCrossEntropy");
    addReference<SoftmaxCrossEntropyGradientReference>(table, "SoftmaxCrossEntropyGradient");
    addReference<FusedCrossEntropyReference>(table, "FusedCrossEntropy");
}

} // namespace weft
