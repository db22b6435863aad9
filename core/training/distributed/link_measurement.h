#pragma once

#include <string>

#include "core/device/collectives.h"
#include "core/training/distributed/scaling_forecast.h"

namespace weft {

/// The link between ranks as their own sums find it: in a second or two, over slow links somewhat more. Called on all of them, and all
/// get the same figures. Throws Error where there is no other rank.
ScalingLink measureLink(Collectives& ranks);

/// The figures on one line of JSON, for the process that started the ranks.
std::string linkText(const ScalingLink& link);
/// Of a text that has such a line, perhaps among others. Throws Error where it has none.
ScalingLink linkFrom(const std::string& text);

} // namespace weft
