#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <cudnn.h>

#include "core/base/error.h"
#include "core/ops/conv/conv_library.h"

namespace weft {

inline void checkDnn(cudnnStatus_t status)
{
    if (status != CUDNN_STATUS_SUCCESS)
        throw Error(WEFT_TEXT("Cuda", "cuDNN refused a convolution: %1."), cudnnGetErrorString(status));
}

inline cudnnDataType_t dataType(DType type)
{
    return type == DType::BFloat16 ? CUDNN_DATA_BFLOAT16 : type == DType::Float16 ? CUDNN_DATA_HALF : CUDNN_DATA_FLOAT;
}

/// How cuDNN is told of a bias for each filter, and of what stands behind it.
class EndingDescriptions {
public:
    EndingDescriptions(DType type, std::int64_t filters, int rank, bool relu)
    {
        checkDnn(cudnnCreateTensorDescriptor(&bias));
        checkDnn(cudnnCreateActivationDescriptor(&activation));
        std::vector<int> extents(static_cast<std::size_t>(rank), 1), strides(static_cast<std::size_t>(rank), 1);
        extents[1] = strides[0] = static_cast<int>(filters);
        checkDnn(cudnnSetTensorNdDescriptor(bias, dataType(type), rank, extents.data(), strides.data()));
        const cudnnActivationMode_t mode = relu ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_IDENTITY;
        checkDnn(cudnnSetActivationDescriptor(activation, mode, CUDNN_PROPAGATE_NAN, 0.0));
    }
    ~EndingDescriptions()
    {
        cudnnDestroyTensorDescriptor(bias);
        cudnnDestroyActivationDescriptor(activation);
    }
    EndingDescriptions(const EndingDescriptions&) = delete;
    EndingDescriptions& operator=(const EndingDescriptions&) = delete;

    cudnnTensorDescriptor_t bias = nullptr;
    cudnnActivationDescriptor_t activation = nullptr;
};

/// How cuDNN is told of x, kernel, y and the convolution itself, which adds up in float32.
class ConvDescriptions {
public:
    ConvDescriptions(const ConvSizes& s, const ConvStorage& storage) :
        m_axes(axesOf(s)), m_isLast(storage.layout == Layout::ChannelsLast), m_type(dataType(storage.type))
    {
        checkDnn(cudnnCreateTensorDescriptor(&x));
        checkDnn(cudnnCreateTensorDescriptor(&y));
        checkDnn(cudnnCreateFilterDescriptor(&kernel));
        checkDnn(cudnnCreateConvolutionDescriptor(&conv));
        setTensor(x, s.samples, s.channels, s.in);
        setTensor(y, s.samples, s.filters, s.out);
        // The extents of a kernel are in logical order in both formats.
        std::vector<int> extents{static_cast<int>(s.filters), static_cast<int>(s.channels / s.groups)};
        const std::vector<int> taps = spatial(s.kernel), pad = spatial(s.pad), strides = spatial(s.strides), dilations = spatial(s.dilations);
        extents.insert(extents.end(), taps.begin(), taps.end());
        const cudnnTensorFormat_t format = m_isLast ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
        checkDnn(cudnnSetFilterNdDescriptor(kernel, m_type, format, m_axes + 2, extents.data()));
        checkDnn(
            cudnnSetConvolutionNdDescriptor(conv, m_axes, pad.data(), strides.data(), dilations.data(), CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
        checkDnn(cudnnSetConvolutionGroupCount(conv, static_cast<int>(s.groups)));
    }
    ~ConvDescriptions()
    {
        cudnnDestroyTensorDescriptor(x);
        cudnnDestroyTensorDescriptor(y);
        cudnnDestroyFilterDescriptor(kernel);
        cudnnDestroyConvolutionDescriptor(conv);
    }
    ConvDescriptions(const ConvDescriptions&) = delete;
    ConvDescriptions& operator=(const ConvDescriptions&) = delete;

    cudnnTensorDescriptor_t x = nullptr, y = nullptr;
    cudnnFilterDescriptor_t kernel = nullptr;
    cudnnConvolutionDescriptor_t conv = nullptr;
    int rank() const { return m_axes + 2; }

private:
    /// Plain pictures go by two axes, which more algorithms know.
    static int axesOf(const ConvSizes& s) { return s.in[0] == 1 && s.kernel[0] == 1 && s.pad[0] == 0 && s.out[0] == 1 ? 2 : 3; }

    std::vector<int> spatial(const ConvSizes::Triple& triple) const
    {
        std::vector<int> values;
        for (int axis = 3 - m_axes; axis < 3; ++axis)
            values.push_back(static_cast<int>(triple[static_cast<std::size_t>(axis)]));
        return values;
    }

    void setTensor(cudnnTensorDescriptor_t tensor, std::int64_t samples, std::int64_t channels, const ConvSizes::Triple& area) const
    {
        std::vector<int> extents{static_cast<int>(samples), static_cast<int>(channels)};
        const std::vector<int> positions = spatial(area);
        extents.insert(extents.end(), positions.begin(), positions.end());
        std::vector<int> strides(extents.size());
        int stride = 1;
        const auto goOver = [&](std::size_t axis) {
            strides[axis] = stride;
            stride *= extents[axis];
        };
        if (m_isLast)
            goOver(1);
        for (std::size_t axis = extents.size(); axis-- > 0;) {
            if (axis != 1 || !m_isLast)
                goOver(axis);
        }
        checkDnn(cudnnSetTensorNdDescriptor(tensor, m_type, static_cast<int>(extents.size()), extents.data(), strides.data()));
    }

    int m_axes;
    bool m_isLast;
    cudnnDataType_t m_type;
};

} // namespace weft
