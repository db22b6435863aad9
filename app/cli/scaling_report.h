#pragma once

#include <optional>

#include <QJsonObject>

#include "app/cli/arguments.h"
#include "core/training/distributed/scaling_forecast.h"

namespace weft::cli {

/// What `weft forecast --workers` asks for.
struct ScalingRequest {
    std::vector<std::int64_t> workers;
    std::vector<std::string> updates; ///< the rule of --update, or all
    ScalingLink link;
    double stepSeconds = 0; ///< of --step; 0: to be measured
    std::optional<double> overlap; ///< of --overlap, a share; without it as the device has it
};

/// The options of the scaling forecast.
std::vector<Option> scalingOptions();
/// Throws UsageError for words it does not know, and where the link is not said. Measures it where that is asked.
ScalingRequest scalingRequest(const Arguments& arguments);

QJsonObject scalingJson(const ScalingRequest& request, const ScalingSubject& subject);
void printScaling(const ScalingRequest& request, const ScalingSubject& subject);

} // namespace weft::cli
