#include "core/engine/plan.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "core/base/error.h"
#include "core/engine/traffic.h"

namespace weft {

namespace {
constexpr std::size_t alignment = 64;
}

ExecutablePlan::ExecutablePlan(Device& device, std::unique_ptr<Graph> graph, const PlanRequest& request, Schedule schedule,
                               const SessionOptions& options) :
    m_device(device),
    m_graph(std::move(graph)), m_schedule(std::move(schedule)), m_n(request.n), m_threads(options.threads), m_collectives(options.collectives),
    m_changesVariables(request.withEffects)
{
    bindCalls(m_schedule.keptSteps, m_keptCalls);
    bindCalls(m_schedule.steps, m_calls);
    m_firstFetch = m_arrays.size();
    for (const int fetch : m_schedule.fetches) {
        m_arrays.push_back(m_schedule.instances[static_cast<std::size_t>(fetch)].array);
        m_arrayInstances.push_back(fetch);
    }
    bindFeeds();
    m_keptSeconds.resize(m_keptCalls.size());
    m_seconds.resize(m_calls.size());
    if (m_schedule.keptBytes > 0)
        m_kept = static_cast<std::byte*>(m_device.allocate(m_schedule.keptBytes));
}

ExecutablePlan::~ExecutablePlan()
{
    if (m_kept)
        m_device.free(m_kept, m_schedule.keptBytes);
    for (const Feed& feed : m_feeds) {
        if (feed.staging)
            m_device.free(feed.staging, feed.bytes);
    }
}

void ExecutablePlan::bindCalls(const std::vector<Step>& steps, std::vector<Call>& calls)
{
    const auto addArray = [&](int index) {
        m_arrays.push_back(m_schedule.instances[static_cast<std::size_t>(index)].array);
        m_arrayInstances.push_back(index);
    };
    for (const Step& step : steps) {
        const std::size_t scratch = step.scratch < 0 ? 0 : m_schedule.buffers[static_cast<std::size_t>(step.scratch)].block.offset;
        calls.push_back({step.kernel.get(), m_arrays.size(), static_cast<std::uint32_t>(step.inputs.size()),
                         static_cast<std::uint32_t>(step.outputs.size()), scratch});
        std::for_each(step.inputs.begin(), step.inputs.end(), addArray);
        std::for_each(step.outputs.begin(), step.outputs.end(), addArray);
    }
}

void ExecutablePlan::bindFeeds()
{
    for (std::size_t i = 0; i < m_arrays.size(); ++i) {
        const Instance& instance = m_schedule.instances[static_cast<std::size_t>(m_arrayInstances[i])];
        const Buffer& buffer = m_schedule.buffers[static_cast<std::size_t>(instance.buffer)];
        if (buffer.place != Place::Feed)
            continue;
        auto feed = std::find_if(m_feeds.begin(), m_feeds.end(), [&](const Feed& f) { return f.input == buffer.feed; });
        if (feed == m_feeds.end()) {
            feed = m_feeds.insert(feed, Feed());
            feed->input = buffer.feed;
            feed->name = m_graph->inputs()[static_cast<std::size_t>(buffer.feed)].name();
            feed->bytes = buffer.block.bytes;
        }
        feed->arrays.push_back(i);
    }
}

void ExecutablePlan::setAddresses(const SharedMemory& memory)
{
    for (std::size_t i = 0; i < m_arrays.size(); ++i) {
        const Instance& instance = m_schedule.instances[static_cast<std::size_t>(m_arrayInstances[i])];
        const Buffer& buffer = m_schedule.buffers[static_cast<std::size_t>(instance.buffer)];
        switch (buffer.place) {
        case Place::Arena: m_arrays[i].data = memory.arena + buffer.block.offset; break;
        case Place::Kept: m_arrays[i].data = m_kept + buffer.block.offset; break;
        case Place::Variable: m_arrays[i].data = buffer.data; break;
        case Place::Feed: break;
        }
    }
    m_generation = memory.generation;
    forgetRecording();
}

const void* ExecutablePlan::usable(Feed& feed, const void* data)
{
    const bool isHost = m_device.kind() != DeviceKind::Cuda;
    if (isHost && reinterpret_cast<std::uintptr_t>(data) % alignment == 0)
        return data;
    if (!feed.staging)
        feed.staging = m_device.allocate(feed.bytes);
    const void* staged = std::exchange(feed.staged, nullptr);
    if (!staged)
        m_device.copyFromHost(feed.staging, data, feed.bytes);
    else if (staged != data)
        m_device.stage(feed.staging, data, feed.bytes); // in the place of what would still arrive
    return feed.staging;
}

void ExecutablePlan::stage(std::span<const void* const> feeds)
{
    for (Feed& feed : m_feeds) {
        const auto index = static_cast<std::size_t>(feed.input);
        if (index >= feeds.size() || !feeds[index] || !feed.staging)
            continue;
        m_device.stage(feed.staging, feeds[index], feed.bytes);
        feed.staged = feeds[index];
    }
}

void ExecutablePlan::setFeeds(std::span<const void* const> feeds)
{
    for (Feed& feed : m_feeds) {
        const auto index = static_cast<std::size_t>(feed.input);
        if (index >= feeds.size() || !feeds[index])
            throw Error(WEFT_TEXT("Engine", "The input %1 was not fed."), feed.name);
        const void* data = usable(feed, feeds[index]);
        if (data == feed.current)
            continue;
        feed.current = data;
        forgetRecording();
        // Kernels only read feeds: the builder never lets a result share their memory.
        for (const std::size_t array : feed.arrays)
            m_arrays[array].data = const_cast<void*>(data);
    }
}

KernelContext ExecutablePlan::contextOf(const StepState& state) const
{
    KernelContext context;
    context.threads = m_threads;
    context.stream = m_device.stream();
    context.state = &state;
    context.collectives = m_collectives;
    return context;
}

void ExecutablePlan::execute(const std::vector<Call>& calls, const SharedMemory& memory, const StepState& state)
{
    KernelContext context = contextOf(state);
    const Array* arrays = m_arrays.data();
    for (const Call& call : calls) {
        context.inputs = {arrays + call.firstArray, call.inputs};
        context.outputs = {arrays + call.firstArray + call.inputs, call.outputs};
        context.scratch = memory.arena + call.scratch;
        call.kernel->run(context);
    }
}

void ExecutablePlan::executeProfiled(const std::vector<Call>& calls, std::vector<double>& seconds, const SharedMemory& memory, const StepState& state)
{
    KernelContext context = contextOf(state);
    auto before = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const Call& call = calls[i];
        context.inputs = {m_arrays.data() + call.firstArray, call.inputs};
        context.outputs = {m_arrays.data() + call.firstArray + call.inputs, call.outputs};
        context.scratch = memory.arena + call.scratch;
        call.kernel->run(context);
        m_device.synchronize();
        const auto after = std::chrono::steady_clock::now();
        seconds[i] += std::chrono::duration<double>(after - before).count();
        before = after;
    }
}

void ExecutablePlan::run(const SharedMemory& memory, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state,
                         bool isProfiling, const std::function<void()>& beside)
{
    if (m_generation != memory.generation)
        setAddresses(memory);
    setFeeds(feeds);
    m_device.beginRun(state, m_n);
    const bool isStale = m_variableVersion == 0 || (!m_changesVariables && m_variableVersion != memory.variableVersion);
    if (isStale) {
        for (const Call& call : m_calls)
            call.kernel->variablesChanged();
        execute(m_keptCalls, memory, state);
        m_variableVersion = memory.variableVersion;
    }
    if (isProfiling) {
        executeProfiled(m_calls, m_seconds, memory, state);
        ++m_profiledRuns;
    } else if (!replay(memory, state)) {
        execute(m_calls, memory, state);
        m_isWarm = true;
    }
    if (beside)
        beside();
    copyFetches(fetches);
}

void ExecutablePlan::forgetRecording()
{
    m_recording.reset();
    m_isWarm = false;
}

/// Runs the calls as they were recorded; the first run of a plan is never recorded, since libraries still choose and
/// allocate in it. Exchanges between ranks cannot be recorded where the host does them; cards do them themselves.
bool ExecutablePlan::replay(const SharedMemory& memory, const StepState& state)
{
    const bool isOfDevice = !m_collectives || m_device.kind() == DeviceKind::Cuda;
    if (!m_recording && m_isWarm && m_mayRecord && isOfDevice) {
        const auto enqueue = [&] { execute(m_calls, memory, state); };
        m_recording = m_device.record(std::cref(enqueue));
        m_mayRecord = m_recording != nullptr;
    }
    if (m_recording)
        m_recording->run();
    return m_recording != nullptr;
}

void ExecutablePlan::copyFetches(std::span<void* const> fetches)
{
    m_copies.clear();
    for (std::size_t i = 0; i < std::min(fetches.size(), m_schedule.fetches.size()); ++i) {
        const Array& array = m_arrays[m_firstFetch + i];
        if (fetches[i])
            m_copies.push_back({fetches[i], array.data, storedBytes(array.type, Layout::RowMajor)});
    }
    if (m_copies.empty())
        m_device.synchronize();
    else
        m_device.fetch(m_copies);
}

std::vector<PlanStep> ExecutablePlan::steps() const
{
    std::vector<PlanStep> all;
    for (const Step& step : m_schedule.keptSteps)
        all.push_back({step.op ? step.op->spec().name : "Reorder", step.node, step.name + " (kept)", 0, 0});
    for (std::size_t i = 0; i < m_schedule.steps.size(); ++i) {
        const Step& step = m_schedule.steps[i];
        const double mean = m_profiledRuns > 0 ? m_seconds[i] / static_cast<double>(m_profiledRuns) * 1e6 : 0;
        all.push_back({step.op ? step.op->spec().name : "Reorder", step.node, step.name, step.multiplyAdds, mean});
    }
    return all;
}

double ExecutablePlan::bytesMoved() const
{
    double bytes = 0;
    for (const Step& step : m_schedule.steps) {
        for (const std::vector<int>* instances : {&step.inputs, &step.outputs}) {
            for (const int instance : *instances) {
                const Array& array = m_schedule.instances[static_cast<std::size_t>(instance)].array;
                bytes += static_cast<double>(storedBytes(array.type, array.layout));
            }
        }
    }
    return bytes;
}

double bytesMoved(const Plan& plan)
{
    return static_cast<const ExecutablePlan&>(plan).bytesMoved();
}

} // namespace weft
