#include "core/device/cuda/dnn_graph.h"

#include "core/base/error.h"

namespace weft {

cudnnDataType_t dnnType(DType type)
{
    switch (type) {
    case DType::BFloat16: return CUDNN_DATA_BFLOAT16;
    case DType::Float16: return CUDNN_DATA_HALF;
    case DType::Int64: return CUDNN_DATA_INT64;
    case DType::Int32: return CUDNN_DATA_INT32;
    default: return CUDNN_DATA_FLOAT;
    }
}

DnnArray DnnArray::packed(DType type, std::vector<std::int64_t> extents, bool isLast)
{
    DnnArray array{type, std::move(extents), {}};
    array.strides.resize(array.extents.size());
    std::int64_t stride = 1;
    const auto goOver = [&](std::size_t axis) {
        array.strides[axis] = stride;
        stride *= array.extents[axis];
    };
    if (isLast)
        goOver(1);
    for (std::size_t axis = array.extents.size(); axis-- > 0;) {
        if (axis != 1 || !isLast)
            goOver(axis);
    }
    return array;
}

std::size_t DnnArray::bytes() const
{
    std::int64_t last = 0;
    for (std::size_t axis = 0; axis < extents.size(); ++axis)
        last += (extents[axis] - 1) * strides[axis];
    return static_cast<std::size_t>(last + 1) * sizeOf(type);
}

int DnnGraph::add(const DnnArray& array, bool isVirtual)
{
    const auto number = static_cast<std::int64_t>(m_arrays.size());
    m_arrays.emplace_back(CUDNN_BACKEND_TENSOR_DESCRIPTOR)
        .set(CUDNN_ATTR_TENSOR_UNIQUE_ID, number)
        .set(CUDNN_ATTR_TENSOR_DATA_TYPE, dnnType(array.type))
        .set(CUDNN_ATTR_TENSOR_DIMENSIONS, std::span<const std::int64_t>(array.extents))
        .set(CUDNN_ATTR_TENSOR_STRIDES, std::span<const std::int64_t>(array.strides))
        .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, std::int64_t(16))
        .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, isVirtual)
        .finish();
    if (!isVirtual) {
        m_inMemory.push_back(number);
        m_bytesInMemory.push_back(array.bytes());
    }
    return static_cast<int>(number);
}

void DnnGraph::addPointwise(cudnnPointwiseMode_t mode, int x, int b, int y)
{
    DnnDescriptor how(CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    how.set(CUDNN_ATTR_POINTWISE_MODE, mode).set(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_DATA_FLOAT);
    if (mode == CUDNN_POINTWISE_RELU_FWD)
        how.set(CUDNN_ATTR_POINTWISE_NAN_PROPAGATION, CUDNN_PROPAGATE_NAN);
    how.finish();
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, keep(std::move(how)));
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, array(x));
    if (b >= 0)
        operation.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, array(b));
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, array(y)).finish();
    addOperation(std::move(operation));
}

std::unique_ptr<DnnDescriptor> DnnGraph::finish(const DnnTarget& target) const
{
    std::vector<cudnnBackendDescriptor_t> operations;
    for (const DnnDescriptor& operation : m_operations)
        operations.push_back(operation.get());
    auto graph = std::make_unique<DnnDescriptor>(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    graph->set(CUDNN_ATTR_OPERATIONGRAPH_OPS, std::span<const cudnnBackendDescriptor_t>(operations));
    if (target.handle)
        graph->set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, target.handle);
    return graph->tryFinish() ? std::move(graph) : nullptr;
}

} // namespace weft
