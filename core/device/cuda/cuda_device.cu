#include "core/device/cuda/cuda_device.h"

#include <algorithm>
#include <string>
#include <thread>

#include <cublasLt.h>
#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_fault.h"
#include "core/device/cuda/driver_version.h"
#include "core/device/cuda/fetching.h"
#include "core/device/cuda/inbox.h"
#include "core/device/cuda/measuring.h"
#include "core/device/cuda/queue.h"

namespace weft {

void checkCuda(int code, const char* what)
{
    if (code == cudaSuccess)
        return;
    cudaGetLastError(); // It stays with the thread, and the next kernel shall not be blamed for it.
    throw cudaFault(code, what, cudaGetErrorString(static_cast<cudaError_t>(code)));
}

namespace {

/// What a card must be able to run.
__global__ void probe() {}

/// The compute capabilities that kernels are compiled for, times 10.
std::vector<int> compiledCapabilities()
{
    std::vector<int> all{__CUDA_ARCH_LIST__};
    for (int& architecture : all)
        architecture /= 10;
    return all;
}

/// The kernels of a plan as a CUDA graph.
class CudaRecording : public Recording {
public:
    CudaRecording(cudaGraphExec_t graph, cudaStream_t stream) : m_graph(graph), m_stream(stream) {}
    ~CudaRecording() override { cudaGraphExecDestroy(m_graph); }
    void run() override { checkCuda(cudaGraphLaunch(m_graph, m_stream), "to repeat a step"); }

private:
    cudaGraphExec_t m_graph;
    cudaStream_t m_stream;
};

/// Marks are events in the stream of the kernels.
class CudaStopwatch : public Stopwatch {
public:
    explicit CudaStopwatch(cudaStream_t stream) : m_stream(stream) {}
    ~CudaStopwatch() override
    {
        for (const cudaEvent_t mark : m_marks)
            cudaEventDestroy(mark);
    }
    CudaStopwatch(const CudaStopwatch&) = delete;
    CudaStopwatch& operator=(const CudaStopwatch&) = delete;

    void mark(std::size_t index) override
    {
        while (index >= m_marks.size()) {
            cudaEvent_t mark = nullptr;
            checkCuda(cudaEventCreate(&mark), "an event");
            m_marks.push_back(mark);
        }
        checkCuda(cudaEventRecord(m_marks[index], m_stream), "an event");
    }
    double seconds(std::size_t from, std::size_t to) override
    {
        float milliseconds = 0;
        checkCuda(cudaEventSynchronize(m_marks[to]), "to finish its work");
        checkCuda(cudaEventElapsedTime(&milliseconds, m_marks[from], m_marks[to]), "to read the time");
        return 1e-3 * static_cast<double>(milliseconds);
    }

private:
    cudaStream_t m_stream;
    std::vector<cudaEvent_t> m_marks;
};

/// Memory of a card and one stream. Copies are ordered with the kernels of that stream.
class CudaDevice : public Device {
public:
    explicit CudaDevice(int index) : m_index(index) {}
    /// Takes what kernels need. Where that fails the destructor gives back what there is.
    void open()
    {
        select();
        cudaFuncAttributes ignored{};
        checkCuda(cudaFuncGetAttributes(&ignored, probe), "kernels");
        int readsHost = 0;
        checkCuda(cudaDeviceGetAttribute(&readsHost, cudaDevAttrPageableMemoryAccessUsesHostPageTables, m_index), "its properties");
        m_readsHost = readsHost != 0;
        checkCuda(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "a stream");
        m_queue.stream = m_stream;
        keepFreedMemory();
        cublasLtHandle_t blas = nullptr;
        if (cublasLtCreate(&blas) != CUBLAS_STATUS_SUCCESS)
            throw Error(WEFT_TEXT("Cuda", "cuBLASLt could not be started on cuda:%1."), m_index);
        m_queue.blas = blas;
        m_queue.workspace = allocate(productWorkspaceBytes);
        m_queue.workspaceBytes = productWorkspaceBytes;
    }
    ~CudaDevice() override
    {
        // A destructor has no way to report; the driver frees what is left with the process.
        endWork(); // Kernels may still use all that goes now.
        m_fetching.reset();
        if (m_copies)
            cudaStreamDestroy(m_copies);
        if (m_queue.blas)
            cublasLtDestroy(static_cast<cublasLtHandle_t>(m_queue.blas));
        if (m_queue.workspace)
            cudaFreeAsync(m_queue.workspace, m_stream);
        if (m_stream) {
            cudaStreamSynchronize(m_stream);
            cudaStreamDestroy(m_stream);
        }
        cudaGetLastError(); // What a lost card says to all this is not for the next device of this thread.
    }
    CudaDevice(const CudaDevice&) = delete;
    CudaDevice& operator=(const CudaDevice&) = delete;

    DeviceKind kind() const override { return DeviceKind::Cuda; }

    void* allocate(std::size_t bytes) override
    {
        void* memory = nullptr;
        select();
        const cudaError_t code = cudaMallocAsync(&memory, std::max<std::size_t>(bytes, 1), m_stream);
        if (code == cudaErrorMemoryAllocation) {
            cudaGetLastError(); // The next call shall not find it.
            throw Error(WEFT_TEXT("Cuda",
                                  "The memory of cuda:%1 is full: %2 MB more are needed. Choose a smaller batch, --memory lean, or close other "
                                  "programs that use the card."),
                        m_index, bytes >> 20);
        }
        checkCuda(code, "memory");
        checkCuda(cudaMemsetAsync(memory, 0, bytes, m_stream), "to clear memory");
        return memory;
    }
    void free(void* memory, std::size_t) override
    {
        cudaSetDevice(m_index);
        cudaFreeAsync(memory, m_stream);
    }
    void copyFromHost(void* to, const void* from, std::size_t bytes) override
    {
        select();
        checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, m_stream), "a copy to it");
        if (m_readsHost)
            synchronize();
    }
    void copyToHost(void* to, const void* from, std::size_t bytes) override
    {
        select();
        if (m_exchange)
            watchExchange(); // The copy itself waits, and would for ever where a rank is gone.
        checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, m_stream), "a copy from it");
        synchronize();
    }
    void fetch(std::span<const HostCopy> copies) override
    {
        beginFetch(copies);
        finishFetch();
    }
    void beginFetch(std::span<const HostCopy> copies) override
    {
        select();
        if (!m_fetching)
            m_fetching = std::make_unique<Fetching>(contextOfKernels());
        if (m_fetching->begin(copies))
            return;
        Device::fetch(copies);
        m_fetching->begin({}); // for finishFetch to end
    }
    void finishFetch() override
    {
        select();
        if (m_exchange)
            watchExchange();
        m_fetching->end();
    }
    void setMeasuring(bool isOn) override { measuresAlgorithms = isOn; }
    void synchronize() override
    {
        if (m_exchange)
            watchExchange();
        checkCuda(cudaStreamSynchronize(m_stream), "to finish its work");
    }
    void endWork() final
    {
        cudaSetDevice(m_index);
        m_exchange.reset(); // First: what waits for a lost rank would never end.
        m_queue.exchange = nullptr;
        for (const cudaStream_t stream : {m_copies, m_stream}) {
            if (stream)
                cudaStreamSynchronize(stream);
        }
        cudaGetLastError(); // What a lost card says to this is not for the next one of this thread.
    }
    void* stream() override { return &m_queue; }

    std::unique_ptr<Inbox> makeInbox(std::size_t bytes, std::int64_t samples) override
    {
        select();
        if (!m_copies)
            checkCuda(cudaStreamCreateWithFlags(&m_copies, cudaStreamNonBlocking), "a stream");
        return std::make_unique<CudaInbox>(*this, m_index, m_queue, m_copies, bytes, samples);
    }
    std::unique_ptr<Stopwatch> makeStopwatch() override
    {
        select();
        return std::make_unique<CudaStopwatch>(m_stream);
    }

    void joinRanks(Collectives& ranks) override
    {
        select();
        m_exchange = joinCards(ranks, m_stream);
        m_queue.exchange = m_exchange.get();
    }

    std::unique_ptr<Recording> record(const std::function<void()>& enqueue) override
    {
        cudaGraph_t graph = nullptr;
        checkCuda(cudaStreamBeginCapture(m_stream, cudaStreamCaptureModeThreadLocal), "to record a step");
        try {
            enqueue();
        } catch (...) {
            cudaStreamEndCapture(m_stream, &graph);
            if (graph)
                cudaGraphDestroy(graph);
            cudaGetLastError(); // What the capture says to it is not for the next kernel.
            throw;
        }
        checkCuda(cudaStreamEndCapture(m_stream, &graph), "to record a step");
        cudaGraphExec_t executable = nullptr;
        const cudaError_t code = cudaGraphInstantiate(&executable, graph, 0);
        cudaGraphDestroy(graph);
        checkCuda(code, "to prepare a recorded step");
        return std::make_unique<CudaRecording>(executable, m_stream);
    }

private:
    /// Until the work is done: the card itself would wait for ever for a rank that is gone.
    void watchExchange()
    {
        constexpr int patience = 1000; // questions to the card, of a microsecond or two each
        for (int asked = 0; cudaStreamQuery(m_stream) == cudaErrorNotReady; ++asked) {
            if (asked < patience)
                continue;
            asked = 0;
            m_exchange->check();
            std::this_thread::yield();
        }
        cudaGetLastError(); // "Not ready" is no fault, but would be taken for one of the next kernel.
    }

    void select() { checkCuda(cudaSetDevice(m_index), "to be selected"); }

    /// Memory that is freed stays with the process: plans come and go with the sizes of their batches.
    void keepFreedMemory()
    {
        cudaMemPool_t pool = nullptr;
        checkCuda(cudaDeviceGetDefaultMemPool(&pool, m_index), "its memory pool");
        std::uint64_t all = UINT64_MAX;
        checkCuda(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &all), "to keep freed memory");
    }

    KernelContext contextOfKernels()
    {
        KernelContext context;
        context.stream = &m_queue;
        return context;
    }

    int m_index;
    bool m_readsHost = false; ///< pageable memory as well, and when it gets there: `from` of a copy has to stay
    cudaStream_t m_stream = nullptr;
    cudaStream_t m_copies = nullptr; ///< of what runs are fed, beside the kernels
    CudaQueue m_queue;
    std::unique_ptr<RankExchange> m_exchange;
    std::unique_ptr<Fetching> m_fetching;
};

/// Where the driver's own version cannot be read, the newest CUDA that it knows says as much.
std::string driverText()
{
    if (const std::string version = driverVersion(); !version.empty())
        return version;
    int cuda = 0;
    checkCuda(cudaDriverGetVersion(&cuda), "its driver's version");
    return "CUDA " + cudaVersionText(cuda);
}

cudaStream_t streamOf(const KernelContext& context)
{
    return static_cast<cudaStream_t>(queueOf(context).stream);
}

} // namespace

void copyOnCard(const KernelContext& context, void* to, const void* from, std::size_t bytes)
{
    checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, streamOf(context)), "a copy");
}

void copyToCard(const KernelContext& context, void* to, const void* from, std::size_t bytes)
{
    checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, streamOf(context)), "a copy to it");
}

void clearOnCard(const KernelContext& context, void* to, std::size_t bytes)
{
    checkCuda(cudaMemsetAsync(to, 0, bytes, streamOf(context)), "to clear memory");
}

const char* cudaRefusal(RefusalArguments& arguments)
{
    int count = 0, driver = 0;
    // The driver is asked first: without one every call fails alike.
    const cudaError_t code = cudaGetDeviceCount(&count);
    cudaDriverGetVersion(&driver);
    return refusalOf(code, driver, CUDART_VERSION, cudaGetErrorString(code), arguments);
}

bool isStoredOnCard(DType type)
{
    if (type != DType::BFloat16)
        return type == DType::Float32 || type == DType::Float16;
    int card = 0, major = 0;
    const bool isKnown
        = cudaGetDevice(&card) == cudaSuccess && cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, card) == cudaSuccess;
    if (!isKnown)
        cudaGetLastError(); // The next call shall not find it.
    return !isKnown || major >= 8;
}

std::unique_ptr<Device> openCudaDevice(int index)
{
    int count = 0;
    checkCuda(cudaGetDeviceCount(&count), "to be counted");
    if (index < 0 || index >= count)
        throw Error(WEFT_TEXT("Cuda", "There is no device cuda:%1; this machine has %2 (weft devices lists them)."), index, count);
    auto device = std::make_unique<CudaDevice>(index);
    device->open();
    return device;
}

namespace {

/// A card that cannot be used stands in the list with the reason.
DeviceInfo describe(int index, const std::string& driver)
{
    DeviceInfo info;
    info.id = "cuda:" + std::to_string(index);
    info.driver = driver;
    try {
        cudaDeviceProp properties{};
        checkCuda(cudaGetDeviceProperties(&properties, index), "its properties");
        info.name = properties.name;
        info.memoryBytes = properties.totalGlobalMem;
        info.unavailable = refusalOfCard(info.name, 10 * properties.major + properties.minor, compiledCapabilities());
    } catch (const Error& error) {
        cudaGetLastError();
        info.unavailable = error.message();
    }
    info.isAvailable = *info.unavailable.text.source == '\0';
    return info;
}

} // namespace

std::vector<DeviceInfo> listCudaDevices()
{
    int count = 0;
    checkCuda(cudaGetDeviceCount(&count), "to be counted");
    std::vector<DeviceInfo> devices;
    const std::string driver = driverText();
    for (int index = 0; index < count; ++index)
        devices.push_back(describe(index, driver));
    return devices;
}

} // namespace weft
