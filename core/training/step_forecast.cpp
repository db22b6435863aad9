#include "core/training/step_forecast.h"

#include <algorithm>
#include <vector>

#include <QString>

#include "core/base/error.h"
#include "core/device/cpu_info.h"
#include "core/training/epoch_runner.h"
#include "core/training/memory_forecast.h"
#include "core/training/speed_meter.h"

namespace weft {

namespace {

/// Of the forward pass of a batch that is timed: on two slow cores its whole step takes half a second.
constexpr double mostMultiplyAdds = 1e10;
/// Of a step's time at most this share does not grow with the batch.
constexpr double mostFixed = 0.8;
/// Forward passes that a step of a sample takes as long as: its own, and the gradients of values and weights.
constexpr double passesOfStep = 3;

/// A data set with the first samples alone of its validation split: enough to time them.
class ShortValidation : public Dataset {
public:
    ShortValidation(const Dataset& whole, std::int64_t most) : m_whole(whole), m_size(std::min(most, whole.size(Split::Validation))) {}

    const std::vector<Column>& columns() const override { return m_whole.columns(); }
    const std::vector<std::string>& classNames() const override { return m_whole.classNames(); }
    std::int64_t size(Split split) const override { return split == Split::Validation ? m_size : m_whole.size(split); }
    void read(Split split, std::int64_t index, int column, void* to) const override { m_whole.read(split, index, column, to); }
    std::string sampleName(Split split, std::int64_t index) const override { return m_whole.sampleName(split, index); }
    std::span<const std::int32_t> labels(Split split) const override
    {
        const std::span<const std::int32_t> all = m_whole.labels(split);
        return split == Split::Validation ? all.first(std::min(all.size(), static_cast<std::size_t>(m_size))) : all;
    }
    std::string fingerprint() const override { return m_whole.fingerprint(); }
    const std::vector<DataWarning>& warnings() const override { return m_whole.warnings(); }

private:
    const Dataset& m_whole;
    std::int64_t m_size;
};

class Timing {
public:
    Timing(const TrainingJob& job, const SessionOptions& session, std::int64_t batchSize, const MeasureProgress& progress,
           const ForecastLimits& limits) :
        m_job(job),
        m_validation(*job.dataset, validatedBatches * batchSize), m_isPart(batchSize < job.settings.batchSize), m_progress(progress), m_limits(limits)
    {
        m_job.settings.batchSize = batchSize;
        m_job.dataset = &m_validation;
        m_runner.emplace(m_job, session);
        report(0.2);
    }

    /// The seconds of a step.
    double timeSteps()
    {
        repeat(m_limits.warmUpSeconds, 0.2, 0.35);
        m_runner->session().setProfiling(m_isPart);
        const std::vector<double> times = repeat(m_limits.stepSeconds, 0.35, 0.85);
        m_timed = static_cast<std::int64_t>(times.size());
        return middleMean(times);
    }
    /// The seconds of a step that are as many for any batch: what the trainer adds, the update of the weights above all.
    double fixedSeconds() const
    {
        double microseconds = 0;
        for (const PlanStep& step : m_runner->steps()) {
            if (step.node.empty())
                microseconds += step.microseconds;
        }
        return microseconds * 1e-6;
    }
    std::int64_t timedSteps() const { return m_timed; }

    /// The seconds of the validation of a sample. The first pass makes the plans.
    double timeValidation()
    {
        m_runner->validate();
        report(0.9);
        const Clock::time_point start = Clock::now();
        std::int64_t samples = 0;
        do {
            m_runner->validate();
            samples += m_validation.size(Split::Validation);
            report(0.95);
        } while (secondsSince(start) < m_limits.validationSeconds);
        return secondsSince(start) / static_cast<double>(samples);
    }

private:
    static constexpr std::int64_t validatedBatches = 2;

    void report(double fraction) const
    {
        if (m_progress && !m_progress(fraction))
            throw Error(WEFT_TEXT("Training", "The measurement was cancelled."));
    }

    /// The seconds of single steps, of at least one and as many as fit into `seconds`.
    std::vector<double> repeat(double seconds, double from, double to)
    {
        std::vector<double> times;
        double spent = 0;
        do {
            times.push_back(step());
            spent += times.back();
            report(from + (to - from) * std::min(1.0, spent / std::max(seconds, spent)));
        } while (spent + times.back() <= seconds);
        return times;
    }

    double step()
    {
        const std::int64_t perEpoch = m_runner->stepsPerEpoch();
        if (m_step % perEpoch == 0)
            m_runner->startEpoch(m_step / perEpoch + 1, 0);
        const Clock::time_point start = Clock::now();
        m_runner->step(++m_step, m_job.settings.learningRate);
        return secondsSince(start);
    }

    /// Lengths of batches differ, so that every step counts but the few at both ends, which something else disturbed.
    static double middleMean(std::vector<double> times)
    {
        std::sort(times.begin(), times.end());
        const std::size_t cut = times.size() / 10;
        double sum = 0;
        for (std::size_t i = cut; i < times.size() - cut; ++i)
            sum += times[i];
        return sum / static_cast<double>(times.size() - 2 * cut);
    }

    TrainingJob m_job;
    ShortValidation m_validation;
    bool m_isPart; ///< of a batch: its steps are profiled
    const MeasureProgress& m_progress;
    const ForecastLimits& m_limits;
    std::optional<EpochRunner> m_runner;
    std::int64_t m_step = 0;
    std::int64_t m_timed = 0;
};

/// Times batches of `forecast.timedBatch`. Where they are no full ones, what grows with the batch is scaled, and the
/// validation is taken for the forward part of as many steps.
void timeEpoch(StepForecast& forecast, const TrainingJob& job, const SessionOptions& session, const MeasureProgress& progress,
               ForecastLimits limits)
{
    const bool isPart = forecast.timedBatch < forecast.batchSize;
    if (isPart) {
        limits.warmUpSeconds = 0; // one step all the same
        limits.stepSeconds /= 4;
    }
    Timing timing(job, session, forecast.timedBatch, progress, limits);
    double seconds = timing.timeSteps();
    const auto validated = static_cast<double>(forecast.validationSize);
    if (isPart) {
        const double fixed = std::min(timing.fixedSeconds(), mostFixed * seconds);
        const double each = (seconds - fixed) / static_cast<double>(forecast.timedBatch);
        seconds = fixed + each * static_cast<double>(forecast.batchSize);
        forecast.validationSeconds = each / passesOfStep * validated;
    } else if (forecast.validationSize > 0) {
        forecast.validationSeconds = timing.timeValidation() * validated;
    }
    forecast.timedSteps = timing.timedSteps();
    forecast.stepMilliseconds = seconds * 1e3;
}

} // namespace

Message spanMessage(double seconds)
{
    const auto number = [](double value, int digits) { return QString::number(value, 'f', digits).toStdString(); };
    if (seconds < 1)
        return message(WEFT_TEXT("Training", "%1 ms"), number(seconds * 1e3, 0));
    if (seconds < 100)
        return message(WEFT_TEXT("Training", "%1 s"), number(seconds, seconds < 10 ? 1 : 0));
    if (seconds < 100 * 60)
        return message(WEFT_TEXT("Training", "%1 min"), number(seconds / 60, seconds < 600 ? 1 : 0));
    return message(WEFT_TEXT("Training", "%1 h"), number(seconds / 3600, 1));
}

double StepForecast::epochSeconds() const
{
    return static_cast<double>(trainingSize) / static_cast<double>(batchSize) * stepMilliseconds * 1e-3 + validationSeconds;
}

StepForecast forecastSteps(const TrainingJob& job, const SessionOptions& session, std::size_t available, const MeasureProgress& progress,
                           const ForecastLimits& limits, const ForecastNews& news)
{
    StepForecast forecast;
    forecast.trainingSize = job.dataset->size(Split::Train);
    forecast.validationSize = job.dataset->size(Split::Validation);
    if (forecast.trainingSize == 0)
        throw Error(WEFT_TEXT("Training", "The data have no %1 samples."), nameOf(Split::Train));
    forecast.batchSize = std::min(job.settings.batchSize, forecast.trainingSize);

    const MemoryForecast memory(job.network, job.settings, session, job.dataset);
    forecast.availableBytes = available;
    forecast.memoryBytes = neededMemory(memory, available);
    forecast.largestBatch = largestBatch(memory, available, forecast.trainingSize, memory.use());
    if (forecast.memoryBytes > available)
        forecast.problem = memoryProblem(memory, available);
    if (news)
        news(forecast);

    const double each = std::max(1.0, analyze(job.network).multiplyAdds);
    const auto quick = std::max<std::int64_t>(2, static_cast<std::int64_t>(mostMultiplyAdds / each));
    const std::int64_t timed = std::min({forecast.batchSize, forecast.largestBatch, quick});
    if (timed > 0) {
        forecast.timedBatch = timed;
        timeEpoch(forecast, job, session, progress, limits);
    }
    return forecast;
}

} // namespace weft
