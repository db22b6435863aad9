#include "core/device/cuda/dnn_graph.h"

namespace weft {

namespace {

/// cuDNN's name of an array.
std::int64_t nameOf(int number)
{
    return number + 1;
}

std::size_t sizeOf(cudnnDataType_t type)
{
    switch (type) {
    case CUDNN_DATA_HALF:
    case CUDNN_DATA_BFLOAT16: return 2;
    case CUDNN_DATA_INT64: return 8;
    case CUDNN_DATA_BOOLEAN: return 1;
    default: return 4;
    }
}

} // namespace

cudnnDataType_t dnnType(DType type)
{
    switch (type) {
    case DType::BFloat16: return CUDNN_DATA_BFLOAT16;
    case DType::Float16: return CUDNN_DATA_HALF;
    default: return CUDNN_DATA_FLOAT;
    }
}

DnnArray DnnArray::packed(cudnnDataType_t type, std::vector<std::int64_t> extents, bool isLast)
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

int DnnGraph::add(const DnnArray& array, Kind kind)
{
    const int number = static_cast<int>(m_arrays.size());
    DnnDescriptor& added = m_arrays.emplace_back(CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    added.set(CUDNN_ATTR_TENSOR_UNIQUE_ID, nameOf(number)).set(CUDNN_ATTR_TENSOR_DATA_TYPE, array.type);
    added.set(CUDNN_ATTR_TENSOR_DIMENSIONS, std::span<const std::int64_t>(array.extents));
    added.set(CUDNN_ATTR_TENSOR_STRIDES, std::span<const std::int64_t>(array.strides));
    added.set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, std::int64_t(16)).set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, kind == Kind::Between);
    if (kind == Kind::Constant)
        added.set(CUDNN_ATTR_TENSOR_IS_BY_VALUE, true);
    added.finish();
    m_types.push_back(array.type);
    if (kind == Kind::InMemory) {
        m_inMemory.push_back(nameOf(number));
        m_bytesInMemory.push_back(array.bytes());
    }
    return number;
}

int DnnGraph::constant(float value)
{
    const int number = add(DnnArray::packed(CUDNN_DATA_FLOAT, {1, 1, 1, 1}), Kind::Constant);
    m_constantNames.push_back(nameOf(number));
    m_constants.push_back(value);
    return number;
}

std::vector<void*> DnnGraph::placesOfConstants() const
{
    std::vector<void*> places;
    for (const float& constant : m_constants)
        places.push_back(const_cast<float*>(&constant)); // It is read alone.
    return places;
}

void DnnGraph::set(DnnDescriptor& operation, cudnnBackendAttributeName_t name, int number) const
{
    if (number >= 0)
        operation.set(name, array(number));
}

void DnnGraph::addPointwise(const DnnPointwise& pointwise)
{
    const cudnnDataType_t type = m_types[static_cast<std::size_t>(pointwise.y)];
    const bool isFull = type == CUDNN_DATA_INT32 || type == CUDNN_DATA_BOOLEAN;
    DnnDescriptor how(CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    how.set(CUDNN_ATTR_POINTWISE_MODE, pointwise.mode).set(CUDNN_ATTR_POINTWISE_MATH_PREC, isFull ? type : CUDNN_DATA_FLOAT);
    if (pointwise.mode == CUDNN_POINTWISE_RELU_FWD)
        how.set(CUDNN_ATTR_POINTWISE_NAN_PROPAGATION, CUDNN_PROPAGATE_NAN);
    if (pointwise.axis >= 0)
        how.set(CUDNN_ATTR_POINTWISE_AXIS, pointwise.axis);
    how.finish();
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, keep(std::move(how)));
    set(operation, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, pointwise.x);
    set(operation, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, pointwise.b);
    set(operation, CUDNN_ATTR_OPERATION_POINTWISE_TDESC, pointwise.mask);
    set(operation, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, pointwise.y);
    addOperation(std::move(operation.finish()));
}

void DnnGraph::addProduct(const DnnProduct& product)
{
    DnnDescriptor how(CUDNN_BACKEND_MATMUL_DESCRIPTOR);
    how.set(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_DATA_FLOAT);
    if (product.columns >= 0)
        how.set(CUDNN_ATTR_MATMUL_PADDING_VALUE, 0.0);
    how.finish();
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_MATMUL_DESC, keep(std::move(how)));
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_ADESC, product.a);
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_BDESC, product.b);
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_CDESC, product.y);
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_M_OVERRIDE_DESC, product.rows);
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_N_OVERRIDE_DESC, product.columns);
    set(operation, CUDNN_ATTR_OPERATION_MATMUL_GEMM_K_OVERRIDE_DESC, product.depth);
    addOperation(std::move(operation.finish()));
}

void DnnGraph::addReduction(cudnnReduceTensorOp_t reduction, int x, int y)
{
    DnnDescriptor how(CUDNN_BACKEND_REDUCTION_DESCRIPTOR);
    how.set(CUDNN_ATTR_REDUCTION_OPERATOR, reduction).set(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_DATA_FLOAT).finish();
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_REDUCTION_DESC, keep(std::move(how)));
    set(operation, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, x);
    set(operation, CUDNN_ATTR_OPERATION_REDUCTION_YDESC, y);
    addOperation(std::move(operation.finish()));
}

void DnnGraph::addRandom(int seed, int offset, int y, double probability)
{
    DnnDescriptor how(CUDNN_BACKEND_RNG_DESCRIPTOR);
    how.set(CUDNN_ATTR_RNG_DISTRIBUTION, CUDNN_RNG_DISTRIBUTION_BERNOULLI).set(CUDNN_ATTR_RNG_BERNOULLI_DIST_PROBABILITY, probability).finish();
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_RNG_DESCRIPTOR);
    operation.set(CUDNN_ATTR_OPERATION_RNG_DESC, keep(std::move(how)));
    set(operation, CUDNN_ATTR_OPERATION_RNG_SEED, seed);
    set(operation, CUDNN_ATTR_OPERATION_RNG_OFFSET_DESC, offset);
    set(operation, CUDNN_ATTR_OPERATION_RNG_YDESC, y);
    addOperation(std::move(operation.finish()));
}

void DnnGraph::addReshape(int x, int y)
{
    DnnDescriptor operation(CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR);
    set(operation, CUDNN_ATTR_OPERATION_RESHAPE_XDESC, x);
    set(operation, CUDNN_ATTR_OPERATION_RESHAPE_YDESC, y);
    addOperation(std::move(operation.finish()));
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
