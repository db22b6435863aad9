#pragma once

#include <optional>
#include <string>

#include "core/base/text.h"

namespace weft {

/// What srun says in a job's log of the first rank that it lost since the run last started; it then ends the others, which is the
/// last that it says.
std::optional<Message> lossBySrun(const std::string& log);

} // namespace weft
