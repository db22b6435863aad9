#include "core/ops/embedding/embedding.h"

#include "core/base/error.h"
#include "core/ops/embedding/embedding_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType& table = inputs[0];
    requireFloating("An embedding", table);
    requireRank("An embedding", table, 2, 2);
    if (inputs[1].dtype != DType::Int32)
        throw Error(WEFT_TEXT("Ops", "An embedding looks up rows by int32 numbers, but was given %1. Cast them."), describe(inputs[1]));
    std::vector<Dim> dims = inputs[1].shape.dims();
    dims.push_back(table.shape[1]);
    return {{resultType(table.dtype, attributes), Shape(std::move(dims))}};
}

TypeList inferGradient(TypeSpan inputs, const Attributes& attributes)
{
    return {{resultType(inputs[0].dtype, attributes), {attributes.integer("rows"), inputs[0].shape.back()}}};
}

const OpSpec gradientSpec{.name = "EmbeddingGradient", .infer = inferGradient};

std::vector<Value> gradient(const Op& op, std::span<const Value> dy)
{
    Attributes attributes = op.attributes();
    attributes.set("rows", op.input(0).shape()[0].factor);
    return {op.output().graph().add(gradientSpec, {dy[0], op.input(1)}, std::move(attributes))[0], Value()};
}

OnnxForm onnx(const Op&)
{
    return {{{"Gather", {"x0", "x1"}, {"y0"}, {{"axis", std::int64_t(0)}}}}, {}};
}

const OpSpec spec{.name = "Embedding", .infer = infer, .gradient = gradient, .onnx = onnx};

// The ops that these two stand for have been checked when they were built, so their rules only compute.

TypeList inferMean(TypeSpan inputs, const Attributes& attributes)
{
    return {{resultType(inputs[0].dtype, attributes), {inputs[1].shape[0], inputs[0].shape[1]}}};
}

TypeList inferRows(TypeSpan inputs, const Attributes& attributes)
{
    Dim count(1);
    for (const Dim& dim : inputs[1].shape)
        count = count * dim;
    return {{resultType(inputs[0].dtype, attributes), {count, inputs[0].shape.back()}}, {DType::Int32, {attributes.integer("rows")}}};
}

const OpSpec meanSpec{.name = "EmbeddingMean", .infer = inferMean};
const OpSpec rowsSpec{.name = "EmbeddingRows", .infer = inferRows};

} // namespace

const OpSpec& embeddingMeanSpec()
{
    return meanSpec;
}

const OpSpec& embeddingRowsSpec()
{
    return rowsSpec;
}

Value embedding(const Value& table, const Value& tokens, std::int64_t padding)
{
    return table.graph().add(spec, {table, tokens}, {{"padding", padding}})[0];
}

std::vector<const OpSpec*> embeddingOps()
{
    return {&spec, &gradientSpec, &meanSpec, &rowsSpec};
}

void embeddingReferenceKernels(KernelTable& table)
{
    addReference<EmbeddingReference>(table, "Embedding");
    addReference<EmbeddingGradientReference>(table, "EmbeddingGradient");
    addReference<EmbeddingMeanReference>(table, "EmbeddingMean");
    addReference<EmbeddingRowsReference>(table, "EmbeddingRows");
}

} // namespace weft
