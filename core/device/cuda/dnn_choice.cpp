#include "core/device/cuda/dnn_choice.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/measuring.h"
#include "core/device/cuda/plan_file.h"

namespace weft {

namespace {

/// So many proposals are tried: they come in the order of cuDNN's own estimates.
constexpr std::size_t mostTried = 16;

int cardAtHand()
{
    int card = 0;
    checkCuda(cudaGetDevice(&card), "to be named");
    return card;
}

std::string keyOf(const std::string& what)
{
    cudaDeviceProp properties{};
    checkCuda(cudaGetDeviceProperties(&properties, cardAtHand()), "its properties");
    return std::string(properties.name) + " cudnn" + std::to_string(cudnnGetVersion()) + ' ' + what;
}

/// Memory of the card, set to zero; null where it is full.
class Room {
public:
    Room(std::size_t bytes, cudaStream_t stream)
    {
        if (cudaMalloc(&m_memory, std::max<std::size_t>(bytes, 1)) != cudaSuccess) {
            m_memory = nullptr;
            cudaGetLastError(); // Who asks next is not to be told of it.
        } else
            checkCuda(cudaMemsetAsync(m_memory, 0, bytes, stream), "to clear memory");
    }
    ~Room()
    {
        if (m_memory)
            cudaFree(m_memory);
    }
    Room(Room&& other) noexcept : m_memory(std::exchange(other.m_memory, nullptr)) {}
    Room& operator=(Room&&) = delete;
    void* memory() const { return m_memory; }

private:
    void* m_memory = nullptr;
};

/// Runs plans of a graph on arrays of its own, in a stream of its own.
class Stopwatch {
public:
    explicit Stopwatch(const DnnGraph& graph) : m_graph(graph)
    {
        checkCuda(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "a stream");
        checkCuda(cudaEventCreate(&m_begin), "an event");
        checkCuda(cudaEventCreate(&m_end), "an event");
        for (const std::size_t bytes : graph.bytesInMemory())
            m_arrays.push_back(m_rooms.emplace_back(bytes, m_stream).memory());
    }
    ~Stopwatch()
    {
        cudaEventDestroy(m_begin);
        cudaEventDestroy(m_end);
        cudaStreamDestroy(m_stream);
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

    bool hasRoom() const
    {
        return std::all_of(m_arrays.begin(), m_arrays.end(), [](void* array) { return array != nullptr; });
    }

    /// Milliseconds of `plan`; infinite where it does not run.
    float time(const DnnPlan& plan)
    {
        constexpr float never = std::numeric_limits<float>::infinity();
        const Room scratch(plan.scratchBytes(), m_stream);
        if (!scratch.memory())
            return never;
        try {
            checkDnn(cudnnSetStream(dnnHandle(), m_stream));
            run(plan, scratch);
            checkCuda(cudaEventRecord(m_begin, m_stream), "to note the time");
            for (int i = 0; i < 3; ++i)
                run(plan, scratch);
            checkCuda(cudaEventRecord(m_end, m_stream), "to note the time");
            checkCuda(cudaEventSynchronize(m_end), "to wait for a kernel");
        } catch (const Error&) {
            return never;
        }
        float milliseconds = never;
        checkCuda(cudaEventElapsedTime(&milliseconds, m_begin, m_end), "to read the time");
        return milliseconds;
    }

private:
    void run(const DnnPlan& plan, const Room& scratch) { plan.run(dnnHandle(), m_graph, m_arrays, scratch.memory()); }

    const DnnGraph& m_graph;
    cudaStream_t m_stream = nullptr;
    cudaEvent_t m_begin = nullptr, m_end = nullptr;
    std::vector<Room> m_rooms;
    std::vector<void*> m_arrays;
};

std::optional<MeasuredPlan> measured(const DnnGraph& graph, const DnnProposals& proposals)
{
    Stopwatch stopwatch(graph);
    if (!stopwatch.hasRoom())
        return {};
    std::optional<MeasuredPlan> best;
    float least = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < std::min(proposals.count(), mostTried); ++i) {
        const std::optional<DnnPlan> plan = proposals.plan(i);
        const float time = plan ? stopwatch.time(*plan) : least;
        if (time < least) {
            least = time;
            best = MeasuredPlan{static_cast<int>(i), static_cast<int>(plan->engine())};
        }
    }
    return best;
}

/// What is noted, if it is still what cuDNN proposes; else what a measurement finds.
std::optional<DnnPlan> fastestPlan(const DnnGraph& graph, const DnnProposals& proposals, const std::string& key)
{
    const PlanFile file;
    if (const std::optional<MeasuredPlan> known = file.find(key);
        known && known->proposal >= 0 && static_cast<std::size_t>(known->proposal) < proposals.count()) {
        std::optional<DnnPlan> plan = proposals.plan(static_cast<std::size_t>(known->proposal));
        if (plan && plan->engine() == known->engine)
            return plan;
    }
    const std::optional<MeasuredPlan> found = measured(graph, proposals);
    if (!found)
        return {};
    file.add(key, *found);
    return proposals.plan(static_cast<std::size_t>(found->proposal));
}

} // namespace

cudnnHandle_t dnnHandle()
{
    thread_local std::map<int, cudnnHandle_t> handles;
    cudnnHandle_t& handle = handles[cardAtHand()];
    if (!handle)
        checkDnn(cudnnCreate(&handle));
    return handle;
}

std::optional<DnnPlan> choosePlan(const DnnGraph& graph, const DnnRules& rules, const std::string& what)
{
    const DnnProposals proposals(graph, {dnnHandle(), nullptr}, rules);
    if (measuresAlgorithms) {
        if (std::optional<DnnPlan> plan = fastestPlan(graph, proposals, keyOf(what)))
            return plan;
    }
    return proposals.firstPlan();
}

} // namespace weft
