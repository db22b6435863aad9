#include "core/device/cuda/cuda_device.h"

#include <cuda_runtime.h>

#include "core/base/error.h"

namespace weft {

void checkCuda(int code, const char* what)
{
    if (code != cudaSuccess)
        throw Error(WEFT_TEXT("Cuda", "The GPU refused %1: %2."), what, cudaGetErrorString(static_cast<cudaError_t>(code)));
}

namespace {

/// Memory and one stream of a card. Copies are ordered with the kernels of that stream.
class CudaDevice : public Device {
public:
    explicit CudaDevice(int index) : m_index(index)
    {
        checkCuda(cudaSetDevice(m_index), "to be selected");
        checkCuda(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "a stream");
    }
    ~CudaDevice() override
    {
        // A destructor has no way to report; the driver frees what is left with the process.
        cudaSetDevice(m_index);
        cudaStreamDestroy(m_stream);
    }
    CudaDevice(const CudaDevice&) = delete;
    CudaDevice& operator=(const CudaDevice&) = delete;

    DeviceKind kind() const override { return DeviceKind::Cuda; }

    void* allocate(std::size_t bytes) override
    {
        void* memory = nullptr;
        select();
        checkCuda(cudaMalloc(&memory, bytes), "memory");
        checkCuda(cudaMemsetAsync(memory, 0, bytes, m_stream), "to clear memory");
        return memory;
    }
    void free(void* memory, std::size_t) override
    {
        cudaSetDevice(m_index);
        cudaFree(memory);
    }
    void copyFromHost(void* to, const void* from, std::size_t bytes) override
    {
        select();
        checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, m_stream), "a copy to it");
    }
    void copyToHost(void* to, const void* from, std::size_t bytes) override
    {
        select();
        checkCuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, m_stream), "a copy from it");
        synchronize();
    }
    void synchronize() override { checkCuda(cudaStreamSynchronize(m_stream), "to finish its work"); }
    void* stream() override { return m_stream; }

private:
    void select() { checkCuda(cudaSetDevice(m_index), "to be selected"); }

    int m_index;
    cudaStream_t m_stream = nullptr;
};

} // namespace

std::unique_ptr<Device> openCudaDevice(int index)
{
    int count = 0;
    checkCuda(cudaGetDeviceCount(&count), "to be counted");
    if (index < 0 || index >= count)
        throw Error(WEFT_TEXT("Cuda", "There is no device cuda:%1; this machine has %2 (weft devices lists them)."), index, count);
    return std::make_unique<CudaDevice>(index);
}

std::vector<DeviceInfo> listCudaDevices()
{
    int count = 0;
    checkCuda(cudaGetDeviceCount(&count), "to be counted");
    std::vector<DeviceInfo> devices;
    for (int index = 0; index < count; ++index) {
        cudaDeviceProp properties{};
        checkCuda(cudaGetDeviceProperties(&properties, index), "its properties");
        DeviceInfo info;
        info.id = "cuda:" + std::to_string(index);
        info.name = properties.name;
        info.memoryBytes = properties.totalGlobalMem;
        devices.push_back(info);
    }
    return devices;
}

} // namespace weft
