#include "core/ops/cast/cast.h"

#include "core/graph/graph.h"
#include "core/ops/cast/cast_ref.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/onnx_form.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    return {{static_cast<DType>(attributes.integer("dtype")), inputs[0].shape}};
}

/// Nothing flows through integers.
std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    const bool flows = isFloating(op.input(0).dtype()) && isFloating(op.output().dtype());
    return {flows ? cast(dy[0], op.input(0).dtype()) : Value()};
}

OnnxForm onnx(const Op& op)
{
    return onnxNode(op, "Cast", {{"to", onnxType(op.output().dtype())}});
}

const OpSpec spec{.name = "Cast", .infer = infer, .gradient = gradient, .onnx = onnx};

TypeList inferAll(TypeSpan inputs, const Attributes& attributes)
{
    TypeList types;
    for (const TensorType& input : inputs)
        types.push_back(infer({&input, 1}, attributes)[0]);
    return types;
}

const OpSpec allSpec{.name = "CastAll", .infer = inferAll};

std::vector<KernelOption> factory(const KernelRequest& request)
{
    std::vector<KernelOption> options;
    visitType(request.inputs[0].dtype, [&](auto from) {
        visitType(request.outputs[0].dtype,
                  [&](auto to) { options.push_back(rowMajorOption(request, "reference", 1.0, castElements<decltype(from), decltype(to)>)); });
    });
    return options;
}

} // namespace

Value cast(const Value& x, DType dtype)
{
    return x.dtype() == dtype ? x : x.graph().add(spec, {x}, {{"dtype", static_cast<std::int64_t>(dtype)}})[0];
}

const OpSpec& castSpec()
{
    return spec;
}

const OpSpec& castAllSpec()
{
    return allSpec;
}

std::vector<const OpSpec*> castOps()
{
    return {&spec, &allSpec};
}

void castReferenceKernels(KernelTable& table)
{
    table.add(DeviceKind::Reference, "Cast", factory);
}

} // namespace weft
