// A card whose kernels run on the host, one element after the other: the same sources as the plugin's, built without nvcc.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/cuda_fault.h"
#include "core/device/cuda/driver_version.h"
#include "core/device/cuda/fetching.h"
#include "core/device/cuda/measuring.h"
#include "core/device/cuda/product.h"
#include "core/device/cuda/queue.h"
#include "core/device/cuda/staging.h"
#include "core/device/sixteen_bits.h"
#include "tests/cuda_host/card_memory.h"
#include "tests/cuda_host/host_nccl.h"
#include "tests/cuda_host/host_recording.h"
#include "tests/cuda_host/rounding.h"

namespace weft {

namespace {

int numberIn(const char* variable, int otherwise)
{
    const char* text = std::getenv(variable);
    return text ? std::atoi(text) : otherwise;
}

class HostRecording : public Recording {
public:
    explicit HostRecording(std::vector<std::function<void()>> work) : m_work(std::move(work)) {}
    void run() override
    {
        for (const std::function<void()>& step : m_work)
            step();
    }

private:
    std::vector<std::function<void()>> m_work;
};

class HostCard : public Device {
public:
    HostCard() : m_state(static_cast<StepState*>(allocate(sizeof(StepState)))) { m_queue.state = m_state; }
    ~HostCard() override
    {
        free(m_state, 0);
        free(m_indices, 0);
    }

    DeviceKind kind() const override { return DeviceKind::Cuda; }
    void* allocate(std::size_t bytes) override { return allocateCardMemory(bytes); }
    void free(void* memory, std::size_t bytes) override
    {
        m_staging.forget(memory);
        freeCardMemory(memory, bytes);
    }
    void copyFromHost(void* to, const void* from, std::size_t bytes) override { copy(to, from, bytes); }
    void copyToHost(void* to, const void* from, std::size_t bytes) override { copy(to, from, bytes); }
    void fetch(std::span<const HostCopy> copies) override
    {
        if (!m_fetching.begin(copies))
            return Device::fetch(copies);
        m_fetching.end(copies);
    }
    void setMeasuring(bool isOn) override { measuresAlgorithms = isOn; }
    void synchronize() override {}
    void* stream() override { return &m_queue; }
    void joinRanks(Collectives& ranks) override
    {
        setHostRanks(ranks);
        m_exchange = joinCards(ranks, nullptr, std::chrono::milliseconds(100)); // Cards of the host come at once or never.
        m_queue.exchange = m_exchange.get();
    }
    void stage(void* to, const void* from, std::size_t bytes) override
    {
        if (!m_staging.begin(to, from, bytes))
            copyFromHost(to, from, bytes);
    }
    void beginRun(const StepState& state, std::int64_t samples) override
    {
        // At so many runs of plans: lost, or the fault that a test names.
        if (++m_runs == numberIn("WEFT_TEST_CARD_LOST_AT", 0))
            checkCuda(numberIn("WEFT_TEST_CARD_FAULT", 719), "to finish its work");
        m_staging.arrive();
        StepState onCard = state;
        if (state.sampleIndices) {
            free(m_indices, 0);
            m_indices = allocate(static_cast<std::size_t>(samples) * sizeof(std::int64_t));
            copy(m_indices, state.sampleIndices, static_cast<std::size_t>(samples) * sizeof(std::int64_t));
            onCard.sampleIndices = static_cast<const std::int64_t*>(m_indices);
        }
        copy(m_state, &onCard, sizeof onCard);
    }

    std::unique_ptr<Recording> record(const std::function<void()>& enqueue) override
    {
        return std::make_unique<HostRecording>(recordedOnHost(enqueue));
    }

private:
    static void copy(void* to, const void* from, std::size_t bytes)
    {
        const OpenCardMemory open;
        std::memcpy(to, from, bytes);
    }

    StepState* m_state;
    int m_runs = 0;
    void* m_indices = nullptr;
    CudaQueue m_queue;
    std::unique_ptr<RankExchange> m_exchange;
    Staging m_staging{nullptr};
    Fetching m_fetching{nullptr};
};

constexpr int cards = 4;

} // namespace

void checkCuda(int code, const char* what)
{
    if (code != cudaSuccess)
        throw cudaFault(code, what, "fault " + std::to_string(code));
}

/// With a driver that knows the CUDA in WEFT_TEST_DRIVER alone (0: without one).
const char* cudaRefusal(RefusalArguments& arguments)
{
    constexpr int insufficientDriver = 35, built = 13000;
    const int driver = numberIn("WEFT_TEST_DRIVER", built);
    return refusalOf(driver < built ? insufficientDriver : cudaSuccess, driver, built, {}, arguments);
}

/// As on a card before Ampere, where WEFT_TEST_WITHOUT_BFLOAT16 is set.
bool isStoredOnCard(DType type)
{
    return type == DType::Float32 || type == DType::Float16 || (type == DType::BFloat16 && !std::getenv("WEFT_TEST_WITHOUT_BFLOAT16"));
}

std::unique_ptr<Device> openCudaDevice(int index)
{
    if (index < 0 || index >= cards)
        throw Error(WEFT_TEXT("Cuda", "There is no device cuda:%1; this machine has %2 (weft devices lists them)."), index, cards);
    return std::make_unique<HostCard>();
}

std::vector<DeviceInfo> listCudaDevices()
{
    std::vector<DeviceInfo> devices(cards);
    for (int index = 0; index < cards; ++index) {
        DeviceInfo& info = devices[static_cast<std::size_t>(index)];
        info.id = "cuda:" + std::to_string(index);
        info.name = "kernels of the CUDA plugin on the host";
        info.memoryBytes = std::size_t(8) << 30;
        // Cards below the number in WEFT_TEST_OLD_CARDS are Voltas.
        info.unavailable = refusalOfCard(info.name, index < numberIn("WEFT_TEST_OLD_CARDS", 0) ? 70 : 90, {75, 90});
        info.isAvailable = *info.unavailable.text.source == '\0';
        info.driver = driverVersionIn("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build");
    }
    return devices;
}

void copyOnCard(const KernelContext&, void* to, const void* from, std::size_t bytes)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        std::memmove(to, from, bytes);
    });
}

void copyToCard(const KernelContext&, void* to, const void* from, std::size_t bytes)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        std::memcpy(to, from, bytes);
    });
}

void clearOnCard(const KernelContext&, void* to, std::size_t bytes)
{
    submitOnHost([=] {
        const OpenCardMemory open;
        std::memset(to, 0, bytes);
    });
}

namespace {

template <class Factor, class Result> void multiplyStored(const Product& p, const Factor* a, const Factor* b, Result* y)
{
    const OpenCardMemory open;
    const auto factor = [&](const Factor& number) { return static_cast<double>(roundedFactor(static_cast<float>(number), p.precision)); };
    const auto* bias = static_cast<const Result*>(p.bias);
    const auto rowOf = [](std::int64_t given, std::int64_t width) { return given > 0 ? given : width; };
    const std::int64_t rowA = rowOf(p.rowA, p.transposeA ? p.m : p.k), rowB = rowOf(p.rowB, p.transposeB ? p.k : p.n), rowY = rowOf(p.rowY, p.n);
    for (std::int64_t batch = 0; batch < p.batch; ++batch, a += p.stepA, b += p.stepB, y += p.stepY) {
        for (std::int64_t m = 0; m < p.m; ++m) {
            for (std::int64_t n = 0; n < p.n; ++n) {
                double sum = bias ? static_cast<double>(bias[n]) : 0.0;
                for (std::int64_t k = 0; k < p.k; ++k)
                    sum += factor(p.transposeA ? a[k * rowA + m] : a[m * rowA + k]) * factor(p.transposeB ? b[n * rowB + k] : b[k * rowB + n]);
                Result& result = y[m * rowY + n];
                if (p.keep != 0.0f)
                    sum += static_cast<double>(p.keep) * static_cast<double>(result);
                result = static_cast<Result>(static_cast<float>(p.relu && sum < 0 ? 0.0 : sum));
            }
        }
    }
}

template <class Factor> void multiplyFactors(const Product& p, const void* a, const void* b, void* y)
{
    const auto *ofA = static_cast<const Factor*>(a), *ofB = static_cast<const Factor*>(b);
    if (p.result == DType::Float32)
        multiplyStored(p, ofA, ofB, static_cast<float*>(y));
    else
        multiplyStored(p, ofA, ofB, static_cast<Factor*>(y));
}

void multiplyOnHost(const Product& p, const void* a, const void* b, void* y)
{
    switch (p.factors) {
    case DType::BFloat16: return multiplyFactors<BFloat16>(p, a, b, y);
    case DType::Float16: return multiplyFactors<Float16>(p, a, b, y);
    default: return multiplyFactors<float>(p, a, b, y);
    }
}

} // namespace

/// As cuBLASLt: a result is stored as the factors are, or in float32; factors of 16 bits are rounded already.
void multiply(const KernelContext&, const Product& given, const void* a, const void* b, void* y)
{
    if (given.result != given.factors && given.result != DType::Float32)
        throw Error(WEFT_TEXT("Cuda", "cuBLASLt refused a product: %1."), "types that do not fit");
    Product p = given;
    if (p.factors != DType::Float32)
        p.precision = Precision::Float32;
    submitOnHost([=] { multiplyOnHost(p, a, b, y); });
}

} // namespace weft
