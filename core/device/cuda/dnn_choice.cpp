#include "core/device/cuda/dnn_choice.h"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

#include <cuda_runtime.h>

#include "core/base/error.h"
#include "core/device/cuda/cuda_device.h"
#include "core/device/cuda/measuring.h"
#include "core/device/cuda/plan_store.h"
#include "core/device/cuda/queue.h"

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
    const std::string card = std::string(properties.name) + " cudnn" + std::to_string(cudnnGetVersion());
    return card + (measuresAlgorithms ? " measured " : " ") + what;
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

/// The fastest; nothing where there is no room to find out.
std::optional<DnnPlan> measuredPlan(const DnnGraph& graph, const DnnProposals& proposals)
{
    Stopwatch stopwatch(graph);
    if (!stopwatch.hasRoom())
        return {};
    std::optional<DnnPlan> best;
    float least = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < std::min(proposals.count(), mostTried); ++i) {
        std::optional<DnnPlan> plan = proposals.plan(i);
        const float time = plan ? stopwatch.time(*plan) : least;
        if (time < least) {
            least = time;
            best.emplace(std::move(*plan));
        }
    }
    return best;
}

std::optional<DnnPlan> planOf(const DnnGraph& graph, const DnnRules& rules, const std::string& key)
{
    const PlanStore store;
    const DnnTarget target{dnnHandle(), nullptr};
    if (const std::optional<std::string> text = store.find(key)) {
        if (std::optional<DnnPlan> plan = DnnPlan::fromText(*text, target))
            return plan;
    }
    DnnProposals proposals(graph, target, rules);
    std::optional<DnnPlan> plan = measuresAlgorithms ? measuredPlan(graph, proposals) : std::nullopt;
    const bool isMeasured = plan.has_value();
    if (!plan)
        plan = proposals.firstPlan();
    if (plan && (isMeasured || plan->isCompiled()))
        store.keep(key, plan->text());
    return plan;
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

void DnnProgram::run(const KernelContext& context, std::span<void* const> arrays, void* scratch) const
{
    const cudnnHandle_t handle = dnnHandle();
    checkDnn(cudnnSetStream(handle, static_cast<cudaStream_t>(queueOf(context).stream)));
    const std::uintptr_t place = reinterpret_cast<std::uintptr_t>(scratch) + alignment - 1;
    plan.run(handle, graph, arrays, reinterpret_cast<void*>(place / alignment * alignment));
}

std::shared_ptr<const DnnProgram> dnnProgram(const std::string& what, const DnnRules& rules, const std::function<DnnGraph()>& build)
{
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<const DnnProgram>> programs;
    const std::scoped_lock lock(mutex);
    const std::string key = keyOf(what);
    std::weak_ptr<const DnnProgram>& known = programs[std::to_string(cardAtHand()) + ' ' + key];
    if (std::shared_ptr<const DnnProgram> program = known.lock())
        return program;
    DnnGraph graph = build();
    std::optional<DnnPlan> plan = planOf(graph, rules, key);
    if (!plan)
        return nullptr;
    auto program = std::make_shared<const DnnProgram>(DnnProgram{std::move(graph), std::move(*plan)});
    known = program;
    return program;
}

} // namespace weft
