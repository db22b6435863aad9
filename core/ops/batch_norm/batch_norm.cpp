#include "core/ops/batch_norm/batch_norm.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/batch_norm/batch_norm_ref.h"
#include "core/ops/binary/binary.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/reshape/reshape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"
#include "core/ops/unary/unary.h"

namespace weft {

namespace {

void requireFit(TypeSpan inputs)
{
    requireFloating("BatchNorm", inputs[0]);
    requireRank("BatchNorm", inputs[0], 2, 5);
    for (const TensorType& statistic : inputs.subspan(1)) {
        if (statistic.shape != Shape{inputs[0].shape[1]} || !isWeightOf(statistic.dtype, inputs[0].dtype))
            throw Error(WEFT_TEXT("Ops", "BatchNorm over %1 needs one number for each of the %2 channels, but was given %3."), describe(inputs[0]),
                        toString(inputs[0].shape[1]), describe(statistic));
    }
}

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFit(inputs);
    return {inputs[0], inputs[1], inputs[1]};
}

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1], inputs[2], inputs[2]};
}

/// The ops that it stands for have been checked when they were built.
TypeList inferFused(TypeSpan inputs, const Attributes&)
{
    return {inputs[0], inputs[1], inputs[1]};
}

TypeList inferInference(TypeSpan inputs, const Attributes&)
{
    requireFit(inputs);
    return {inputs[0]};
}

const OpSpec gradientSpec{.name = "BatchNormGradient", .infer = inferGradient};

/// The batch's statistics go only into running statistics, through which no gradient flows.
std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    if (dy[1] || dy[2])
        throw Error(WEFT_TEXT("Ops", "BatchNorm cannot pass a gradient through the statistics of a batch. Use its result y in the loss."));
    if (!dy[0])
        return {Value(), Value(), Value()};
    const auto& d = op.output().graph().add(gradientSpec, {dy[0], op.input(0), op.input(1), op.output(1), op.output(2)}, op.attributes());
    return {d[0], d[1], d[2]};
}

/// With fixed statistics y is an affine function a channel, so its gradient needs no op of its own.
std::vector<Value> inferenceGradient(const Op& op, std::span<const Value> dy)
{
    const Value& x = op.input(0);
    const Value& scale = op.input(1);
    std::vector<Dim> dims(static_cast<std::size_t>(x.shape().rank()), Dim(1));
    dims[1] = x.shape()[1];
    const Shape aChannel(std::move(dims));
    const auto stretched = [&](const Value& v) { return reshape(v, aChannel); };
    std::vector<int> others{0};
    for (int axis = 2; axis < x.shape().rank(); ++axis)
        others.push_back(axis);

    const Value deviation = sqrt(affine(op.input(4), 1.0, op.attributes().real("epsilon")));
    const Value factor = divide(scale, deviation);
    const Value dShift = reduceSum(dy[0], others);
    const Value dScale = divide(reduceSum(multiply(dy[0], subtract(x, stretched(op.input(3)))), others), deviation);
    const Value dMean = negate(multiply(dShift, factor));
    const Value dVariance = divide(affine(multiply(dScale, factor), -0.5), deviation);
    return {multiply(dy[0], stretched(factor)), dScale, dShift, dMean, dVariance};
}

OnnxForm inferenceOnnx(const Op& op)
{
    return onnxNode(op, "BatchNormalization", {{"epsilon", op.attributes().real("epsilon")}});
}

const OpSpec fusedSpec{.name = "FusedBatchNorm", .infer = inferFused};
const OpSpec fusedGradientSpec{.name = "FusedBatchNormGradient", .infer = inferGradient};

const OpSpec spec{.name = "BatchNorm", .infer = infer, .gradient = gradient};
const OpSpec inferenceSpec{.name = "BatchNormInference", .infer = inferInference, .gradient = inferenceGradient, .onnx = inferenceOnnx};

} // namespace

BatchNormResult batchNorm(const Value& x, const Value& scale, const Value& shift, double epsilon)
{
    const auto& outputs = x.graph().add(spec, {x, scale, shift}, {{"epsilon", epsilon}});
    return {outputs[0], outputs[1], outputs[2]};
}

Value batchNormInference(const Value& x, const Value& scale, const Value& shift, const Value& mean, const Value& variance, double epsilon)
{
    return x.graph().add(inferenceSpec, {x, scale, shift, mean, variance}, {{"epsilon", epsilon}})[0];
}

const OpSpec& fusedBatchNormSpec()
{
    return fusedSpec;
}
const OpSpec& fusedBatchNormGradientSpec()
{
    return fusedGradientSpec;
}

std::vector<const OpSpec*> batchNormOps()
{
    return {&spec, &gradientSpec, &inferenceSpec, &fusedSpec, &fusedGradientSpec};
}

void batchNormReferenceKernels(KernelTable& table)
{
    addReference<BatchNormReference>(table, "BatchNorm");
    addReference<BatchNormGradientReference>(table, "BatchNormGradient");
    addReference<BatchNormInferenceReference>(table, "BatchNormInference");
    addReference<FusedBatchNormReference>(table, "FusedBatchNorm");
    addReference<FusedBatchNormGradientReference>(table, "FusedBatchNormGradient");
}

} // namespace weft
