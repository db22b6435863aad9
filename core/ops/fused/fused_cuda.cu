#include "core/ops/conv/conv_cuda.h"
#include "core/ops/fused/fused.h"
#include "core/ops/matmul/matmul_cuda.h"

namespace weft {

namespace {

/// The sizes of a request as a kernel will find them.
Product productOf(const KernelRequest& request)
{
    std::vector<Array> inputs, outputs;
    for (const ArrayType& type : request.inputs)
        inputs.push_back({nullptr, type, Layout::RowMajor});
    for (const ArrayType& type : request.outputs)
        outputs.push_back({nullptr, type, Layout::RowMajor});
    KernelContext context;
    context.inputs = inputs;
    context.outputs = outputs;
    return productOf(context, request.attributes, request.precision);
}

const float something = 0; ///< stands where the library is only asked

/// The product's own epilogue adds the bias and cuts below zero; it may note where.
std::vector<KernelOption> fusedMatMul(const KernelRequest& request)
{
    if (!takesProduct(request) || request.inputs[2].dtype != request.outputs[0].dtype)
        return {};
    const bool hasMask = request.attributes.has("hasMask");
    if (hasMask) {
        Product product = productOf(request);
        product.bias = &something;
        product.relu = true;
        product.mask = const_cast<float*>(&something);
        product.maskRow = maskRow(product.n);
        if (product.batch != 1 || !canMultiply(product))
            return {};
    }
    const auto run = [attributes = request.attributes, precision = request.precision, hasMask](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        Product product = productOf(context, attributes, precision);
        product.bias = context.inputs[2].data;
        product.relu = attributes.flag("relu");
        if (hasMask) {
            product.mask = context.outputs[1].data;
            product.maskRow = maskRow(product.n);
        }
        multiply(context, product, context.inputs[0].data, context.inputs[1].data, context.outputs[0].data);
    };
    return {rowMajorOption(request, hasMask ? "cublas:mask" : "cublas", 1.0, run)};
}

/// The gradient of a relu by the mask that the product before it wrote.
std::vector<KernelOption> maskedMatMul(const KernelRequest& request)
{
    if (!takesProduct(request))
        return {};
    Product product = productOf(request);
    product.mask = const_cast<float*>(&something);
    product.maskRow = maskRow(product.n);
    if (product.batch != 1 || !canMultiply(product))
        return {};
    return {
        rowMajorOption(request, "cublas:mask", 1.0, [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
            if (context.outputs[0].count() == 0)
                return;
            Product masked = productOf(context, attributes, precision);
            masked.mask = context.inputs[2].data;
            masked.maskRow = maskRow(masked.n);
            multiply(context, masked, context.inputs[0].data, context.inputs[1].data, context.outputs[0].data);
        })};
}

Product denseGradientOf(const ArrayType& x, const ArrayType& dKernel, Precision precision)
{
    Product product;
    product.m = dKernel.extents[0];
    product.n = dKernel.extents[1];
    product.k = product.m > 0 ? elementCount(x.extents) / product.m : 0;
    product.transposeA = true;
    product.factors = x.dtype;
    product.result = dKernel.dtype;
    product.precision = precision;
    return product;
}

/// The product of the kernel's gradient sums up the bias' as well. Where it is large it has better ways alone, and a kernel of its own costs nothing
/// beside it.
std::vector<KernelOption> denseGradient(const KernelRequest& request)
{
    constexpr double mostMultiplyAdds = 1 << 28;
    const ArrayType &x = request.inputs[0], &dKernel = request.outputs[0];
    Product product = denseGradientOf(x, dKernel, request.precision);
    product.biasGradient = const_cast<float*>(&something);
    const double multiplyAdds = static_cast<double>(product.m) * static_cast<double>(product.n) * static_cast<double>(product.k);
    if (!takesProduct(request) || multiplyAdds > mostMultiplyAdds || !canMultiply(product))
        return {};
    return {rowMajorOption(request, "cublas:bias-gradient", 1.0, [precision = request.precision](const KernelContext& context) {
        Product gradient = denseGradientOf(context.inputs[0].type, context.outputs[0].type, precision);
        gradient.biasGradient = context.outputs[1].data;
        multiply(context, gradient, context.inputs[0].data, context.inputs[1].data, context.outputs[0].data);
    })};
}

std::vector<KernelOption> fusedConv(const KernelRequest& request)
{
    return convOptions(request, request.attributes.flag("relu"));
}

} // namespace

void fusedCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "FusedMatMul", &fusedMatMul);
    table.add(DeviceKind::Cuda, "MaskedMatMul", &maskedMatMul);
    table.add(DeviceKind::Cuda, "DenseGradient", &denseGradient);
    table.add(DeviceKind::Cuda, "FusedConv", &fusedConv);
    table.add(DeviceKind::Cuda, "FusedConvAdd", &fusedConv);
}

} // namespace weft
