// The operations of the stand-in for cuDNN, as strictly as we know them of the real one.
#include <optional>

#include "tests/cuda_host/host_descriptor.h"

namespace weft {

namespace {

/// The attributes of a convolution's operation: how, x, kernel, y; nothing where it is none.
struct ConvNames {
    HostOperationType pass;
    cudnnBackendAttributeName_t how, x, kernel, y;
};

std::optional<ConvNames> convNames(cudnnBackendDescriptorType_t type)
{
    switch (type) {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
        return ConvNames{HostOperationType::Forward, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
        return ConvNames{HostOperationType::InputGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
        return ConvNames{HostOperationType::KernelGradient, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
    default: return {};
    }
}

HostArray arrayOf(const HostDescriptor& operation, cudnnBackendAttributeName_t name)
{
    const auto* from = operation.one<const HostDescriptor*>(name);
    HostArray array;
    if (!from)
        return array;
    const auto extents = from->all<std::int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS), strides = from->all<std::int64_t>(CUDNN_ATTR_TENSOR_STRIDES);
    array.id = from->one<std::int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID);
    array.type = from->one<cudnnDataType_t>(CUDNN_ATTR_TENSOR_DATA_TYPE);
    array.kind = from->one<char>(CUDNN_ATTR_TENSOR_IS_VIRTUAL) != 0 ? HostKind::Between
        : from->one<char>(CUDNN_ATTR_TENSOR_IS_BY_VALUE) != 0       ? HostKind::Constant
                                                                    : HostKind::InMemory;
    for (std::size_t i = 0; i < extents.size(); ++i) {
        const std::size_t axis = i < 2 ? i : i + 5 - extents.size();
        array.extents[axis] = extents[i];
        array.strides[axis] = strides[i];
    }
    return array;
}

Positions positionsOf(const HostDescriptor& how, cudnnBackendAttributeName_t name, std::int64_t missing)
{
    const auto values = how.all<std::int64_t>(name);
    Positions positions{missing, missing, missing};
    std::copy(values.begin(), values.end(), positions.end() - static_cast<std::ptrdiff_t>(values.size()));
    return positions;
}

HostOperation convolutionOf(const HostDescriptor& operation, const ConvNames& names)
{
    const auto* how = operation.one<const HostDescriptor*>(names.how);
    HostOperation conv;
    conv.type = names.pass;
    conv.x = arrayOf(operation, names.x);
    conv.b = arrayOf(operation, names.kernel);
    conv.y = arrayOf(operation, names.y);
    conv.padBegin = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0);
    conv.padEnd = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0);
    conv.strides = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 1);
    conv.dilations = positionsOf(*how, CUDNN_ATTR_CONVOLUTION_DILATIONS, 1);
    return conv;
}

HostOperation pointwiseOf(const HostDescriptor& operation)
{
    const auto* how = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
    HostOperation pointwise;
    pointwise.x = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_XDESC);
    pointwise.b = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
    pointwise.mask = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_TDESC);
    pointwise.y = arrayOf(operation, CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
    pointwise.mode = how->one<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
    pointwise.axis = how->one<std::int64_t>(CUDNN_ATTR_POINTWISE_AXIS) + 1; // of four axes
    return pointwise;
}

HostOperation productOf(const HostDescriptor& operation)
{
    HostOperation product;
    product.type = HostOperationType::Product;
    product.x = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_ADESC);
    product.b = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_BDESC);
    product.y = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_CDESC);
    product.rows = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_M_OVERRIDE_DESC);
    product.columns = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_N_OVERRIDE_DESC);
    product.depth = arrayOf(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_K_OVERRIDE_DESC);
    return product;
}

HostOperation otherOf(const HostDescriptor& operation)
{
    HostOperation other;
    switch (operation.type) {
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR:
        other.type = HostOperationType::Reduction;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_REDUCTION_XDESC);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_REDUCTION_YDESC);
        other.reduction
            = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_REDUCTION_DESC)->one<cudnnReduceTensorOp_t>(CUDNN_ATTR_REDUCTION_OPERATOR);
        break;
    case CUDNN_BACKEND_OPERATION_RNG_DESCRIPTOR:
        other.type = HostOperationType::Random;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_RNG_SEED);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_RNG_YDESC);
        other.probability
            = operation.one<const HostDescriptor*>(CUDNN_ATTR_OPERATION_RNG_DESC)->one<double>(CUDNN_ATTR_RNG_BERNOULLI_DIST_PROBABILITY);
        break;
    default:
        other.type = HostOperationType::Reshape;
        other.x = arrayOf(operation, CUDNN_ATTR_OPERATION_RESHAPE_XDESC);
        other.y = arrayOf(operation, CUDNN_ATTR_OPERATION_RESHAPE_YDESC);
    }
    return other;
}

/// Of one format and type, and of sizes that belong together.
cudnnStatus_t fitSizes(const HostOperation& conv)
{
    const HostArray &x = conv.x, &w = conv.b, &y = conv.y;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t seen
            = x.extents[axis + 2] + conv.padBegin[axis] + conv.padEnd[axis] - (w.extents[axis + 2] - 1) * conv.dilations[axis] - 1;
        if (conv.padEnd[axis] < 0 || seen / conv.strides[axis] + 1 != y.extents[axis + 2])
            return CUDNN_STATUS_BAD_PARAM;
    }
    if (x.extents[1] % w.extents[1] != 0 || w.extents[0] != y.extents[1] || x.extents[0] != y.extents[0] || x.type != w.type)
        return CUDNN_STATUS_BAD_PARAM;
    const bool areLast = x.isLast() && w.isLast() && y.isLast(), arePlanes = x.isPlanes() && w.isPlanes() && y.isPlanes();
    const bool isStored = y.kind == HostKind::Between ? y.type == CUDNN_DATA_FLOAT : y.type == x.type;
    return (areLast || arePlanes) && isStored ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
}

/// Endings follow a convolution of pictures, on whose result they are as it is; a bias is stored as that is.
cudnnStatus_t fitConvolution(const HostGraph& graph)
{
    const HostOperation& conv = graph.front();
    const HostArray* last = &conv.y;
    for (std::size_t i = 1; i < graph.size(); ++i) {
        const HostOperation& ending = graph[i];
        if (ending.type != HostOperationType::Pointwise || conv.type != HostOperationType::Forward || conv.x.extents[2] > 1)
            return CUDNN_STATUS_NOT_SUPPORTED;
        if (ending.x.id != last->id || ending.y.strides != last->strides)
            return CUDNN_STATUS_BAD_PARAM;
        if (ending.mode == CUDNN_POINTWISE_ADD && (ending.b.extents != Axes{1, last->extents[1], 1, 1, 1} || ending.b.type != conv.x.type))
            return CUDNN_STATUS_BAD_PARAM;
        last = &ending.y;
    }
    return last->kind == HostKind::InMemory && last->type == conv.x.type ? fitSizes(conv) : CUDNN_STATUS_BAD_PARAM;
}

/// Products take what is stored alike, in 16 bits, of widths that are multiples of eight.
cudnnStatus_t fitProducts(const HostGraph& graph)
{
    for (const HostOperation& operation : graph) {
        if (operation.type != HostOperationType::Product)
            continue;
        const HostArray &a = operation.x, &b = operation.b, &y = operation.y;
        if (a.extents[4] != b.extents[3] || a.extents[3] != y.extents[3] || b.extents[4] != y.extents[4])
            return CUDNN_STATUS_BAD_PARAM;
        const bool isOdd = (y.kind == HostKind::Between ? a : y).extents[4] % 8 != 0;
        if (a.type != b.type || a.type == CUDNN_DATA_FLOAT || isOdd)
            return CUDNN_STATUS_NOT_SUPPORTED;
    }
    return CUDNN_STATUS_SUCCESS;
}

} // namespace

HostOperation operationOf(const HostDescriptor& operation)
{
    if (const std::optional<ConvNames> names = convNames(operation.type))
        return convolutionOf(operation, *names);
    if (operation.type == CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
        return pointwiseOf(operation);
    return operation.type == CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR ? productOf(operation) : otherOf(operation);
}

cudnnStatus_t fit(const HostGraph& graph)
{
    return graph.front().isConvolution() ? fitConvolution(graph) : fitProducts(graph);
}

} // namespace weft
