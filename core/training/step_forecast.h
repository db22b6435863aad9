#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/text.h"
#include "core/training/network_measure.h"
#include "core/training/trainer.h"

namespace weft {

/// What training would take on one device.
struct StepForecast {
    std::int64_t batchSize = 0; ///< of the settings, at most all training samples
    std::int64_t trainingSize = 0; ///< samples
    std::int64_t validationSize = 0;
    /// Samples in the steps that were timed: fewer than a batch where that would take too long or too much memory, and then
    /// what grows with the batch is scaled; 0: nothing was timed yet, or not even one fits.
    std::int64_t timedBatch = 0;
    std::int64_t timedSteps = 0;
    double stepMilliseconds = 0; ///< of a full batch, its loading included
    double validationSeconds = 0; ///< of the whole validation split
    std::size_t memoryBytes = 0; ///< beside the program and the opened data
    std::size_t availableBytes = 0;
    std::int64_t largestBatch = 0; ///< that fits; 0: none
    std::optional<Message> problem; ///< the memory does not suffice: one sentence with what would

    std::int64_t stepsPerEpoch() const { return (trainingSize + batchSize - 1) / batchSize; }
    double samplesPerSecond() const { return stepMilliseconds > 0 ? static_cast<double>(batchSize) / stepMilliseconds * 1e3 : 0; }
    /// With the validation at its end.
    double epochSeconds() const;
    bool isTimed() const { return timedBatch > 0; }
    /// A part of a step was timed, and the validation was not.
    bool isEstimate() const { return isTimed() && timedBatch < batchSize; }
};
/// Told what is known before the time is.
using ForecastNews = std::function<void(const StepForecast&)>;

/// How long a forecast may measure. A step is never cut short, so that large networks are timed with a part of a batch.
struct ForecastLimits {
    double warmUpSeconds = 0.3; ///< memory is touched, the loader has read ahead
    double stepSeconds = 1.0;
    double validationSeconds = 0.2;
};

/// How long something takes, to read: "54 ms", "45 s", "12 min", "3.5 h".
Message spanMessage(double seconds);

/// Plans the memory and tells it to `news`, then times steps as a run does them: with its data, its loader and its
/// optimizer. Nothing is written, and what was learned is forgotten. Throws Error when network and data do not fit each
/// other, or it was cancelled.
StepForecast forecastSteps(const TrainingJob& job, const SessionOptions& session, std::size_t available, const MeasureProgress& progress = {},
                           const ForecastLimits& limits = {}, const ForecastNews& news = {});

} // namespace weft
