#include "core/ops/fused/fused.h"

#include "core/ops/conv/conv.h"
#include "core/ops/fused/fused_ref.h"
#include "core/ops/support/attribute_shape.h"
#include "core/ops/support/infer.h"
#include "core/ops/support/window.h"

namespace weft {

namespace {

// The ops that are fused have been checked when they were built, so these rules only compute.

TypeList inferMatMul(TypeSpan inputs, const Attributes& attributes)
{
    const Shape& a = inputs[0].shape;
    std::vector<Dim> dims(a.begin(), a.end() - 2);
    dims.push_back(a[attributes.flag("transposeA") ? -1 : -2]);
    dims.push_back(inputs[1].shape[attributes.flag("transposeB") ? -2 : -1]);
    TypeList types{{resultType(inputs[0].dtype, attributes), Shape(dims)}};
    if (attributes.has("hasMask")) {
        dims.back() = Dim(maskRow(dims.back().factor));
        types.push_back({DType::UInt8, Shape(std::move(dims))});
    }
    return types;
}

TypeList inferMasked(TypeSpan inputs, const Attributes& attributes)
{
    std::vector<Dim> dims(inputs[0].shape.begin(), inputs[0].shape.end() - 1);
    dims.push_back(inputs[1].shape[attributes.flag("transposeB") ? -2 : -1]);
    return {{inputs[0].dtype, Shape(std::move(dims))}};
}

TypeList inferDenseGradient(TypeSpan inputs, const Attributes& attributes)
{
    const DType type = resultType(inputs[0].dtype, attributes);
    const Dim in = inputs[0].shape.back(), out = inputs[1].shape.back();
    return {{type, Shape{in, out}}, {type, Shape{out}}};
}

std::vector<Dim> convDims(TypeSpan inputs, const Attributes& attributes)
{
    const Shape& x = inputs[0].shape;
    std::vector<Dim> dims{x[0], inputs[1].shape[0]};
    for (int axis = 2; axis < x.rank(); ++axis) {
        const auto i = static_cast<std::size_t>(axis - 2);
        dims.push_back(windowPositions("Conv", x, x[axis], inputs[1].shape[axis].factor, attributes.integers("strides")[i],
                                       attributes.integers("padBegin")[i], attributes.integers("padEnd")[i], attributes.integers("dilations")[i]));
    }
    return dims;
}

TypeList inferConv(TypeSpan inputs, const Attributes& attributes)
{
    return {{inputs[0].dtype, Shape(convDims(inputs, attributes))}};
}

/// Types of y and, if wanted, of its index.
TypeList pooled(DType dtype, const Shape& x, const Attributes& attributes, const std::string& kernel, const std::string& strides,
                const std::string& padBegin, const std::string& padEnd)
{
    std::vector<Dim> dims{x[0], x[1]};
    for (int axis = 2; axis < x.rank(); ++axis) {
        const auto i = static_cast<std::size_t>(axis - 2);
        dims.push_back(windowPositions("Pooling", x, x[axis], attributes.integers(kernel)[i], attributes.integers(strides)[i],
                                       attributes.integers(padBegin)[i], attributes.integers(padEnd)[i], 1));
    }
    TypeList types{{dtype, Shape(dims)}};
    if (attributes.flag("hasIndex"))
        types.push_back({DType::UInt8, Shape(std::move(dims))});
    return types;
}

TypeList inferPool(TypeSpan inputs, const Attributes& attributes)
{
    return pooled(inputs[0].dtype, inputs[0].shape, attributes, "kernel", "strides", "padBegin", "padEnd");
}

TypeList inferConvPool(TypeSpan inputs, const Attributes& attributes)
{
    return pooled(inputs[0].dtype, Shape(convDims(inputs, attributes)), attributes, "poolKernel", "poolStrides", "poolPadBegin", "poolPadEnd");
}

Cost matMulCost(const Op& op, std::int64_t t)
{
    const int inner = op.attributes().flag("transposeA") ? -2 : -1;
    return {elementsPerSample(op.output().shape(), t) * static_cast<double>(op.input(0).shape()[inner].at(1, t)), 0};
}

Cost maskedCost(const Op& op, std::int64_t t)
{
    return {elementsPerSample(op.output().shape(), t) * static_cast<double>(op.input(0).shape().back().factor), 0};
}

Cost denseGradientCost(const Op& op, std::int64_t t)
{
    return {elementsPerSample(op.input(0).shape(), t) * static_cast<double>(op.input(1).shape().back().factor), 0};
}

/// C/groups · kernel size for each element that the convolution gives.
Cost costOfConv(const Shape& y, const Shape& kernel, std::int64_t t)
{
    return {elementsPerSample(y, t) * elementsPerSample(kernel, t) / static_cast<double>(kernel[0].factor), 0};
}

Cost convCost(const Op& op, std::int64_t t)
{
    return costOfConv(op.output().shape(), op.input(1).shape(), t);
}

Cost convPoolCost(const Op& op, std::int64_t t)
{
    const TensorType inputs[2] = {op.input(0).type(), op.input(1).type()};
    return costOfConv(Shape(convDims(inputs, op.attributes())), op.input(1).shape(), t);
}

const OpSpec matMulSpec{.name = "FusedMatMul", .infer = inferMatMul, .cost = matMulCost};
const OpSpec maskedSpec{.name = "MaskedMatMul", .infer = inferMasked, .cost = maskedCost};
const OpSpec denseGradientOp{.name = "DenseGradient", .infer = inferDenseGradient, .cost = denseGradientCost};
const OpSpec convSpec{.name = "FusedConv", .infer = inferConv, .cost = convCost};
const OpSpec convAddSpec{.name = "FusedConvAdd", .infer = inferConv, .cost = convCost};
const OpSpec poolSpec{.name = "IndexedMaxPool", .infer = inferPool};
const OpSpec poolGradientSpec{.name = "IndexedMaxPoolGradient", .infer = inferShaped};
const OpSpec convPoolSpec{.name = "FusedConvPool", .infer = inferConvPool, .cost = convPoolCost};

} // namespace

const OpSpec& fusedMatMulSpec()
{
    return matMulSpec;
}
const OpSpec& maskedMatMulSpec()
{
    return maskedSpec;
}
const OpSpec& denseGradientSpec()
{
    return denseGradientOp;
}
const OpSpec& fusedConvSpec()
{
    return convSpec;
}
const OpSpec& fusedConvAddSpec()
{
    return convAddSpec;
}
const OpSpec& indexedMaxPoolSpec()
{
    return poolSpec;
}
const OpSpec& indexedMaxPoolGradientSpec()
{
    return poolGradientSpec;
}
const OpSpec& fusedConvPoolSpec()
{
    return convPoolSpec;
}

Attributes fusedConvPoolAttributes(const Attributes& conv, const Attributes& pool)
{
    Attributes attributes = conv;
    attributes.set("poolKernel", pool.integers("kernel"));
    attributes.set("poolStrides", pool.integers("strides"));
    attributes.set("poolPadBegin", pool.integers("padBegin"));
    attributes.set("poolPadEnd", pool.integers("padEnd"));
    attributes.set("relu", pool.flag("relu"));
    attributes.set("hasIndex", pool.flag("hasIndex"));
    return attributes;
}

std::vector<const OpSpec*> fusedOps()
{
    return {&matMulSpec, &maskedSpec, &denseGradientOp, &convSpec, &convAddSpec, &poolSpec, &poolGradientSpec, &convPoolSpec};
}

void fusedReferenceKernels(KernelTable& table)
{
    addReference<FusedMatMulReference>(table, "FusedMatMul");
    addReference<MaskedMatMulReference>(table, "MaskedMatMul");
    addReference<DenseGradientReference>(table, "DenseGradient");
    addReference<FusedConvReference>(table, "FusedConv");
    addReference<FusedConvAddReference>(table, "FusedConvAdd");
    addReference<IndexedMaxPoolReference>(table, "IndexedMaxPool");
    addReference<IndexedMaxPoolGradientReference>(table, "IndexedMaxPoolGradient");
    addReference<FusedConvPoolReference>(table, "FusedConvPool");
}

} // namespace weft
