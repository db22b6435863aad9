#include "core/ops/matmul/matmul_cuda.h"
#include "core/ops/support/cuda_kernel.h"

namespace weft {

namespace {

std::vector<KernelOption> matMul(const KernelRequest& request)
{
    if (computeType(request) != DType::Float32)
        return {};
    return {rowMajorOption(request, "cublas", 1.0, [attributes = request.attributes, precision = request.precision](const KernelContext& context) {
        if (context.outputs[0].count() == 0)
            return;
        multiply(context, productOf(context, attributes, precision), inputData<float>(context, 0), inputData<float>(context, 1),
                 outputData<float>(context));
    })};
}

} // namespace

void matmulCudaKernels(KernelTable& table)
{
    table.add(DeviceKind::Cuda, "MatMul", &matMul);
}

} // namespace weft
