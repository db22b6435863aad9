#include "core/ops/matmul/matmul_cuda.h"

namespace weft {

namespace {

std::vector<KernelOption> matMul(const KernelRequest& request)
{
    if (!takesProduct(request))
        return {};
    return {rowMajorOption(request, "cublas", 1.0, [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
        if (context.outputs[0].count() > 0)
            multiply(context, productOf(context, attributes, precision), context.inputs[0].data, context.inputs[1].data, context.outputs[0].data);
    })};
}

} // namespace

void matmulCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "MatMul", &matMul);
}

} // namespace weft
