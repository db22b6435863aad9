#include "core/training/precision.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/device/cpu_info.h"
#include "core/training/epoch_runner.h"
#include "core/training/memory_forecast.h"

namespace weft {

namespace {

constexpr std::int64_t trialSteps = 12;
constexpr double leastGain = 1.03;

struct Trial {
    std::vector<double> losses;
    double milliseconds = 0;
};

Trial trial(const TrainingJob& job, SessionOptions session, Precision precision)
{
    session.precision = precision;
    EpochRunner runner(job, session);
    Trial result;
    std::vector<double> times;
    runner.startEpoch(1, 0);
    for (std::int64_t step = 1; step <= std::min(trialSteps, runner.stepsPerEpoch()); ++step) {
        const auto start = std::chrono::steady_clock::now();
        result.losses.push_back(runner.step(step, job.settings.learningRate).loss);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    // The median leaves out the first step, which makes the plan.
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    result.milliseconds = times[times.size() / 2];
    return result;
}

} // namespace

bool canUseBFloat16(const SessionOptions& session)
{
    return session.device == DeviceKind::Cuda || (session.device == DeviceKind::Cpu && cpuMultipliesBFloat16());
}

PrecisionTrial tryPrecisions(const TrainingJob& job, const SessionOptions& session)
{
    requireMemory(job.network, job.settings, session, job.dataset);
    const Trial full = trial(job, session, session.precision);
    const Trial rounded = trial(job, session, Precision::BFloat16);
    PrecisionTrial result;
    result.best = session.precision;
    result.float32Milliseconds = full.milliseconds;
    result.bfloat16Milliseconds = rounded.milliseconds;
    const auto count = static_cast<double>(full.losses.size());
    for (std::size_t i = 0; i < full.losses.size(); ++i) {
        result.lossDifference += std::abs(rounded.losses[i] - full.losses[i]) / count;
        if (i > 0)
            result.lossNoise += std::abs(full.losses[i] - full.losses[i - 1]) / (count - 1);
    }
    if (full.milliseconds >= leastGain * rounded.milliseconds && result.lossDifference < result.lossNoise)
        result.best = Precision::BFloat16;
    return result;
}

} // namespace weft
