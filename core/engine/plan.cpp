#include "core/engine/plan.h"

#include <algorithm>
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
    makeInbox();
    m_seconds.resize(m_calls.size());
    if (m_schedule.keptBytes > 0)
        m_kept = static_cast<std::byte*>(m_device.allocate(m_schedule.keptBytes));
}

ExecutablePlan::~ExecutablePlan()
{
    m_recording.reset();
    m_inbox.reset();
    if (m_kept)
        m_device.free(m_kept, m_schedule.keptBytes);
    for (const Feed& feed : m_feeds) {
        if (feed.copy)
            m_device.free(feed.copy, feed.bytes);
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

/// Scalars lie behind the batch, where they go to the device together with the state of the run.
void ExecutablePlan::makeInbox()
{
    std::stable_sort(m_feeds.begin(), m_feeds.end(), [](const Feed& a, const Feed& b) { return a.bytes > b.bytes; });
    std::size_t bytes = 0;
    for (Feed& feed : m_feeds) {
        feed.offset = bytes;
        bytes += (feed.bytes + alignment - 1) / alignment * alignment;
    }
    m_inbox = m_device.makeInbox(bytes, m_n);
    for (Feed& feed : m_feeds) {
        if (m_inbox)
            bindFeed(feed, m_inbox->place() + feed.offset);
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

/// Memory of the host that kernels can read: the caller's, or a copy.
const void* ExecutablePlan::aligned(Feed& feed, const void* data)
{
    if (reinterpret_cast<std::uintptr_t>(data) % alignment == 0)
        return data;
    if (!feed.copy)
        feed.copy = m_device.allocate(feed.bytes);
    m_device.copyFromHost(feed.copy, data, feed.bytes);
    return feed.copy;
}

/// What is on its way already is not put down again.
void ExecutablePlan::put(Feed& feed, const void* data)
{
    if (std::exchange(feed.staged, nullptr) != data)
        m_inbox->put(feed.offset, data, feed.bytes);
}

void ExecutablePlan::stage(std::span<const void* const> feeds)
{
    if (!m_inbox)
        return;
    for (Feed& feed : m_feeds) {
        const auto index = static_cast<std::size_t>(feed.input);
        if (index >= feeds.size() || !feeds[index])
            continue;
        m_inbox->put(feed.offset, feeds[index], feed.bytes);
        feed.staged = feeds[index];
    }
    m_inbox->send();
}

void ExecutablePlan::bindFeed(Feed& feed, const void* data)
{
    feed.current = data;
    // Kernels only read feeds: the builder never lets a result share their memory.
    for (const std::size_t array : feed.arrays)
        m_arrays[array].data = const_cast<void*>(data);
}

void ExecutablePlan::setFeeds(std::span<const void* const> feeds)
{
    for (Feed& feed : m_feeds) {
        const auto index = static_cast<std::size_t>(feed.input);
        if (index >= feeds.size() || !feeds[index])
            throw Error(WEFT_TEXT("Engine", "The input %1 was not fed."), feed.name);
        if (m_inbox) {
            put(feed, feeds[index]);
        } else if (const void* data = aligned(feed, feeds[index]); data != feed.current) {
            bindFeed(feed, data);
            forgetRecording();
        }
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

/// With a mark behind each call.
void ExecutablePlan::executeProfiled(const SharedMemory& memory, const StepState& state)
{
    if (!m_stopwatch)
        m_stopwatch = m_device.makeStopwatch();
    KernelContext context = contextOf(state);
    m_stopwatch->mark(0);
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        const Call& call = m_calls[i];
        context.inputs = {m_arrays.data() + call.firstArray, call.inputs};
        context.outputs = {m_arrays.data() + call.firstArray + call.inputs, call.outputs};
        context.scratch = memory.arena + call.scratch;
        call.kernel->run(context);
        m_stopwatch->mark(i + 1);
    }
    readStopwatch();
}

void ExecutablePlan::readStopwatch()
{
    for (std::size_t i = m_calls.size(); i-- > 0;) // The last is waited for, and then all are there.
        m_seconds[i] += m_stopwatch->seconds(i, i + 1);
    ++m_profiledRuns;
}

void ExecutablePlan::enqueue(const SharedMemory& memory, std::span<const void* const> feeds, const StepState& state, bool isProfiling)
{
    if (m_generation != memory.generation)
        setAddresses(memory);
    setFeeds(feeds);
    if (m_inbox)
        m_inbox->open(state);
    const bool isStale = m_variableVersion == 0 || (!m_changesVariables && m_variableVersion != memory.variableVersion);
    if (isStale) {
        for (const Call& call : m_calls)
            call.kernel->variablesChanged();
        execute(m_keptCalls, memory, state);
        m_variableVersion = memory.variableVersion;
    }
    if (isProfiling) {
        executeProfiled(memory, state);
    } else if (!replay(memory, state)) {
        execute(m_calls, memory, state);
        m_isWarm = true;
    }
}

void ExecutablePlan::run(const SharedMemory& memory, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state,
                         bool isProfiling)
{
    enqueue(memory, feeds, state, isProfiling);
    if (const std::span<const HostCopy> copies = copiesOf(fetches); !copies.empty())
        m_device.fetch(copies);
    else
        m_device.synchronize();
}

void ExecutablePlan::start(const SharedMemory& memory, std::span<const void* const> feeds, std::span<void* const> fetches, const StepState& state,
                           bool isProfiling)
{
    enqueue(memory, feeds, state, isProfiling);
    m_device.beginFetch(copiesOf(fetches));
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

std::span<const HostCopy> ExecutablePlan::copiesOf(std::span<void* const> fetches)
{
    m_copies.clear();
    for (std::size_t i = 0; i < std::min(fetches.size(), m_schedule.fetches.size()); ++i) {
        const Array& array = m_arrays[m_firstFetch + i];
        if (fetches[i])
            m_copies.push_back({fetches[i], array.data, storedBytes(array.type, Layout::RowMajor)});
    }
    return m_copies;
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
