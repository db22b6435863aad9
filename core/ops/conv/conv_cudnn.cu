#include "core/ops/conv/conv_library.h"

#include <map>

#include <cuda_runtime.h>
#include <cudnn.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/queue.h"

namespace weft {

namespace {

/// A workspace may take no more than this.
constexpr std::size_t mostScratch = std::size_t(1) << 30;

void checkDnn(cudnnStatus_t status)
{
    if (status != CUDNN_STATUS_SUCCESS)
        throw Error(WEFT_TEXT("Cuda", "cuDNN refused a convolution: %1."), cudnnGetErrorString(status));
}

/// The handle of this thread for the card at hand; one is made for each card that is used.
cudnnHandle_t handleOfCard()
{
    thread_local std::map<int, cudnnHandle_t> handles;
    int card = 0;
    checkCuda(cudaGetDevice(&card), "to be named");
    cudnnHandle_t& handle = handles[card];
    if (!handle)
        checkDnn(cudnnCreate(&handle));
    return handle;
}

/// How factors may be rounded on their way to the tensor cores. By default they become TF32, whose 10 bits behind the point are
/// finer than bfloat16's 7; full float32 has to be asked for, and float16 to be allowed.
cudnnMathType_t mathType(Precision precision)
{
    switch (precision) {
    case Precision::Tf32:
    case Precision::BFloat16: return CUDNN_DEFAULT_MATH;
    case Precision::Float16: return CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
    case Precision::Float32: break;
    }
    return CUDNN_FMA_MATH;
}

/// What both ends pad alike.
std::int64_t symmetricExtent(const ConvSizes& s, std::size_t axis)
{
    return (s.in[axis] + 2 * s.pad[axis] - (s.kernel[axis] - 1) * s.dilations[axis] - 1) / s.strides[axis] + 1;
}

/// Descriptions of x, kernel, y and the convolution itself, in three spatial axes.
class Descriptions {
public:
    Descriptions(const ConvSizes& s, Precision precision)
    {
        checkDnn(cudnnCreateTensorDescriptor(&x));
        checkDnn(cudnnCreateTensorDescriptor(&y));
        checkDnn(cudnnCreateFilterDescriptor(&kernel));
        checkDnn(cudnnCreateConvolutionDescriptor(&conv));
        // Plain pictures go by two axes, which more algorithms know.
        const int axes = axesOf(s);
        setTensor(x, s.samples, s.channels, s.in, axes);
        setTensor(y, s.samples, s.filters, s.out, axes);
        const auto of = [&](const ConvSizes::Triple& triple) {
            std::array<int, 3> values{};
            for (int i = 0; i < axes; ++i)
                values[static_cast<std::size_t>(i)] = static_cast<int>(triple[static_cast<std::size_t>(3 - axes + i)]);
            return values;
        };
        std::array<int, 5> extents{static_cast<int>(s.filters), static_cast<int>(s.channels / s.groups)};
        const std::array<int, 3> taps = of(s.kernel), pad = of(s.pad), strides = of(s.strides), dilations = of(s.dilations);
        std::copy_n(taps.begin(), axes, extents.begin() + 2);
        checkDnn(cudnnSetFilterNdDescriptor(kernel, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, axes + 2, extents.data()));
        checkDnn(cudnnSetConvolutionNdDescriptor(conv, axes, pad.data(), strides.data(), dilations.data(), CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT));
        checkDnn(cudnnSetConvolutionGroupCount(conv, static_cast<int>(s.groups)));
        checkDnn(cudnnSetConvolutionMathType(conv, mathType(precision)));
    }
    ~Descriptions()
    {
        cudnnDestroyTensorDescriptor(x);
        cudnnDestroyTensorDescriptor(y);
        cudnnDestroyFilterDescriptor(kernel);
        cudnnDestroyConvolutionDescriptor(conv);
    }
    Descriptions(const Descriptions&) = delete;
    Descriptions& operator=(const Descriptions&) = delete;

    cudnnTensorDescriptor_t x = nullptr, y = nullptr;
    cudnnFilterDescriptor_t kernel = nullptr;
    cudnnConvolutionDescriptor_t conv = nullptr;

private:
    static int axesOf(const ConvSizes& s) { return s.in[0] == 1 && s.kernel[0] == 1 && s.pad[0] == 0 && s.out[0] == 1 ? 2 : 3; }

    static void setTensor(cudnnTensorDescriptor_t tensor, std::int64_t samples, std::int64_t channels, const ConvSizes::Triple& area, int axes)
    {
        std::vector<int> extents{static_cast<int>(samples), static_cast<int>(channels)};
        for (std::size_t axis = static_cast<std::size_t>(3 - axes); axis < 3; ++axis)
            extents.push_back(static_cast<int>(area[axis]));
        std::vector<int> strides(extents.size());
        int stride = 1;
        for (std::size_t i = extents.size(); i-- > 0;) {
            strides[i] = stride;
            stride *= extents[i];
        }
        checkDnn(cudnnSetTensorNdDescriptor(tensor, CUDNN_DATA_FLOAT, static_cast<int>(extents.size()), extents.data(), strides.data()));
    }
};

/// The first of cuDNN's proposals, fastest first by its own static rules, that gives the same bits in each run.
template <class Performance, class Algorithm> bool choose(const std::vector<Performance>& proposals, Algorithm& algorithm, std::size_t& scratch)
{
    for (const Performance& one : proposals) {
        if (one.status != CUDNN_STATUS_SUCCESS || one.determinism != CUDNN_DETERMINISTIC || one.memory > mostScratch)
            continue;
        algorithm = one.algo;
        scratch = one.memory;
        return true;
    }
    return false;
}

template <class Performance, class Ask> std::vector<Performance> proposals(Ask ask)
{
    std::vector<Performance> all(8);
    int count = 0;
    checkDnn(ask(static_cast<int>(all.size()), &count, all.data()));
    all.resize(static_cast<std::size_t>(count));
    return all;
}

class ConvKernel : public Kernel {
public:
    ConvKernel(ConvPass pass, const ConvSizes& sizes, Precision precision) : m_pass(pass), m_d(sizes, precision) {}

    /// False where cuDNN has nothing that repeats to the bit.
    bool chooseAlgorithm()
    {
        const cudnnHandle_t handle = handleOfCard();
        switch (m_pass) {
        case ConvPass::Forward:
            return choose(proposals<cudnnConvolutionFwdAlgoPerf_t>([&](int most, int* count, cudnnConvolutionFwdAlgoPerf_t* all) {
                              return cudnnGetConvolutionForwardAlgorithm_v7(handle, m_d.x, m_d.kernel, m_d.conv, m_d.y, most, count, all);
                          }),
                          m_forward, m_scratch);
        case ConvPass::InputGradient:
            return choose(proposals<cudnnConvolutionBwdDataAlgoPerf_t>([&](int most, int* count, cudnnConvolutionBwdDataAlgoPerf_t* all) {
                              return cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, m_d.kernel, m_d.y, m_d.conv, m_d.x, most, count, all);
                          }),
                          m_ofInput, m_scratch);
        case ConvPass::KernelGradient:
            return choose(proposals<cudnnConvolutionBwdFilterAlgoPerf_t>([&](int most, int* count, cudnnConvolutionBwdFilterAlgoPerf_t* all) {
                              return cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, m_d.x, m_d.y, m_d.conv, m_d.kernel, most, count, all);
                          }),
                          m_ofKernel, m_scratch);
        }
        return false;
    }

    std::size_t scratchBytes() const override { return m_scratch; }

    void run(const KernelContext& context) override
    {
        const cudnnHandle_t handle = handleOfCard();
        checkDnn(cudnnSetStream(handle, static_cast<cudaStream_t>(queueOf(context).stream)));
        const float one = 1.0f, zero = 0.0f;
        const void *first = context.inputs[0].data, *second = context.inputs[1].data;
        void* to = context.outputs[0].data;
        switch (m_pass) {
        case ConvPass::Forward:
            checkDnn(cudnnConvolutionForward(handle, &one, m_d.x, first, m_d.kernel, second, m_d.conv, m_forward, context.scratch, m_scratch, &zero,
                                             m_d.y, to));
            break;
        case ConvPass::InputGradient:
            checkDnn(cudnnConvolutionBackwardData(handle, &one, m_d.kernel, second, m_d.y, first, m_d.conv, m_ofInput, context.scratch, m_scratch,
                                                  &zero, m_d.x, to));
            break;
        case ConvPass::KernelGradient:
            checkDnn(cudnnConvolutionBackwardFilter(handle, &one, m_d.x, first, m_d.y, second, m_d.conv, m_ofKernel, context.scratch, m_scratch,
                                                    &zero, m_d.kernel, to));
            break;
        }
    }

private:
    ConvPass m_pass;
    Descriptions m_d;
    cudnnConvolutionFwdAlgo_t m_forward{};
    cudnnConvolutionBwdDataAlgo_t m_ofInput{};
    cudnnConvolutionBwdFilterAlgo_t m_ofKernel{};
    std::size_t m_scratch = 0;
};

} // namespace

bool takesLibraryConv(const ConvSizes& sizes)
{
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (symmetricExtent(sizes, axis) != sizes.out[axis])
            return false;
    }
    return sizes.samples > 0;
}

std::unique_ptr<Kernel> libraryConv(ConvPass pass, const ConvSizes& sizes, Precision precision)
{
    if (!takesLibraryConv(sizes))
        return nullptr;
    auto kernel = std::make_unique<ConvKernel>(pass, sizes, precision);
    return kernel->chooseAlgorithm() ? std::move(kernel) : nullptr;
}

} // namespace weft
