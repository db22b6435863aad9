#pragma once

#include <string>

#include "core/training/distributed/scaling_forecast.h"

namespace weft::cli {

/// The link between `ranks` processes that are started to measure it: on this machine, or on the hosts of a file. Throws Error.
ScalingLink measuredHere(int ranks, const std::string& hostsFile);
/// The link between the hosts of a target of weft target list. Throws Error.
ScalingLink measuredOnTarget(const std::string& name);

} // namespace weft::cli
