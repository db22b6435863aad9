#include "core/ops/attention/attention.h"

#include "core/ops/attention/attention_ref.h"
#include "core/ops/support/infer.h"

namespace weft {

namespace {

// The ops that these stand for have been checked when they were built, so their rules only compute.

TypeList infer(TypeSpan inputs, const Attributes& attributes)
{
    const TensorType &q = inputs[0], &v = inputs[2];
    std::vector<Dim> rows(q.shape.begin(), q.shape.end() - 1);
    std::vector<Dim> dims = rows;
    dims.push_back(v.shape.back());
    if (isByPosition(attributes))
        std::swap(rows[1], rows[2]);
    // Sums of softmaxes are never stored in 16 bits.
    return {{q.dtype, Shape(std::move(dims))}, {q.dtype == DType::Float64 ? q.dtype : DType::Float32, Shape(rows)}};
}

TypeList inferGradient(TypeSpan inputs, const Attributes&)
{
    return {inputs[1], inputs[2], inputs[3]};
}

/// Of the products of every query with every key that the op computes, over `features` in all.
Cost costOf(const Shape& q, const Shape& k, std::int64_t features, const Attributes& attributes, std::int64_t t)
{
    const double rows = elementsPerSample(q, t) / static_cast<double>(q.back().factor);
    return {rows * static_cast<double>(k[isByPosition(attributes) ? 1 : -2].at(1, t)) * static_cast<double>(features), 0};
}

Cost cost(const Op& op, std::int64_t t)
{
    const Shape &q = op.input(0).shape(), &v = op.input(2).shape();
    return costOf(q, op.input(1).shape(), q.back().factor + v.back().factor, op.attributes(), t);
}

Cost gradientCost(const Op& op, std::int64_t t)
{
    const Shape &q = op.input(1).shape(), &v = op.input(3).shape();
    return costOf(q, op.input(2).shape(), 3 * q.back().factor + 2 * v.back().factor, op.attributes(), t);
}

const OpSpec spec{.name = "Attention", .infer = infer, .cost = cost, .readsState = true};
const OpSpec gradientSpec{.name = "AttentionGradient", .infer = inferGradient, .cost = gradientCost, .readsState = true};

} // namespace

const OpSpec& attentionSpec()
{
    return spec;
}

const OpSpec& attentionGradientSpec()
{
    return gradientSpec;
}

std::vector<const OpSpec*> attentionOps()
{
    return {&spec, &gradientSpec};
}

void attentionReferenceKernels(KernelTable& table)
{
    addReference<AttentionReference>(table, "Attention");
    addReference<AttentionGradientReference>(table, "AttentionGradient");
}

} // namespace weft
