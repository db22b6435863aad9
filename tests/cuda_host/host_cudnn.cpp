// cuDNN's convolutions on the host, as strictly as we know it of the real one: kernel and arrays in one format, an algorithm
// with the workspace that it asked for, and only the rounding that the description allows.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <cudnn.h>

#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_recording.h"
#include "tests/cuda_host/rounding.h"

using namespace weft;

namespace {

using Axes = std::array<std::int64_t, 5>; ///< samples or filters, channels, three positions; missing ones have extent 1

/// Extents and strides of an array, and what its numbers are stored as.
struct Described {
    Axes extents{1, 1, 1, 1, 1}, strides{};
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    std::int64_t at(std::int64_t n, std::int64_t c, const std::array<std::int64_t, 3>& p) const
    {
        return n * strides[0] + c * strides[1] + p[0] * strides[2] + p[1] * strides[3] + p[2] * strides[4];
    }
    bool isLast() const { return extents[1] == 1 || strides[1] == 1; }
    bool isPlanes() const { return strides[4] == 1 || extents[4] == 1; }
};

} // namespace

struct HostDnn {};
struct HostDnnTensor : Described {};
struct HostDnnFilter : Described {
    cudnnTensorFormat_t format = CUDNN_TENSOR_NCHW;
};
struct HostDnnConvolution {
    std::array<std::int64_t, 3> pad{}, strides{1, 1, 1}, dilations{1, 1, 1};
    std::int64_t groups = 1;
    cudnnMathType_t math = CUDNN_DEFAULT_MATH;
};
struct HostDnnActivation {
    cudnnActivationMode_t mode = CUDNN_ACTIVATION_IDENTITY;
};

namespace {

std::size_t axisOf(int i, int rank)
{
    return static_cast<std::size_t>(i < 2 ? i : i + 5 - rank);
}

Precision precisionOf(cudnnMathType_t math)
{
    switch (math) {
    case CUDNN_FMA_MATH: return Precision::Float32;
    case CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION: return Precision::Float16;
    default: return Precision::Tf32;
    }
}

float numberIn(const void* data, cudnnDataType_t type, std::int64_t i)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: return static_cast<const BFloat16*>(data)[i];
    case CUDNN_DATA_HALF: return static_cast<const Float16*>(data)[i];
    case CUDNN_DATA_FLOAT: break;
    }
    return static_cast<const float*>(data)[i];
}

void putNumber(void* data, cudnnDataType_t type, std::int64_t i, float number)
{
    switch (type) {
    case CUDNN_DATA_BFLOAT16: static_cast<BFloat16*>(data)[i] = BFloat16(number); return;
    case CUDNN_DATA_HALF: static_cast<Float16*>(data)[i] = Float16(number); return;
    case CUDNN_DATA_FLOAT: static_cast<float*>(data)[i] = number; return;
    }
}

/// Calls visit(place in x, place in the kernel, place in y) for every product.
template <class Visit> void forEachProduct(const Described& x, const Described& w, const HostDnnConvolution& conv, const Described& y, Visit visit)
{
    const std::int64_t outGroup = y.extents[1] / conv.groups;
    std::array<std::int64_t, 3> p{}, k{}, q{};
    const auto seen = [&] {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            q[axis] = p[axis] * conv.strides[axis] - conv.pad[axis] + k[axis] * conv.dilations[axis];
            if (q[axis] < 0 || q[axis] >= x.extents[axis + 2])
                return false;
        }
        return true;
    };
    const auto forPositions = [](std::array<std::int64_t, 3>& i, const Axes& extents, const auto& body) {
        for (i[0] = 0; i[0] < extents[2]; ++i[0])
            for (i[1] = 0; i[1] < extents[3]; ++i[1])
                for (i[2] = 0; i[2] < extents[4]; ++i[2])
                    body();
    };
    for (std::int64_t n = 0; n < y.extents[0]; ++n) {
        for (std::int64_t filter = 0; filter < y.extents[1]; ++filter) {
            const std::int64_t first = filter / outGroup * w.extents[1];
            forPositions(p, y.extents, [&] {
                forPositions(k, w.extents, [&] {
                    for (std::int64_t c = 0; seen() && c < w.extents[1]; ++c)
                        visit(x.at(n, first + c, q), w.at(filter, c, k), y.at(n, filter, p));
                });
            });
        }
    }
}

std::int64_t countOf(const Described& d)
{
    return d.extents[0] * d.extents[1] * d.extents[2] * d.extents[3] * d.extents[4];
}

/// Sums the products of two of the arrays at the places of the third.
template <class Places> void enqueue(const Described& x, const Described& w, const HostDnnConvolution& conv, const Described& y, const void* a,
                                     const void* b, void* to, std::int64_t count, Places places)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        const Precision precision = x.type == CUDNN_DATA_FLOAT ? precisionOf(conv.math) : Precision::Float32; // 16 bits are rounded already
        std::vector<double> sums(static_cast<std::size_t>(count));
        forEachProduct(x, w, conv, y, [&](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
            const auto [first, second, result] = places(inX, inW, inY);
            sums[static_cast<std::size_t>(result)] += static_cast<double>(roundedFactor(numberIn(a, x.type, first), precision))
                * static_cast<double>(roundedFactor(numberIn(b, x.type, second), precision));
        });
        for (std::int64_t i = 0; i < count; ++i)
            putNumber(to, x.type, i, static_cast<float>(sums[static_cast<std::size_t>(i)]));
    });
}

/// In NHWC all arrays have their channels last, in NCHW none; all are stored alike, and those of 16 bits need tensor cores.
cudnnStatus_t fit(const HostDnnTensor& x, const HostDnnFilter& w, const HostDnnTensor& y, const HostDnnConvolution& conv)
{
    if (x.type != w.type || x.type != y.type || (x.type != CUDNN_DATA_FLOAT && conv.math == CUDNN_FMA_MATH))
        return CUDNN_STATUS_BAD_PARAM;
    const bool isLast = w.format == CUDNN_TENSOR_NHWC;
    const bool isOne = isLast ? x.isLast() && y.isLast() : x.isPlanes() && y.isPlanes();
    return isOne ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED;
}

// Of each pass the odd algorithms repeat to the bit. Static rules propose all from the first on, measurement finds the last to
// be the fastest.

bool isSteady(int algorithm)
{
    return algorithm % 2 == 1;
}

std::size_t scratchOf(int algorithm)
{
    return 64 * static_cast<std::size_t>(algorithm);
}

template <class Algorithm> cudnnStatus_t listed(int algorithms, bool isMeasured, const HostDnnConvolution& conv, cudnnStatus_t fits, int most,
                                                int* count, HostDnnPerformance<Algorithm>* all)
{
    *count = 0;
    if (std::getenv("WEFT_TEST_WITHOUT_CUDNN"))
        return CUDNN_STATUS_SUCCESS;
    for (int i = 0; i < algorithms; ++i) {
        const int number = isMeasured ? algorithms - 1 - i : i;
        // The fastest round most, wherever the description stands.
        for (const cudnnMathType_t math : {CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION, conv.math}) {
            if (*count < most)
                all[(*count)++] = {static_cast<Algorithm>(number), fits, scratchOf(number),
                                   isSteady(number) ? CUDNN_DETERMINISTIC : CUDNN_NON_DETERMINISTIC, math};
        }
    }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t mayRun(int algorithm, cudnnStatus_t fits, void* scratch, std::size_t bytes)
{
    if (fits != CUDNN_STATUS_SUCCESS || !isSteady(algorithm) || bytes < scratchOf(algorithm))
        return CUDNN_STATUS_BAD_PARAM;
    submitOnHost([=] {
        const OpenCardMemory open;
        if (bytes > 0)
            std::memset(scratch, 0xff, bytes);
    });
    return CUDNN_STATUS_SUCCESS;
}

struct Three {
    std::int64_t first, second, result;
};

} // namespace

std::size_t cudnnGetVersion()
{
    return 0;
}
const char* cudnnGetErrorString(cudnnStatus_t status)
{
    return status == CUDNN_STATUS_NOT_SUPPORTED ? "not supported" : "a bad parameter";
}
cudnnStatus_t cudnnCreate(cudnnHandle_t* handle)
{
    static HostDnn one;
    *handle = &one;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetStream(cudnnHandle_t, cudaStream_t stream)
{
    return stream ? CUDNN_STATUS_BAD_PARAM : CUDNN_STATUS_SUCCESS; // Kernels have the null stream.
}

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor)
{
    *tensor = new HostDnnTensor;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor)
{
    delete tensor;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t tensor, cudnnDataType_t type, int rank, const int* extents, const int* strides)
{
    if (rank < 4 || rank > 5)
        return CUDNN_STATUS_BAD_PARAM;
    tensor->type = type;
    for (int i = 0; i < rank; ++i) {
        tensor->extents[axisOf(i, rank)] = extents[i];
        tensor->strides[axisOf(i, rank)] = strides[i];
    }
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter)
{
    *filter = new HostDnnFilter;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter)
{
    delete filter;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetFilterNdDescriptor(cudnnFilterDescriptor_t filter, cudnnDataType_t type, cudnnTensorFormat_t format, int rank,
                                         const int* extents)
{
    if (rank < 4 || rank > 5)
        return CUDNN_STATUS_BAD_PARAM;
    for (int i = 0; i < rank; ++i)
        filter->extents[axisOf(i, rank)] = extents[i];
    filter->format = format;
    filter->type = type;
    constexpr std::array<std::size_t, 5> planes{4, 3, 2, 1, 0}, last{1, 4, 3, 2, 0};
    std::int64_t stride = 1;
    for (const std::size_t axis : format == CUDNN_TENSOR_NHWC ? last : planes) {
        filter->strides[axis] = stride;
        stride *= filter->extents[axis];
    }
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnCreateActivationDescriptor(cudnnActivationDescriptor_t* activation)
{
    *activation = new HostDnnActivation;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnDestroyActivationDescriptor(cudnnActivationDescriptor_t activation)
{
    delete activation;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetActivationDescriptor(cudnnActivationDescriptor_t activation, cudnnActivationMode_t mode, cudnnNanPropagation_t nan, double)
{
    activation->mode = mode;
    return nan == CUDNN_PROPAGATE_NAN ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_BAD_PARAM;
}
cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* convolution)
{
    *convolution = new HostDnnConvolution;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t convolution)
{
    delete convolution;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolutionNdDescriptor(cudnnConvolutionDescriptor_t convolution, int axes, const int* pad, const int* strides,
                                              const int* dilations, cudnnConvolutionMode_t mode, cudnnDataType_t type)
{
    if (mode != CUDNN_CROSS_CORRELATION || type != CUDNN_DATA_FLOAT || axes < 2 || axes > 3)
        return CUDNN_STATUS_BAD_PARAM;
    for (int i = 0; i < axes; ++i) {
        const auto axis = static_cast<std::size_t>(3 - axes + i);
        convolution->pad[axis] = pad[i];
        convolution->strides[axis] = strides[i];
        convolution->dilations[axis] = dilations[i];
    }
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t convolution, int groups)
{
    convolution->groups = groups;
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t convolution, cudnnMathType_t math)
{
    convolution->math = math;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                                     cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int most, int* count,
                                                     cudnnConvolutionFwdAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_FWD_ALGO_COUNT, false, *conv, fit(*x, *w, *y, *conv), most, count, all);
}
cudnnStatus_t cudnnFindConvolutionForwardAlgorithm(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                                   cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int most, int* count,
                                                   cudnnConvolutionFwdAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_FWD_ALGO_COUNT, true, *conv, fit(*x, *w, *y, *conv), most, count, all);
}
cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                                                      cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y,
                                                      cudnnConvolutionFwdAlgo_t algorithm, std::size_t* bytes)
{
    *bytes = scratchOf(algorithm);
    return fit(*x, *w, *y, *conv);
}
cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t, const void*, cudnnTensorDescriptor_t x, const void* xData, cudnnFilterDescriptor_t w,
                                      const void* wData, cudnnConvolutionDescriptor_t conv, cudnnConvolutionFwdAlgo_t algorithm, void* scratch,
                                      std::size_t bytes, const void*, cudnnTensorDescriptor_t y, void* yData)
{
    if (const cudnnStatus_t refused = mayRun(algorithm, fit(*x, *w, *y, *conv), scratch, bytes); refused != CUDNN_STATUS_SUCCESS)
        return refused;
    enqueue(*x, *w, *conv, *y, xData, wData, yData, countOf(*y), [](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
        return Three{inX, inW, inY};
    });
    return CUDNN_STATUS_SUCCESS;
}
/// Three axes it does not know with an ending.
cudnnStatus_t cudnnConvolutionBiasActivationForward(cudnnHandle_t handle, const void* alpha1, cudnnTensorDescriptor_t x, const void* xData,
                                                    cudnnFilterDescriptor_t w, const void* wData, cudnnConvolutionDescriptor_t conv,
                                                    cudnnConvolutionFwdAlgo_t algorithm, void* scratch, std::size_t bytes, const void* alpha2,
                                                    cudnnTensorDescriptor_t z, const void* zData, cudnnTensorDescriptor_t bias, const void* biasData,
                                                    cudnnActivationDescriptor_t activation, cudnnTensorDescriptor_t y, void* yData)
{
    const bool isIdentity = activation->mode == CUDNN_ACTIVATION_IDENTITY;
    if (x->extents[2] > 1 || (isIdentity && algorithm != CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM))
        return CUDNN_STATUS_NOT_SUPPORTED;
    if (z != y || zData != yData || *static_cast<const float*>(alpha2) != 0.0f || bias->extents[1] != y->extents[1] || countOf(*bias) != y->extents[1]
        || bias->type != y->type)
        return CUDNN_STATUS_BAD_PARAM;
    const cudnnStatus_t status = cudnnConvolutionForward(handle, alpha1, x, xData, w, wData, conv, algorithm, scratch, bytes, alpha2, y, yData);
    if (status != CUDNN_STATUS_SUCCESS)
        return status;
    submitOnHost([described = Described(*y), isIdentity, biasData, yData] {
        const OpenCardMemory open;
        for (std::int64_t i = 0; i < countOf(described); ++i) {
            const float value
                = numberIn(yData, described.type, i) + numberIn(biasData, described.type, i / described.strides[1] % described.extents[1]);
            putNumber(yData, described.type, i, !isIdentity && value < 0.0f ? 0.0f : value);
        }
    });
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t, cudnnFilterDescriptor_t w, cudnnTensorDescriptor_t dy,
                                                          cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t dx, int most, int* count,
                                                          cudnnConvolutionBwdDataAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT, false, *conv, fit(*dx, *w, *dy, *conv), most, count, all);
}
cudnnStatus_t cudnnFindConvolutionBackwardDataAlgorithm(cudnnHandle_t, cudnnFilterDescriptor_t w, cudnnTensorDescriptor_t dy,
                                                        cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t dx, int most, int* count,
                                                        cudnnConvolutionBwdDataAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT, true, *conv, fit(*dx, *w, *dy, *conv), most, count, all);
}
cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t, cudnnFilterDescriptor_t w, cudnnTensorDescriptor_t dy,
                                                           cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t dx,
                                                           cudnnConvolutionBwdDataAlgo_t algorithm, std::size_t* bytes)
{
    *bytes = scratchOf(algorithm);
    return fit(*dx, *w, *dy, *conv);
}
cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t, const void*, cudnnFilterDescriptor_t w, const void* wData, cudnnTensorDescriptor_t dy,
                                           const void* dyData, cudnnConvolutionDescriptor_t conv, cudnnConvolutionBwdDataAlgo_t algorithm,
                                           void* scratch, std::size_t bytes, const void*, cudnnTensorDescriptor_t dx, void* dxData)
{
    if (const cudnnStatus_t refused = mayRun(algorithm, fit(*dx, *w, *dy, *conv), scratch, bytes); refused != CUDNN_STATUS_SUCCESS)
        return refused;
    enqueue(*dx, *w, *conv, *dy, wData, dyData, dxData, countOf(*dx), [](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
        return Three{inW, inY, inX};
    });
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnTensorDescriptor_t dy,
                                                            cudnnConvolutionDescriptor_t conv, cudnnFilterDescriptor_t dw, int most, int* count,
                                                            cudnnConvolutionBwdFilterAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT, false, *conv, fit(*x, *dw, *dy, *conv), most, count, all);
}
cudnnStatus_t cudnnFindConvolutionBackwardFilterAlgorithm(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnTensorDescriptor_t dy,
                                                          cudnnConvolutionDescriptor_t conv, cudnnFilterDescriptor_t dw, int most, int* count,
                                                          cudnnConvolutionBwdFilterAlgoPerf_t* all)
{
    return listed(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT, true, *conv, fit(*x, *dw, *dy, *conv), most, count, all);
}
cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t, cudnnTensorDescriptor_t x, cudnnTensorDescriptor_t dy,
                                                             cudnnConvolutionDescriptor_t conv, cudnnFilterDescriptor_t dw,
                                                             cudnnConvolutionBwdFilterAlgo_t algorithm, std::size_t* bytes)
{
    *bytes = scratchOf(algorithm);
    return fit(*x, *dw, *dy, *conv);
}
cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t, const void*, cudnnTensorDescriptor_t x, const void* xData, cudnnTensorDescriptor_t dy,
                                             const void* dyData, cudnnConvolutionDescriptor_t conv, cudnnConvolutionBwdFilterAlgo_t algorithm,
                                             void* scratch, std::size_t bytes, const void*, cudnnFilterDescriptor_t dw, void* dwData)
{
    if (const cudnnStatus_t refused = mayRun(algorithm, fit(*x, *dw, *dy, *conv), scratch, bytes); refused != CUDNN_STATUS_SUCCESS)
        return refused;
    enqueue(*x, *dw, *conv, *dy, xData, dyData, dwData, countOf(*dw), [](std::int64_t inX, std::int64_t inW, std::int64_t inY) {
        return Three{inX, inY, inW};
    });
    return CUDNN_STATUS_SUCCESS;
}
