#include "core/ops/conv/conv_graph.h"

#include <algorithm>

namespace weft {

namespace {

/// How cuDNN calls the parts of a pass.
struct PassNames {
    cudnnBackendDescriptorType_t operation;
    cudnnBackendAttributeName_t alpha, beta, how, x, kernel, y;
};

PassNames namesOf(ConvPass pass)
{
    switch (pass) {
    case ConvPass::Forward:
        return {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
    case ConvPass::InputGradient:
        return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
    case ConvPass::KernelGradient: break;
    }
    return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
}

/// What the op pads behind the last position; less where that changes nothing.
ConvSizes::Triple padEnd(const ConvSizes& s)
{
    ConvSizes::Triple pad{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::int64_t seen = (s.out[axis] - 1) * s.strides[axis] + (s.kernel[axis] - 1) * s.dilations[axis] + 1;
        pad[axis] = std::max<std::int64_t>(0, seen - s.in[axis] - s.pad[axis]);
        // Alike at both ends where that may be: more of cuDNN's kernels know it.
        if (pad[axis] < s.pad[axis] && s.pad[axis] - pad[axis] < s.strides[axis]
            && (s.in[axis] + 2 * s.pad[axis] - (s.kernel[axis] - 1) * s.dilations[axis] - 1) / s.strides[axis] + 1 == s.out[axis])
            pad[axis] = s.pad[axis];
    }
    return pad;
}

/// Adds arrays and operations to a graph. Plain pictures go by two axes, which more of cuDNN's kernels know.
class Builder {
public:
    Builder(const ConvSizes& sizes, const ConvStorage& storage) :
        m_sizes(sizes), m_storage(storage), m_axes(sizes.in[0] == 1 && sizes.kernel[0] == 1 && sizes.pad[0] == 0 && sizes.out[0] == 1 ? 2 : 3)
    {
    }

    DnnGraph forward(const ConvEnding& ending)
    {
        const int x = m_graph.inMemory(arrayOfX()), kernel = m_graph.inMemory(arrayOfKernel());
        const int bias = ending.hasBias ? m_graph.inMemory(array(1, m_sizes.filters, {1, 1, 1})) : -1;
        const int addend = ending.hasAddend ? m_graph.inMemory(arrayOfY()) : -1;
        const int y = m_graph.inMemory(arrayOfY());
        const int whole = ending.relu ? between() : y, added = ending.hasBias ? between() : whole, sums = ending.hasAddend ? between() : added;
        convolve(ConvPass::Forward, x, kernel, sums);
        if (ending.hasAddend) // before the bias: cuDNN knows no other order
            m_graph.addPointwise({.mode = CUDNN_POINTWISE_ADD, .x = sums, .b = addend, .y = added});
        if (ending.hasBias)
            m_graph.addPointwise({.mode = CUDNN_POINTWISE_ADD, .x = added, .b = bias, .y = whole});
        if (ending.relu)
            m_graph.addPointwise({.mode = CUDNN_POINTWISE_RELU_FWD, .x = whole, .y = y});
        return std::move(m_graph);
    }
    DnnGraph inputGradient()
    {
        const int dy = m_graph.inMemory(arrayOfY()), kernel = m_graph.inMemory(arrayOfKernel()), dx = m_graph.inMemory(arrayOfX());
        convolve(ConvPass::InputGradient, dx, kernel, dy);
        return std::move(m_graph);
    }
    DnnGraph kernelGradient()
    {
        const int x = m_graph.inMemory(arrayOfX()), dy = m_graph.inMemory(arrayOfY()), dKernel = m_graph.inMemory(arrayOfKernel());
        convolve(ConvPass::KernelGradient, x, dKernel, dy);
        return std::move(m_graph);
    }

private:
    DnnArray array(std::int64_t first, std::int64_t channels, const ConvSizes::Triple& positions) const
    {
        std::vector<std::int64_t> extents{first, channels};
        extents.insert(extents.end(), positions.end() - m_axes, positions.end());
        return DnnArray::packed(dnnType(m_storage.type), std::move(extents), m_storage.layout == Layout::ChannelsLast);
    }
    DnnArray arrayOfX() const { return array(m_sizes.samples, m_sizes.channels, m_sizes.in); }
    DnnArray arrayOfY() const { return array(m_sizes.samples, m_sizes.filters, m_sizes.out); }
    /// Its channels are those of a group: so cuDNN knows how many there are.
    DnnArray arrayOfKernel() const { return array(m_sizes.filters, m_sizes.channels / m_sizes.groups, m_sizes.kernel); }

    /// y on its way, in float32.
    int between()
    {
        DnnArray sums = arrayOfY();
        sums.type = CUDNN_DATA_FLOAT;
        return m_graph.between(sums);
    }

    void convolve(ConvPass pass, int x, int kernel, int y)
    {
        const PassNames names = namesOf(pass);
        DnnDescriptor operation(names.operation);
        operation.set(names.alpha, 1.0).set(names.beta, 0.0).set(names.how, m_graph.keep(describe()));
        operation.set(names.x, m_graph.array(x)).set(names.kernel, m_graph.array(kernel)).set(names.y, m_graph.array(y)).finish();
        m_graph.addOperation(std::move(operation));
    }

    DnnDescriptor describe() const
    {
        DnnDescriptor how(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
        how.set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT).set(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_CROSS_CORRELATION);
        how.set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, static_cast<std::int64_t>(m_axes));
        const auto tell = [&](cudnnBackendAttributeName_t name, const ConvSizes::Triple& triple) {
            how.set(name, std::span<const std::int64_t>(triple.end() - m_axes, triple.end()));
        };
        tell(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, m_sizes.strides);
        tell(CUDNN_ATTR_CONVOLUTION_DILATIONS, m_sizes.dilations);
        tell(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, m_sizes.pad);
        tell(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, padEnd(m_sizes));
        how.finish();
        return how;
    }

    ConvSizes m_sizes;
    ConvStorage m_storage;
    int m_axes;
    DnnGraph m_graph;
};

} // namespace

DnnGraph convGraph(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending)
{
    Builder builder(sizes, storage);
    switch (pass) {
    case ConvPass::Forward: return builder.forward(ending);
    case ConvPass::InputGradient: return builder.inputGradient();
    case ConvPass::KernelGradient: break;
    }
    return builder.kernelGradient();
}

DnnRules convRules(const ConvStorage& storage)
{
    DnnRules rules;
    rules.mayRound = storage.type != DType::Float32 || storage.precision != Precision::Float32;
    rules.mayConvert = storage.type == DType::Float32 && storage.precision == Precision::Float16;
    return rules;
}

} // namespace weft
