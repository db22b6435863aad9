#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/training/settings.h"

namespace weft {

/// The watched metric at the end of each epoch that is done.
struct MonitorHistory {
    std::span<const double> values;
    bool isHigherBetter = false;
};

struct RunLength {
    std::int64_t epochs = 1;
    std::int64_t stepsPerEpoch = 1;
};

/// The values of `training.schedule.type`.
const std::vector<std::string>& scheduleTypes();

/// The learning rate of a step, which counts from 1: a pure function, so that a resumed run has the
/// rates of the uninterrupted one. Definitions are those of PyTorch's schedulers; with
/// e = (step − 1) / stepsPerEpoch, and `epochs` 0 for as many as the run has:
///   constant     base
///   step         base·gamma^⌊⌊e⌋ / stepEpochs⌋
///   multistep    base·gamma^(milestones ≤ ⌊e⌋)
///   exponential  base·gamma^⌊e⌋
///   polynomial   minimumRate + (base − minimumRate)·(1 − e / epochs)^power, then minimumRate
///   cosine       from base to minimumRate in `epochs`, again and again, each periodFactor times longer
///   oneCycle     base / divisor up to base in peakShare of the run, then down to base / divisor / finalDivisor
///   plateau      base·gamma^(how often the metric has not improved by `threshold` for more than `patience`
///                epochs; `cooldown` epochs after each do not count), never below minimumRate
/// Warm-up multiplies the first warmupSteps rates by step / warmupSteps.
double scheduledRate(const ScheduleSettings& schedule, double base, const RunLength& length, std::int64_t step, const MonitorHistory& history);

/// Epochs since the metric last became better than ever before by more than `minimumDelta`; the first
/// number is better than none, and NaN than nothing.
std::int64_t epochsWithoutImprovement(const MonitorHistory& history, double minimumDelta);

} // namespace weft
