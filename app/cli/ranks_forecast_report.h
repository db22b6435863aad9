#pragma once

#include <QJsonObject>

#include "app/cli/arguments.h"
#include "core/project/project.h"
#include "core/training/distributed/ranks_forecast.h"

namespace weft::cli {

/// `weft forecast --ranks N`: starts N processes with the other words of the command, which measure together. Throws Error.
RanksForecast forecastByRanks(const Arguments& arguments);
/// The same command as one of these processes: rank 0 prints the figures. Returns the exit code.
int forecastAsRank(const Arguments& arguments, const TrainingJob& job, std::int64_t parameters);

QJsonObject ranksForecastJson(const RanksForecast& forecast);
void printRanksForecast(const RanksForecast& forecast);

} // namespace weft::cli
