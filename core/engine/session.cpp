#include "core/engine/session.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <thread>
#include <tuple>

#if defined(__SSE__)
#include <immintrin.h>
#endif
#include <omp.h>

#include "core/base/error.h"
#include "core/device/collectives.h"
#include "core/device/cpu_info.h"
#include "core/engine/passes/passes.h"
#include "core/engine/plan.h"
#include "core/engine/schedule_builder.h"
#include "core/engine/variable_store.h"

namespace weft {

namespace {

/// Numbers too small for a normal exponent count as zero while this lives: they would make a step a
/// hundred times slower and change nothing. It holds for the calling thread; those of its OpenMP team
/// keep it from `everywhere` on.
class FlushDenormals {
public:
#if defined(__SSE__)
    FlushDenormals() : m_before(_mm_getcsr())
    {
        _mm_setcsr(m_before | flags);
    }
    ~FlushDenormals()
    {
        _mm_setcsr(m_before);
    }
    static void everywhere([[maybe_unused]] int threads)
    {
#pragma omp parallel num_threads(threads)
        _mm_setcsr(_mm_getcsr() | flags);
    }
#else
    FlushDenormals() = default;
    static void everywhere(int) {}
#endif
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    static constexpr unsigned flags = 0x8040; ///< flush results to zero, read operands as zero
    unsigned m_before = 0;
};

/// What tells one plan from another.
using PlanKey = std::tuple<const Graph*, std::size_t, std::int64_t, std::int64_t, bool, std::vector<int>>;

PlanKey keyOf(const Graph& graph, const PlanRequest& request)
{
    std::vector<int> fetches;
    for (const Value& fetch : request.fetches)
        fetches.push_back(fetch.id());
    return {&graph, graph.ops().size(), request.n, request.t, request.withEffects, fetches};
}

} // namespace

const char* nameOf(MemoryUse use)
{
    return use == MemoryUse::Lean ? "lean" : "normal";
}

struct Session::State {
    explicit State(const SessionOptions& given) : options(given), device(openDevice(given.device, given.deviceIndex)), variables(*device)
    {
        if (options.threads <= 0)
            options.threads = usableCores();
        device->setMeasuring(options.measuresKernels);
    }
    ~State()
    {
        endRuns();
        plans.clear();
        release(memory.arena, memory.arenaBytes);
    }

    /// After a fault some may be under way, with kernels and batches of plans that go now. The exchange with the other ranks, one
    /// of which may be lost, is part of what the plans have recorded, and ends behind that.
    void endRuns()
    {
        for (const auto& [key, plan] : plans) {
            if (plan)
                plan->forgetRecording();
        }
        device->endWork();
    }

    void release(std::byte*& data, std::size_t& bytes)
    {
        if (data)
            device->free(data, bytes);
        data = nullptr;
        bytes = 0;
    }

    void grow(std::byte*& data, std::size_t& bytes, std::size_t wanted)
    {
        if (wanted <= bytes)
            return;
        // Nothing in it outlives a run, so the old block goes first and the peak stays low.
        const std::size_t before = bytes;
        release(data, bytes);
        ++memory.generation;
        try {
            data = static_cast<std::byte*>(device->allocate(wanted));
            bytes = wanted;
        } catch (const Error&) {
            data = static_cast<std::byte*>(device->allocate(before)); // The plans that did fit go on working.
            bytes = before;
            throw;
        }
    }

    /// The team of the calling thread flushes denormals as well from now on.
    ExecutablePlan& prepared(Plan& plan)
    {
        if (runner != std::this_thread::get_id()) {
            omp_set_dynamic(0);
            FlushDenormals::everywhere(options.threads);
            runner = std::this_thread::get_id();
        }
        return static_cast<ExecutablePlan&>(plan);
    }

    void noteRun(const Plan& plan)
    {
        if (static_cast<const ExecutablePlan&>(plan).changesVariables())
            ++memory.variableVersion;
    }

    SessionOptions options;
    std::unique_ptr<Device> device;
    VariableStore variables;
    std::map<PlanKey, std::unique_ptr<ExecutablePlan>> plans;
    SharedMemory memory;
    std::thread::id runner; ///< the thread whose team flushes denormals
    int underWay = 0; ///< runs that were started and not finished
    bool isProfiling = false;
    bool hasJoined = false;
};

Session::Session(const SessionOptions& options) : m_state(std::make_unique<State>(options)) {}

Session::~Session() = default;

const SessionOptions& Session::options() const
{
    return m_state->options;
}

void Session::joinRanks()
{
    Collectives* ranks = m_state->options.collectives;
    if (!ranks || m_state->hasJoined)
        return;
    double cards[] = {m_state->device->kind() == DeviceKind::Cuda ? 1.0 : 0.0};
    ranks->sum(cards);
    if (cards[0] != 0 && cards[0] != ranks->size())
        throw Error(
            WEFT_TEXT("Engine", "%1 of the %2 ranks compute on graphics cards, the others on processors. Give all of them the same --device."),
            static_cast<int>(cards[0]), ranks->size());
    m_state->device->joinRanks(*ranks);
    m_state->hasJoined = true;
}

void Session::addVariables(const Graph& graph)
{
    m_state->variables.add(graph, m_state->options.seed);
    ++m_state->memory.variableVersion;
}

bool Session::hasVariable(const std::string& name) const
{
    return m_state->variables.has(name);
}

std::vector<std::string> Session::variableNames() const
{
    return m_state->variables.names();
}

const TensorType& Session::variableType(const std::string& name) const
{
    return m_state->variables.get(name).type;
}

Role Session::variableRole(const std::string& name) const
{
    return m_state->variables.get(name).role;
}

void Session::readVariable(const std::string& name, std::span<std::byte> bytes) const
{
    m_state->variables.read(name, bytes);
}

void Session::writeVariable(const std::string& name, std::span<const std::byte> bytes)
{
    m_state->variables.write(name, bytes);
    ++m_state->memory.variableVersion;
}

namespace {

/// A schedule and the graph that its steps point into.
struct ScheduledGraph {
    std::unique_ptr<Graph> graph;
    Schedule schedule;
};

ScheduledGraph scheduled(const Graph& graph, const PlanRequest& request, const SessionOptions& options, const VariableStore* variables)
{
    RewrittenGraph rewritten = optimised(graph, {request, options, KernelTable::process()});
    PlanRequest fetching = request;
    fetching.fetches = rewritten.fetches;
    Schedule schedule = ScheduleBuilder(*rewritten.graph, fetching, options, variables, KernelTable::process()).build();
    return {std::move(rewritten.graph), std::move(schedule)};
}

} // namespace

PlanMemory forecastPlan(const Graph& graph, const PlanRequest& request, const SessionOptions& options)
{
    SessionOptions known = options;
    if (known.threads <= 0)
        known.threads = usableCores();
    const ScheduledGraph planned = scheduled(graph, request, known, nullptr);
    return {VariableStore::bytesOf(graph.variables()), planned.schedule.arenaBytes, planned.schedule.keptBytes};
}

Plan& Session::plan(const Graph& graph, const PlanRequest& request)
{
    State& s = *m_state;
    std::unique_ptr<ExecutablePlan>& plan = s.plans[keyOf(graph, request)];
    if (!plan) {
        s.variables.add(graph, s.options.seed);
        ScheduledGraph planned = scheduled(graph, request, s.options, &s.variables);
        s.grow(s.memory.arena, s.memory.arenaBytes, planned.schedule.arenaBytes);
        plan = std::make_unique<ExecutablePlan>(*s.device, std::move(planned.graph), request, std::move(planned.schedule), s.options);
    }
    return *plan;
}

void Session::stage(Plan& plan, std::span<const void* const> feeds)
{
    static_cast<ExecutablePlan&>(plan).stage(feeds);
}

void Session::run(Plan& plan, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state)
{
    State& s = *m_state;
    const FlushDenormals flush;
    assert(s.underWay == 0 && "what they fetch is handed over in the order of their starts");
    s.prepared(plan).run(s.memory, feeds, fetches, state, s.isProfiling);
    s.noteRun(plan);
}

void Session::start(Plan& plan, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state)
{
    State& s = *m_state;
    const FlushDenormals flush;
    assert(s.underWay < runsAtOnce);
    s.prepared(plan).start(s.memory, feeds, fetches, state, s.isProfiling);
    ++s.underWay;
    s.noteRun(plan);
}

void Session::finish()
{
    assert(m_state->underWay > 0);
    --m_state->underWay;
    m_state->device->finishFetch();
}

std::unique_ptr<Stopwatch> Session::makeStopwatch()
{
    return m_state->device->makeStopwatch();
}

void Session::setProfiling(bool isOn)
{
    m_state->isProfiling = isOn;
}

std::size_t Session::variableBytes() const
{
    return m_state->variables.bytes();
}

std::size_t Session::arenaBytes() const
{
    return m_state->memory.arenaBytes;
}

} // namespace weft
