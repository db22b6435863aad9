#include "core/training/memory_forecast.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "core/base/error.h"
#include "core/device/cpu_info.h"
#include "core/network/lowering.h"
#include "core/training/distributed/batch_of_ranks.h"
#include "core/training/training_graph.h"

namespace weft {

namespace {

/// An allowance, since what NCCL takes depends on how the cards are linked, on the number of its channels (with a FIFO of 4 MiB
/// each a peer, NCCL_BUFFSIZE) and on its version: 688 MB for more than two A100 with NVLink are reported in issue 964 of
/// NVIDIA/nccl. Not measured by us.
constexpr std::size_t exchangeBytes = 700'000'000;

/// A lowered network and what its plan is asked for.
struct PlannedGraph {
    Lowered lowered;
    std::vector<Value> fetches;
    bool isTraining = false;
};

PlannedGraph trainingGraph(const Network& network, const TrainingSettings& settings, StepKind kind, const SessionOptions& session)
{
    PlannedGraph planned{lower(network, {Mode::Train, true}), {}, true};
    const BatchMetrics metrics = buildTrainingGraph(planned.lowered, settings, kind, false, session.precision == Precision::Float16).metrics;
    planned.fetches.push_back(metrics.loss);
    if (metrics.correct)
        planned.fetches.push_back(metrics.correct);
    return planned;
}

PlannedGraph inferenceGraph(const Network& network, bool withLosses)
{
    PlannedGraph planned{lower(network, {Mode::Infer, withLosses}), {}, false};
    if (withLosses)
        planned.fetches.push_back(planned.lowered.loss);
    for (const LoweredOutput& output : planned.lowered.outputs)
        planned.fetches.push_back(output.value);
    return planned;
}

/// The most steps that a batch may have; where the data do not fit the network, what that takes.
std::int64_t longestOf(const Lowered& lowered, const Dataset* dataset)
{
    const bool isKnown = dataset && std::ranges::none_of(cutColumns(lowered, *dataset), [](int column) { return column < 0; });
    return isKnown ? longestTime(lowered, *dataset) : std::max<std::int64_t>(lowered.longest, 1);
}

bool hasLoss(const Network& network)
{
    return static_cast<bool>(lower(network, {Mode::Train, true}).loss);
}

/// At most the bytes of a value in any layout, whose channels or samples may be padded to 16.
double mostBytesOf(const Value& value, std::int64_t n, std::int64_t t)
{
    Extents extents = value.shape().at(n, t);
    const double count = static_cast<double>(elementCount(extents));
    for (std::size_t i = 0; extents.size() > 1 && i < 2; ++i)
        extents[i] = (extents[i] + 15) / 16 * 16;
    return std::max(count, extents.size() > 2 ? static_cast<double>(elementCount(extents)) : count) * static_cast<double>(sizeOf(value.dtype()));
}

} // namespace

MemoryUse memoryUse(const TrainingSettings& settings)
{
    return settings.memory == nameOf(MemoryUse::Lean) ? MemoryUse::Lean : MemoryUse::Normal;
}

struct MemoryForecast::State {
    TrainingSettings settings;
    SessionOptions session;
    std::int64_t ranks = 1;
    std::int64_t ranksHere = 1;
    std::int64_t shares = 1; ///< of a batch
    std::int64_t time = 1;
    std::int64_t trainingSize = 0; ///< 0: not known
    std::int64_t validationSize = 0;
    std::optional<PlannedGraph> update;
    std::optional<PlannedGraph> gathering;
    std::optional<PlannedGraph> inference;
    std::map<std::pair<std::int64_t, MemoryUse>, TrainingMemory> known; ///< by batch: planned before

    PlanMemory plan(const std::optional<PlannedGraph>& graph, std::int64_t n, MemoryUse use) const
    {
        if (!graph)
            return {};
        SessionOptions options = session;
        options.memory = use;
        return forecastPlan(*graph->lowered.graph, {n, time, graph->fetches, graph->isTraining}, options);
    }

    bool isOnCard() const { return session.device == DeviceKind::Cuda; }

    std::size_t batchBytes(std::int64_t n) const
    {
        const Lowered& lowered = (update ? update : inference)->lowered;
        std::size_t batch = 0;
        for (const LoweredFeed& feed : lowered.feeds)
            batch += static_cast<std::size_t>(elementCount(feed.value.shape().at(n, time))) * sizeOf(feed.value.dtype());
        return batch;
    }
    /// Batches that a loader holds, and their copies where the engine cannot read them in place.
    std::size_t loaderBytes(std::int64_t n) const { return batchBytes(n) * (static_cast<std::size_t>(LoaderOptions().prefetch) + 2); }

    std::int64_t cappedBatch(std::int64_t n) const { return trainingSize > 0 ? std::min(n, trainingSize) : n; }
    /// The largest part of a batch that a rank computes.
    std::int64_t partOf(std::int64_t n) const { return n / shares + (n % shares != 0 ? 1 : 0); }

    /// Batches on a card: each plan has a place to read them from, full ones of the training another one where the next batch
    /// arrives meanwhile; the smaller batch at the end of an epoch has a plan of its own.
    std::size_t stagedBytes(std::int64_t batchSize) const
    {
        const auto placesOf = [&](std::int64_t samples, std::size_t ofFull) {
            const std::int64_t full = samples > 0 ? std::min(batchSize, samples) : batchSize;
            return ofFull * batchBytes(partOf(full)) + batchBytes(partOf(samples % full));
        };
        return (update ? placesOf(trainingSize, 2) : 0) + (gathering ? 2 * batchBytes(partOf(cappedBatch(batchSize))) : 0)
            + (inference ? placesOf(validationSize, 1) : 0);
    }
};

MemoryForecast::MemoryForecast(const Network& network, const TrainingSettings& settings, const SessionOptions& session, const Dataset* dataset,
                               RankCount ranks) :
    m_state(std::make_unique<State>())
{
    State& s = *m_state;
    s.settings = settings;
    s.session = session;
    s.ranks = ranks.all;
    s.ranksHere = ranks.here;
    s.shares = settings.distributed.batch == "perRank" ? 1 : ranksOfBatch(settings, ranks.all);
    const bool isTrainable = hasLoss(network);
    if (isTrainable)
        s.update = trainingGraph(network, settings, StepKind::Update, session);
    if (isTrainable && settings.gradientAccumulation > 1)
        s.gathering = trainingGraph(network, settings, StepKind::Gather, session);
    s.inference = inferenceGraph(network, isTrainable);
    const Lowered& lowered = s.update ? s.update->lowered : s.inference->lowered;
    s.time = longestOf(lowered, dataset);
    if (dataset) {
        s.trainingSize = dataset->size(Split::Train);
        s.validationSize = dataset->size(Split::Validation);
        if (s.validationSize == 0 && isTrainable)
            s.inference.reset();
    }
}

MemoryForecast::~MemoryForecast() = default;

TrainingMemory MemoryForecast::memory() const
{
    return memory(batchSize(), use());
}

MemoryUse MemoryForecast::use() const
{
    return memoryUse(m_state->settings);
}

std::int64_t MemoryForecast::shares() const
{
    return m_state->shares;
}

std::int64_t MemoryForecast::batchSize() const
{
    return m_state->cappedBatch(m_state->settings.batchSize);
}

TrainingMemory MemoryForecast::memory(std::int64_t batchSize, MemoryUse use) const
{
    const auto known = m_state->known.find({batchSize, use});
    if (known != m_state->known.end())
        return known->second;
    return m_state->known[{batchSize, use}] = planned(batchSize, use);
}

TrainingMemory MemoryForecast::planned(std::int64_t batchSize, MemoryUse use) const
{
    const State& s = *m_state;
    const std::int64_t n = s.partOf(s.cappedBatch(batchSize));
    const PlanMemory update = s.plan(s.update, n, use);
    const PlanMemory gathering = s.plan(s.gathering, n, use);
    const std::int64_t validated = s.validationSize > 0 ? s.partOf(std::min(batchSize, s.validationSize)) : n;
    const PlanMemory inference = s.plan(s.inference, validated, use);
    // Averaged weights are validated in a session of their own.
    const bool isApart = s.update && s.inference && s.settings.averagingDecay > 0.0;

    TrainingMemory memory;
    memory.variables = std::max({update.variables, gathering.variables, isApart ? 0 : inference.variables});
    memory.checkpoint = s.update ? memory.variables : 0;
    memory.arena = std::max({update.arena, gathering.arena, isApart ? 0 : inference.arena});
    memory.packed = update.kept + gathering.kept + inference.kept;
    if (isApart) {
        memory.variables += inference.variables;
        memory.arena += inference.arena;
    }
    memory.loader = (s.update ? s.loaderBytes(n) : 0) + (s.inference ? s.loaderBytes(validated) : 0);
    if (s.isOnCard()) {
        memory.loader = s.stagedBytes(batchSize);
        memory.checkpoint = 0;
        memory.exchange = s.ranks > 1 ? exchangeBytes : 0;
        return memory; // Each rank has a card of its own.
    }
    // One rank writes the checkpoints; all else each has for itself.
    for (std::size_t* bytes : {&memory.variables, &memory.arena, &memory.packed, &memory.loader})
        *bytes *= static_cast<std::size_t>(s.ranksHere);
    return memory;
}

double MemoryForecast::mostBytes() const
{
    const State& s = *m_state;
    const std::int64_t n = s.partOf(s.cappedBatch(s.settings.batchSize));
    double most = 2.0 * static_cast<double>(s.loaderBytes(n));
    for (const std::optional<PlannedGraph>* graph : {&s.update, &s.gathering, &s.inference}) {
        if (!*graph)
            continue;
        const Graph& ops = *(*graph)->lowered.graph;
        for (const auto& op : ops.ops()) {
            for (const Value& output : op->outputs())
                most += mostBytesOf(output, n, s.time);
        }
        for (const Value& variable : ops.variables())
            most += mostBytesOf(variable, n, s.time);
    }
    return s.isOnCard() ? most + (s.ranks > 1 ? static_cast<double>(exchangeBytes) : 0.0) : most * static_cast<double>(s.ranksHere);
}

namespace {

/// Total of a batch far too large to be planned, from the line through two small ones.
std::size_t extrapolatedTotal(const MemoryForecast& forecast)
{
    const std::int64_t small = 16 * forecast.shares();
    const auto one = static_cast<double>(forecast.memory(small, forecast.use()).total());
    const auto two = static_cast<double>(forecast.memory(2 * small, forecast.use()).total());
    return static_cast<std::size_t>(one + (two - one) / double(small) * static_cast<double>(forecast.batchSize() - small));
}

} // namespace

/// Memory grows nearly evenly with the batch, so that a line through two sizes comes near the answer.
std::int64_t largestBatch(const MemoryForecast& forecast, std::size_t available, std::int64_t most, MemoryUse use)
{
    const auto total = [&](std::int64_t n) { return forecast.memory(n, use).total(); };
    std::int64_t fitting = 1;
    std::size_t taken = total(fitting);
    if (taken > available)
        return 0;
    std::int64_t tooLarge = most + 1;
    // A size that was planned for itself costs nothing.
    constexpr std::int64_t small = 32;
    std::int64_t guess = std::min(most, forecast.batchSize() > 1 ? std::min(forecast.batchSize(), small) : small);
    constexpr int tries = 12;
    for (int i = 0; i < tries && guess > fitting; ++i) {
        const std::size_t at = total(guess);
        const double slope = std::max(1.0, (static_cast<double>(at) - static_cast<double>(taken)) / static_cast<double>(guess - fitting));
        if (at <= available) {
            fitting = guess;
            taken = at;
        } else {
            tooLarge = guess;
        }
        // Less than 3 % is not worth another plan. More is: batches are padded to whole vectors, so that the line is a stair,
        // and the next step of it may hold what the slope takes for too much.
        const std::int64_t worth = std::max<std::int64_t>(1, fitting / 32);
        if (tooLarge - fitting <= worth)
            break;
        const double more = static_cast<double>(available - taken) / slope;
        guess = fitting + static_cast<std::int64_t>(std::clamp(more, double(worth), double(tooLarge - 1 - fitting)));
    }
    return fitting;
}

std::size_t neededMemory(const MemoryForecast& forecast, std::size_t available)
{
    // Sizes beyond all measure are not planned: kernels are not made for them.
    constexpr double beyondPlanning = 16.0;
    const bool isBeyond = forecast.mostBytes() > beyondPlanning * static_cast<double>(available);
    return isBeyond ? extrapolatedTotal(forecast) : forecast.memory().total();
}

namespace {

/// What stands behind "needs this, has that": how to make it fit.
Message remedy(const MemoryForecast& forecast, std::size_t available, const std::string& need, const std::string& free)
{
    const std::int64_t wanted = forecast.batchSize();
    const auto largest = [&](MemoryUse with) { return largestBatch(forecast, available, wanted, with); };
    const std::int64_t batch = largest(forecast.use());
    const std::int64_t lean = forecast.use() == MemoryUse::Lean ? batch : largest(MemoryUse::Lean);
    if (lean <= batch && batch > 0)
        return message(
            WEFT_TEXT("Training", "Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits."),
            wanted, need, free, batch);
    if (lean == wanted && batch > 0)
        return message(WEFT_TEXT("Training",
                                 "Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits, or "
                                 "keep it and recompute values to save memory (--memory lean)."),
                       wanted, need, free, batch);
    if (lean == wanted)
        return message(WEFT_TEXT("Training",
                                 "Training in batches of %1 takes about %2 of memory, but only %3 are free: recompute values to save memory "
                                 "(--memory lean), which fits."),
                       wanted, need, free);
    if (lean > 0 && batch > 0)
        return message(
            WEFT_TEXT("Training",
                      "Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4, which fits, or to "
                      "%5 and recompute values to save memory (--memory lean)."),
            wanted, need, free, batch, lean);
    if (lean > 0)
        return message(WEFT_TEXT("Training",
                                 "Training in batches of %1 takes about %2 of memory, but only %3 are free: set the batch size to %4 and recompute "
                                 "values to save memory (--memory lean), which fits."),
                       wanted, need, free, lean);
    return message(WEFT_TEXT("Training",
                             "Training in batches of %1 takes about %2 of memory, but only %3 are free, and not even a batch of 1 fits: make the "
                             "largest layers smaller, or close other programs."),
                   wanted, need, free);
}

} // namespace

std::optional<Message> memoryProblem(const MemoryForecast& forecast, std::size_t available)
{
    const double most = forecast.mostBytes();
    const auto room = static_cast<double>(available);
    // Kernels' workspaces are a part of what they work on; the rest covers what no batch changes.
    constexpr double margin = 2.0;
    constexpr double fixedBytes = 512e6;
    if (margin * most + fixedBytes < room)
        return std::nullopt;
    const std::size_t need = neededMemory(forecast, available);
    if (need <= available)
        return std::nullopt;
    return remedy(forecast, available, bytesText(need), bytesText(available));
}

std::size_t memoryFor(const SessionOptions& session)
{
    if (session.device != DeviceKind::Cuda)
        return availableMemory();
    for (const DeviceInfo& info : listDevices()) {
        if (info.id == "cuda:" + std::to_string(session.deviceIndex))
            return info.memoryBytes;
    }
    return 0;
}

void requireMemory(const Network& network, const TrainingSettings& settings, const SessionOptions& session, const Dataset* dataset, RankCount ranks)
{
    const std::size_t room = memoryFor(session);
    if (room == 0)
        return; // Opening the device says why there is none.
    std::optional<Message> problem;
    try {
        problem = memoryProblem(MemoryForecast(network, settings, session, dataset, ranks), room);
    } catch (const Error&) {
        return; // A fault of the network or the data, which the training itself reports.
    }
    if (problem)
        throw Error(*problem);
}

std::string bytesText(std::size_t bytes)
{
    constexpr const char* units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    double number = static_cast<double>(bytes) / 1e3;
    std::size_t unit = 0;
    for (; number >= 999.5 && unit + 1 < std::size(units); ++unit)
        number /= 1e3;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", number < 99.95 && unit > 0 ? 1 : 0, number, units[unit]);
    return text.data();
}

} // namespace weft
