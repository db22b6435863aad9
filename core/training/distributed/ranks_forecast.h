#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/device/collectives.h"
#include "core/training/distributed/scaling_forecast.h"
#include "core/training/trainer.h"

namespace weft {

/// What ranks that share a machine give by the rule allReduce: its caches, memory and power are not theirs alone, so that a
/// step is timed while all of them compute.
struct RanksForecast {
    int ranks = 0;
    std::int64_t batchOfRank = 0; ///< samples of a step
    double aloneSeconds = 0; ///< a rank's step while the others rest
    double togetherSeconds = 0; ///< while all compute
    double stepSeconds = 0; ///< with the sums of gradients
    ScalingLink link;

    double samplesPerSecond() const { return static_cast<double>(ranks * batchOfRank) / stepSeconds; }
    /// Of as many machines with one rank each that had no gradients to add up.
    double efficiency() const { return aloneSeconds / stepSeconds; }
};

/// Measures for a few seconds, on all ranks; all get the same figures. `overlap` is the share of the sums that goes on beside
/// the backward pass, `parameters` their number. Throws Error where network and data do not fit each other, the memory
/// does not suffice for a rank's part of the batch, or the update rule is another.
RanksForecast forecastRanks(Collectives& ranks, const TrainingJob& job, const SessionOptions& session, std::int64_t parameters, double overlap,
                            std::size_t available);

/// The figures on one line of JSON, for the process that started the ranks.
std::string ranksForecastText(const RanksForecast& forecast);
/// Of a text that has such a line, perhaps among others. Throws Error where it has none.
RanksForecast ranksForecastFrom(const std::string& text);

} // namespace weft
