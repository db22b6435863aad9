#pragma once

#include <memory>

#include "core/launch/launcher.h"

namespace weft {

/// Ranks on hosts that ssh reaches. The first host leads: the job goes on there when the link to it is gone.
std::unique_ptr<Launcher> mpiLauncher(const Target& target);

} // namespace weft
