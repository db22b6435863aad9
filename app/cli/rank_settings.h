#pragma once

#include <vector>

#include "app/cli/command.h"

namespace weft::cli {

/// The settings of several ranks, for the help of `weft train`.
std::vector<Option> rankSettings();

} // namespace weft::cli
