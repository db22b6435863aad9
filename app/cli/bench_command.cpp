#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <new>

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/cli/arguments.h"
#include "app/cli/device_option.h"
#include "app/cli/measure_option.h"
#include "app/cli/output.h"
#include "app/cli/precision_option.h"
#include "app/cli/set_option.h"
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/device/cpu/peak.h"
#include "core/engine/traffic.h"
#include "core/network/lowering.h"
#include "core/project/project.h"
#include "core/training/memory_forecast.h"
#include "core/training/training_graph.h"

namespace weft::cli {

namespace {

/// Memory as the loader hands it out: aligned, so that the engine reads it in place.
class FeedBuffer {
public:
    explicit FeedBuffer(std::size_t bytes) :
        m_data(static_cast<std::byte*>(::operator new(std::max<std::size_t>(bytes, 1), alignment)),
               [](std::byte* data) { ::operator delete(data, alignment); })
    {
        std::fill_n(m_data.get(), bytes, std::byte(0));
    }
    std::byte* data() const { return m_data.get(); }

private:
    static constexpr std::align_val_t alignment{64};
    std::unique_ptr<std::byte, void (*)(std::byte*)> m_data;
};

/// Whole numbers that are fed lie below this: the classes of the prediction that the value is the target of, or the
/// rows of the table in which it is looked up.
std::int64_t limitOf(const Lowered& lowered, const Value& value)
{
    for (const auto& op : lowered.graph->ops()) {
        if (std::string(op->spec().name) == "Embedding" && op->input(1) == value)
            return op->input(0).shape()[0].factor;
    }
    for (const LoweredLoss& loss : lowered.losses) {
        if (loss.target == value && loss.prediction.shape().rank() > 1)
            return std::max<std::int64_t>(loss.prediction.shape()[1].factor, 1);
    }
    return 2;
}

/// Steps of the sequences that are timed: the most there may be.
std::int64_t stepsOf(const Lowered& lowered)
{
    return std::max<std::int64_t>(lowered.longest, 1);
}

FeedBuffer generated(const Lowered& lowered, const Value& value, std::int64_t n)
{
    const std::int64_t steps = stepsOf(lowered);
    const Extents extents = value.shape().at(n, steps);
    const std::int64_t count = elementCount(extents);
    FeedBuffer buffer(static_cast<std::size_t>(count) * sizeOf(value.dtype()));
    const std::uint64_t stream = fnv1a64(value.name());
    const std::int64_t limit = limitOf(lowered, value);
    const bool isLengths = value.name().ends_with(".lengths");
    for (std::int64_t i = 0; i < count; ++i) {
        const std::uint32_t word = philox(1, stream, static_cast<std::uint64_t>(i))[0];
        switch (value.dtype()) {
        case DType::Float32: reinterpret_cast<float*>(buffer.data())[i] = uniform01(word); break;
        case DType::Int32:
            reinterpret_cast<std::int32_t*>(buffer.data())[i]
                = static_cast<std::int32_t>(isLengths ? static_cast<std::uint64_t>(steps) : word % static_cast<std::uint64_t>(limit));
            break;
        case DType::UInt8: reinterpret_cast<std::uint8_t*>(buffer.data())[i] = static_cast<std::uint8_t>(word); break;
        default: throw Error(WEFT_TEXT("cli", "The input %1 has type %2, which bench cannot generate."), value.name(), nameOf(value.dtype()));
        }
    }
    return buffer;
}

/// One step of training or inference on generated data, ready to be repeated.
class Workload {
public:
    Workload(const Project& project, const SessionOptions& options, std::int64_t n, bool isTraining, TrainingSettings settings) :
        m_lowered(lower(project.network, {isTraining ? Mode::Train : Mode::Infer, isTraining})), m_numbers{static_cast<float>(settings.learningRate),
                                                                                                           1, 1, 0.5f, 0.5f},
        m_session(options), m_isOnCard(options.device == DeviceKind::Cuda)
    {
        PlanRequest request;
        request.n = n;
        request.t = stepsOf(m_lowered);
        request.withEffects = isTraining;
        if (isTraining) {
            const TrainingGraph training = buildTrainingGraph(m_lowered, settings, StepKind::Update, false, options.precision == Precision::Float16);
            m_scalars = training.scalars;
            request.fetches = {training.metrics.loss};
        } else {
            for (const LoweredOutput& output : m_lowered.outputs)
                request.fetches.push_back(output.value);
        }
        feed(n);
        for (const Value& fetch : request.fetches)
            m_buffers.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(n, request.t))) * sizeOf(fetch.dtype()));
        for (std::size_t i = m_buffers.size() - request.fetches.size(); i < m_buffers.size(); ++i)
            m_fetches.push_back(m_buffers[i].data());
        m_plan = &m_session.plan(*m_lowered.graph, request);
        for (std::int64_t i = 0; i < n; ++i)
            m_samples.push_back(i);
    }

    /// Milliseconds of one step.
    double step()
    {
        const auto before = std::chrono::steady_clock::now();
        m_session.run(*m_plan, m_feeds, m_fetches, nextState());
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count();
    }

    /// Milliseconds of a step on a card, by its own clock, where `count` follow each other. As in training, the next batch is on its
    /// way while one is computed, and the host hears of a loss while the next step goes on.
    double stepsInARow(std::int64_t count)
    {
        if (!m_stopwatch)
            m_stopwatch = m_session.makeStopwatch();
        m_stopwatch->mark(0);
        for (std::int64_t i = 0; i < count; ++i) {
            m_session.start(*m_plan, m_feeds, m_fetches, nextState());
            m_session.stage(*m_plan, m_feeds);
            if (i > 0)
                m_session.finish();
        }
        m_stopwatch->mark(1);
        m_session.finish();
        return 1e3 * m_stopwatch->seconds(0, 1) / static_cast<double>(count);
    }

    bool isOnCard() const { return m_isOnCard; }

    double flops() const
    {
        double multiplyAdds = 0;
        for (const PlanStep& planStep : m_plan->steps())
            multiplyAdds += planStep.multiplyAdds;
        return 2 * multiplyAdds;
    }

    double bytes() const { return bytesMoved(*m_plan); }

    std::vector<PlanStep> profile(int steps)
    {
        m_session.setProfiling(true);
        for (int i = 0; i < steps; ++i)
            step();
        m_session.setProfiling(false);
        return m_plan->steps();
    }

    /// What variables and values of a step take where they lie.
    std::size_t plannedBytes() const { return m_session.variableBytes() + m_session.arenaBytes(); }

    int threads() const { return m_session.options().threads; }

private:
    StepState nextState() { return {1, ++m_step, m_samples.data()}; }

    void feed(std::int64_t n)
    {
        m_buffers.reserve(m_lowered.graph->inputs().size() + m_lowered.outputs.size() + 1);
        for (const Value& input : m_lowered.graph->inputs()) {
            const auto scalar = std::find_if(m_scalars.begin(), m_scalars.end(), [&](const ScalarFeed& s) { return s.value == input; });
            if (scalar != m_scalars.end()) {
                m_feeds.push_back(&(m_numbers.*scalar->number));
                continue;
            }
            m_buffers.push_back(generated(m_lowered, input, n));
            m_feeds.push_back(m_buffers.back().data());
        }
    }

    Lowered m_lowered;
    alignas(64) StepNumbers m_numbers;
    std::vector<ScalarFeed> m_scalars;
    Session m_session;
    Plan* m_plan = nullptr;
    bool m_isOnCard;
    std::unique_ptr<Stopwatch> m_stopwatch;
    std::vector<FeedBuffer> m_buffers;
    std::vector<const void*> m_feeds;
    std::vector<void*> m_fetches;
    std::vector<std::int64_t> m_samples;
    std::int64_t m_step = 0;
};

/// The largest resident memory of this process so far.
std::int64_t peakMemoryBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmHWM:", 0) == 0)
            return std::stoll(line.substr(6)) * 1024;
    }
    return 0;
}

constexpr double wholeMilliseconds = 2000; ///< of a measurement

/// Milliseconds of a step, sorted.
struct StepTimes {
    std::vector<double> sorted; ///< of single steps; of a card the means of rounds
    std::int64_t steps = 0;
};

void warmUp(Workload& workload)
{
    constexpr double milliseconds = 300;
    double spent = 0;
    for (int i = 0; i < 3 || (spent < milliseconds && i < 1000); ++i)
        spent += workload.step();
}

StepTimes measureSteps(Workload& workload, std::optional<std::int64_t> steps)
{
    StepTimes times;
    for (double spent = 0; steps ? times.steps < *steps : times.steps < 10 || spent < wholeMilliseconds; ++times.steps) {
        times.sorted.push_back(workload.step());
        spent += times.sorted.back();
    }
    return times;
}

/// Steps of a card follow each other, without the host between them.
StepTimes measureRounds(Workload& workload, std::optional<std::int64_t> steps)
{
    StepTimes times;
    const double one = std::max(workload.stepsInARow(3), 1e-3);
    times.steps = steps ? *steps : std::max<std::int64_t>(10, static_cast<std::int64_t>(wholeMilliseconds / one));
    const std::int64_t rounds = std::min<std::int64_t>(7, times.steps);
    for (std::int64_t round = 0; round < rounds; ++round)
        times.sorted.push_back(workload.stepsInARow((round + 1) * times.steps / rounds - round * times.steps / rounds));
    return times;
}

/// Times `steps` steps after a warm-up; without a number, as many as take about two seconds.
StepTimes measure(Workload& workload, std::optional<std::int64_t> steps)
{
    warmUp(workload);
    StepTimes times = workload.isOnCard() ? measureRounds(workload, steps) : measureSteps(workload, steps);
    std::sort(times.sorted.begin(), times.sorted.end());
    return times;
}

double quantile(const std::vector<double>& sorted, double share)
{
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
}

QJsonArray profileJson(const std::vector<PlanStep>& steps)
{
    QJsonArray list;
    for (const PlanStep& step : steps) {
        list.append(QJsonObject{{QStringLiteral("op"), QString::fromStdString(step.op)},
                                {QStringLiteral("layer"), QString::fromStdString(step.node)},
                                {QStringLiteral("kernel"), QString::fromStdString(step.kernel)},
                                {QStringLiteral("microseconds"), step.microseconds},
                                {QStringLiteral("multiply_adds"), step.multiplyAdds}});
    }
    return list;
}

void printProfile(const std::vector<PlanStep>& steps)
{
    print(QStringLiteral("\n%1 %2 %3 %4 %5")
              .arg(padded(Cli::tr("operation"), -28))
              .arg(padded(Cli::tr("layer"), -14))
              .arg(padded(Cli::tr("kernel"), -32))
              .arg(Cli::tr("µs"), 10)
              .arg(QStringLiteral("GFLOP/s"), 9));
    double total = 0;
    for (const PlanStep& step : steps) {
        total += step.microseconds;
        const double gigaflops = step.microseconds > 0 ? 2e-3 * step.multiplyAdds / step.microseconds : 0;
        print(QStringLiteral("%1 %2 %3 %4 %5")
                  .arg(QString::fromStdString(step.op), -28)
                  .arg(QString::fromStdString(step.node), -14)
                  .arg(QString::fromStdString(step.kernel), -32)
                  .arg(step.microseconds, 10, 'f', 1)
                  .arg(gigaflops > 0 ? QString::number(gigaflops, 'f', 1) : QString(), 9));
    }
    print(QStringLiteral("%1 %2").arg(padded(Cli::tr("all operations"), -76)).arg(total, 10, 'f', 1));
}

int runBench(const Arguments& arguments)
{
    Project project = readProject(arguments.at(0));
    applySettings(project, arguments);
    const Analysis analysis = analyze(project.network);
    if (hasErrors(analysis.diagnostics)) {
        printErrors(analysis.diagnostics);
        return failed;
    }
    const bool isTraining = arguments.value("mode", "train") == "train";
    TrainingSettings settings = trainingSettings(project.training);
    settings.batchSize = arguments.integer("batch-size", 1, 1 << 20).value_or(settings.batchSize);
    settings.memory = arguments.value("memory", settings.memory);
    const std::int64_t n = settings.batchSize;
    const std::optional<std::int64_t> steps = arguments.integer("steps", 1, 1'000'000);

    SessionOptions options = sessionOn(arguments.value("device", "cpu"));
    options.precision = askedPrecision(arguments, options);
    options.measuresKernels = asksForMeasuring(arguments, options);
    options.memory = memoryUse(settings);
    options.withoutKernels = arguments.value("without");
    options.seed = settings.seed;
    if (isTraining)
        requireMemory(project.network, settings, options);
    Workload workload(project, options, n, isTraining, settings);
    const StepTimes times = measure(workload, steps);
    const double median = quantile(times.sorted, 0.5);
    const std::int64_t memory = peakMemoryBytes();
    const double flops = workload.flops();
    const bool isHost = options.device != DeviceKind::Cuda;
    const double share = isHost ? flops / (median * 1e-3) / measurePeakFlops(workload.threads()) : 0;
    const std::vector<PlanStep> profile = arguments.has("profile") ? workload.profile(50) : std::vector<PlanStep>();

    if (arguments.has("json")) {
        QJsonObject result{{QStringLiteral("mode"), isTraining ? QStringLiteral("train") : QStringLiteral("infer")},
                           {QStringLiteral("batch_size"), static_cast<qint64>(n)},
                           {QStringLiteral("steps"), static_cast<qint64>(times.steps)},
                           {QStringLiteral("samples_per_second"), static_cast<double>(n) / (median * 1e-3)},
                           {QStringLiteral("step_ms"),
                            QJsonObject{{QStringLiteral("median"), median},
                                        {QStringLiteral("p10"), quantile(times.sorted, 0.1)},
                                        {QStringLiteral("p90"), quantile(times.sorted, 0.9)}}},
                           {QStringLiteral("peak_memory_bytes"), static_cast<qint64>(memory)},
                           {QStringLiteral("planned_memory_bytes"), static_cast<qint64>(workload.plannedBytes())},
                           {QStringLiteral("flops"), flops},
                           {QStringLiteral("bytes_moved"), workload.bytes()},
                           {QStringLiteral("flops_share_of_peak"), isHost ? QJsonValue(share) : QJsonValue()}};
        if (!profile.empty())
            result[QStringLiteral("profile")] = profileJson(profile);
        printJson(QJsonDocument(result));
        return done;
    }
    print(Cli::tr("samples per second  %1").arg(static_cast<double>(n) / (median * 1e-3), 0, 'f', 0));
    print(Cli::tr("step                %1 ms (10 %: %2, 90 %: %3, %4 steps)")
              .arg(median, 0, 'f', 3)
              .arg(quantile(times.sorted, 0.1), 0, 'f', 3)
              .arg(quantile(times.sorted, 0.9), 0, 'f', 3)
              .arg(times.steps));
    print(Cli::tr("peak memory         %1 MB").arg(static_cast<double>(memory) * 1e-6, 0, 'f', 1));
    if (isHost)
        print(Cli::tr("arithmetic          %1 MFLOP a step, %2 % of the peak").arg(flops * 1e-6, 0, 'f', 1).arg(100 * share, 0, 'f', 1));
    if (!profile.empty())
        printProfile(profile);
    return done;
}

} // namespace

Command benchCommand()
{
    return {"bench",
            "PROJECT",
            1,
            1,
            WEFT_TEXT("cli", "Measures training or inference steps on generated data."),
            {deviceOption(),
             {"batch-size", "N", WEFT_TEXT("cli", "Samples in a batch; the project's is the default.")},
             {"precision",
              "fp32|bf16|fp16",
              WEFT_TEXT("cli", "Number format of products; fp32 is the default, fp16 is for CUDA cards."),
              {"fp32", "bf16", "fp16"}},
             tf32Option(),
             measureOption(),
             {"memory",
              "normal|lean",
              WEFT_TEXT("cli", "Whether training keeps values or computes them again; the project's is the default."),
              {"normal", "lean"}},
             {"mode", "train|infer", WEFT_TEXT("cli", "What to measure; train is the default."), {"train", "infer"}},
             setOption(),
             {"steps", "N", WEFT_TEXT("cli", "Steps to time; as many as fit into two seconds without it.")},
             {"without", "WORD", WEFT_TEXT("cli", "Leaves out kernels with this word in their name, such as winograd; --profile names them.")},
             {"profile", "", WEFT_TEXT("cli", "Also shows the time of every operation.")},
             {"json", "", WEFT_TEXT("cli", "Prints one JSON document.")}},
            runBench,
            Threads::Team};
}

} // namespace weft::cli
