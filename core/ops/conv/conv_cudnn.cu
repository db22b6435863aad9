#include "core/ops/conv/conv_library.h"

#include <map>
#include <sstream>
#include <string>
#include <type_traits>

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/measuring.h"
#include "core/device/cuda/queue.h"
#include "core/ops/conv/algorithm_file.h"
#include "core/ops/conv/conv_descriptions.h"

namespace weft {

namespace {

/// A workspace may take no more than this.
constexpr std::size_t mostScratch = std::size_t(1) << 30;

int cardAtHand()
{
    int card = 0;
    checkCuda(cudaGetDevice(&card), "to be named");
    return card;
}

/// The handle of this thread for the card at hand; one is made for each card that is used.
cudnnHandle_t handleOfCard()
{
    thread_local std::map<int, cudnnHandle_t> handles;
    cudnnHandle_t& handle = handles[cardAtHand()];
    if (!handle)
        checkDnn(cudnnCreate(&handle));
    return handle;
}

/// How factors may be rounded on their way to the tensor cores. By default they become TF32, whose 10 bits behind the point are
/// finer than bfloat16's 7; full float32 has to be asked for, and float16 to be allowed. Factors of 16 bits are taken as they are.
cudnnMathType_t mathType(const ConvStorage& storage)
{
    if (storage.type != DType::Float32)
        return CUDNN_TENSOR_OP_MATH;
    switch (storage.precision) {
    case Precision::Tf32:
    case Precision::BFloat16: return CUDNN_DEFAULT_MATH;
    case Precision::Float16: return CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
    case Precision::Float32: break;
    }
    return CUDNN_FMA_MATH;
}

/// Whether what cuDNN proposes rounds no more than it may.
bool mayRoundSo(cudnnMathType_t math, const ConvStorage& storage)
{
    if (storage.type != DType::Float32)
        return true;
    if (storage.precision == Precision::Float32)
        return math == CUDNN_FMA_MATH || math == CUDNN_DEFAULT_MATH; // It is run without rounding either way.
    return math != CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION || storage.precision == Precision::Float16;
}

/// What both ends pad alike.
std::int64_t symmetricExtent(const ConvSizes& s, std::size_t axis)
{
    return (s.in[axis] + 2 * s.pad[axis] - (s.kernel[axis] - 1) * s.dilations[axis] - 1) / s.strides[axis] + 1;
}

// The three passes: cuDNN's functions for them, with the arrays of the op in its order.

/// The two inputs of the op, and its output.
struct ConvData {
    const void *first, *second;
    void* to;
};

struct ForwardPass {
    using Algorithm = cudnnConvolutionFwdAlgo_t;
    using Performance = cudnnConvolutionFwdAlgoPerf_t;
    static constexpr int algorithms = CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    static constexpr const char* name = "forward";

    static cudnnStatus_t propose(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnGetConvolutionForwardAlgorithm_v7(handle, d.x, d.kernel, d.conv, d.y, most, count, all);
    }
    static cudnnStatus_t measure(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnFindConvolutionForwardAlgorithm(handle, d.x, d.kernel, d.conv, d.y, most, count, all);
    }
    static cudnnStatus_t scratch(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, std::size_t* bytes)
    {
        return cudnnGetConvolutionForwardWorkspaceSize(handle, d.x, d.kernel, d.conv, d.y, algorithm, bytes);
    }
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, const ConvData& data, void* scratch,
                             std::size_t bytes)
    {
        const float one = 1.0f, zero = 0.0f;
        return cudnnConvolutionForward(handle, &one, d.x, data.first, d.kernel, data.second, d.conv, algorithm, scratch, bytes, &zero, d.y, data.to);
    }
};

struct InputGradientPass {
    using Algorithm = cudnnConvolutionBwdDataAlgo_t;
    using Performance = cudnnConvolutionBwdDataAlgoPerf_t;
    static constexpr int algorithms = CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
    static constexpr const char* name = "input-gradient";

    static cudnnStatus_t propose(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, d.kernel, d.y, d.conv, d.x, most, count, all);
    }
    static cudnnStatus_t measure(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnFindConvolutionBackwardDataAlgorithm(handle, d.kernel, d.y, d.conv, d.x, most, count, all);
    }
    static cudnnStatus_t scratch(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, std::size_t* bytes)
    {
        return cudnnGetConvolutionBackwardDataWorkspaceSize(handle, d.kernel, d.y, d.conv, d.x, algorithm, bytes);
    }
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, const ConvData& data, void* scratch,
                             std::size_t bytes)
    {
        const float one = 1.0f, zero = 0.0f;
        return cudnnConvolutionBackwardData(handle, &one, d.kernel, data.second, d.y, data.first, d.conv, algorithm, scratch, bytes, &zero, d.x,
                                            data.to);
    }
};

struct KernelGradientPass {
    using Algorithm = cudnnConvolutionBwdFilterAlgo_t;
    using Performance = cudnnConvolutionBwdFilterAlgoPerf_t;
    static constexpr int algorithms = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
    static constexpr const char* name = "kernel-gradient";

    static cudnnStatus_t propose(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, d.x, d.y, d.conv, d.kernel, most, count, all);
    }
    static cudnnStatus_t measure(cudnnHandle_t handle, const ConvDescriptions& d, int most, int* count, Performance* all)
    {
        return cudnnFindConvolutionBackwardFilterAlgorithm(handle, d.x, d.y, d.conv, d.kernel, most, count, all);
    }
    static cudnnStatus_t scratch(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, std::size_t* bytes)
    {
        return cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, d.x, d.y, d.conv, d.kernel, algorithm, bytes);
    }
    static cudnnStatus_t run(cudnnHandle_t handle, const ConvDescriptions& d, Algorithm algorithm, const ConvData& data, void* scratch,
                             std::size_t bytes)
    {
        const float one = 1.0f, zero = 0.0f;
        return cudnnConvolutionBackwardFilter(handle, &one, d.x, data.first, d.y, data.second, d.conv, algorithm, scratch, bytes, &zero, d.kernel,
                                              data.to);
    }
};

/// What a measurement depends on.
std::string keyOf(const char* pass, const ConvSizes& s, const ConvStorage& storage)
{
    cudaDeviceProp properties{};
    checkCuda(cudaGetDeviceProperties(&properties, cardAtHand()), "its properties");
    std::ostringstream key;
    key << properties.name << " cudnn" << cudnnGetVersion() << ' ' << pass << ' ' << nameOf(storage.precision) << ' ' << nameOf(storage.layout);
    if (storage.type != DType::Float32)
        key << ' ' << nameOf(storage.type);
    for (const std::int64_t size : {s.samples, s.channels, s.filters, s.groups})
        key << ' ' << size;
    for (const ConvSizes::Triple* triple : {&s.in, &s.out, &s.kernel, &s.strides, &s.pad, &s.dilations})
        key << ' ' << (*triple)[0] << 'x' << (*triple)[1] << 'x' << (*triple)[2];
    return key.str();
}

template <class Pass> class ConvKernel : public LibraryConv {
public:
    ConvKernel(const ConvSizes& sizes, const ConvStorage& storage) : m_d(sizes, storage), m_storage(storage)
    {
        checkDnn(cudnnSetConvolutionMathType(m_d.conv, mathType(storage)));
        m_isReady = measuresAlgorithms ? takeMeasured(keyOf(Pass::name, sizes, storage)) || takeProposed() : takeProposed();
    }

    /// False where cuDNN has nothing that repeats to the bit.
    bool isReady() const { return m_isReady; }
    bool doesEnding() const override { return m_ending != nullptr; }
    /// Has the bias, if there is one, added where the sums are.
    void endWith(const ConvEnding& ending, std::int64_t filters)
    {
        // Without an activation cuDNN takes one algorithm alone.
        const bool isTaken = ending.relu || static_cast<int>(m_algorithm) == CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
        if (ending.hasBias && isTaken)
            m_ending = std::make_unique<EndingDescriptions>(m_storage.type, filters, m_d.rank(), ending.relu);
    }
    std::size_t scratchBytes() const override { return m_scratch; }

    void run(const KernelContext& context) override
    {
        const cudnnHandle_t handle = handleOfCard();
        checkDnn(cudnnSetStream(handle, static_cast<cudaStream_t>(queueOf(context).stream)));
        const ConvData data{context.inputs[0].data, context.inputs[1].data, context.outputs[0].data};
        if (m_ending && runWithEnding(handle, context, data))
            return;
        m_ending.reset();
        checkDnn(Pass::run(handle, m_d, m_algorithm, data, context.scratch, m_scratch));
    }

private:
    /// False where cuDNN does not know these sizes with an ending; the first run, which is never recorded, finds out.
    bool runWithEnding(cudnnHandle_t handle, const KernelContext& context, const ConvData& data)
    {
        if constexpr (std::is_same_v<Pass, ForwardPass>) {
            const float one = 1.0f, zero = 0.0f;
            return cudnnConvolutionBiasActivationForward(handle, &one, m_d.x, data.first, m_d.kernel, data.second, m_d.conv, m_algorithm,
                                                         context.scratch, m_scratch, &zero, m_d.y, data.to, m_ending->bias, context.inputs[2].data,
                                                         m_ending->activation, m_d.y, data.to)
                == CUDNN_STATUS_SUCCESS;
        }
        return false;
    }

    bool take(typename Pass::Algorithm algorithm, cudnnMathType_t math)
    {
        const bool isFull = m_storage.type == DType::Float32 && m_storage.precision == Precision::Float32;
        checkDnn(cudnnSetConvolutionMathType(m_d.conv, isFull ? CUDNN_FMA_MATH : math));
        m_algorithm = algorithm;
        return Pass::scratch(handleOfCard(), m_d, algorithm, &m_scratch) == CUDNN_STATUS_SUCCESS && m_scratch <= mostScratch;
    }

    /// The first of these, fastest first, that rounds no more than it may, gives the same bits in each run and has room.
    template <class Ask> bool takeFirst(Ask ask)
    {
        std::vector<typename Pass::Performance> all(2 * static_cast<std::size_t>(Pass::algorithms)); // each with and without tensor cores
        int count = 0;
        if (ask(handleOfCard(), m_d, static_cast<int>(all.size()), &count, all.data()) != CUDNN_STATUS_SUCCESS)
            return false;
        all.resize(static_cast<std::size_t>(count));
        return std::any_of(all.begin(), all.end(), [&](const auto& one) {
            return one.status == CUDNN_STATUS_SUCCESS && one.determinism == CUDNN_DETERMINISTIC && mayRoundSo(one.mathType, m_storage)
                && take(one.algo, m_math = one.mathType);
        });
    }

    /// By cuDNN's own static rules.
    bool takeProposed() { return takeFirst(Pass::propose); }

    /// By measurement, if there is room for one.
    bool takeMeasured(const std::string& key)
    {
        const AlgorithmFile file;
        if (const std::optional<MeasuredAlgorithm> known = file.find(key)) {
            const auto math = static_cast<cudnnMathType_t>(known->math);
            const bool isOne = known->algorithm >= 0 && known->algorithm < Pass::algorithms && known->math >= CUDNN_DEFAULT_MATH
                && known->math <= CUDNN_FMA_MATH && mayRoundSo(math, m_storage);
            if (isOne && take(static_cast<typename Pass::Algorithm>(known->algorithm), math))
                return true;
        }
        if (!takeFirst(Pass::measure))
            return false;
        file.add(key, {static_cast<int>(m_algorithm), static_cast<int>(m_math)});
        return true;
    }

    ConvDescriptions m_d;
    ConvStorage m_storage;
    typename Pass::Algorithm m_algorithm{};
    cudnnMathType_t m_math = CUDNN_DEFAULT_MATH;
    std::size_t m_scratch = 0;
    bool m_isReady = false;
    std::unique_ptr<EndingDescriptions> m_ending; ///< null: none, or not by cuDNN
};

template <class Pass> std::unique_ptr<ConvKernel<Pass>> kernelOf(const ConvSizes& sizes, const ConvStorage& storage)
{
    auto kernel = std::make_unique<ConvKernel<Pass>>(sizes, storage);
    return kernel->isReady() ? std::move(kernel) : nullptr;
}

std::unique_ptr<LibraryConv> forward(const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending)
{
    std::unique_ptr<ConvKernel<ForwardPass>> kernel = kernelOf<ForwardPass>(sizes, storage);
    if (kernel)
        kernel->endWith(ending, sizes.filters);
    return kernel;
}

} // namespace

bool takesLibraryConv(const ConvSizes& sizes)
{
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (symmetricExtent(sizes, axis) != sizes.out[axis])
            return false;
    }
    return sizes.samples > 0;
}

std::unique_ptr<LibraryConv> libraryConv(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending)
{
    if (!takesLibraryConv(sizes))
        return nullptr;
    switch (pass) {
    case ConvPass::Forward: return forward(sizes, storage, ending);
    case ConvPass::InputGradient: return kernelOf<InputGradientPass>(sizes, storage);
    case ConvPass::KernelGradient: return kernelOf<KernelGradientPass>(sizes, storage);
    }
    return nullptr;
}

} // namespace weft
