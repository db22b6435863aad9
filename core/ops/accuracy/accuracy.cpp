#include "core/ops/accuracy/accuracy.h"

#include "core/base/error.h"
#include "core/graph/graph.h"
#include "core/ops/accuracy/accuracy_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes&)
{
    requireFloating("Accuracy", inputs[0]);
    requireRank("Accuracy", inputs[0], 2, 2);
    if (inputs[1] != TensorType{DType::Int32, {inputs[0].shape[0]}})
        throw Error(WEFT_TEXT("Ops", "Accuracy of the prediction %1 needs class numbers int32 [%2] as target, but they are %3."),
                    toString(inputs[0].shape), toString(inputs[0].shape[0]), describe(inputs[1]));
    return {{DType::Float32, {inputs[0].shape[0]}}};
}

Cost cost(const Op& op, std::int64_t t)
{
    return {0, elementsPerSample(op.input(0).shape(), t)};
}

const OpSpec spec{.name = "IsCorrect", .infer = infer, .cost = cost};

std::vector<KernelOption> factory(const KernelRequest& request)
{
    switch (request.inputs[0].dtype) {
    case DType::Float32: return {rowMajorOption(request, "reference", 1.0, markCorrect<float>)};
    case DType::Float64: return {rowMajorOption(request, "reference", 1.0, markCorrect<double>)};
    default: return {};
    }
}

} // namespace

Value isCorrect(const Value& prediction, const Value& target)
{
    return prediction.graph().add(spec, {prediction, target})[0];
}

std::vector<const OpSpec*> accuracyOps()
{
    return {&spec};
}

void accuracyReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "IsCorrect", factory);
}

} // namespace weft
