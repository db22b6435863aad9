#pragma once

#include <memory>

#include "core/launch/launcher.h"

namespace weft {

std::unique_ptr<Launcher> kubernetesLauncher(const Target& target);

} // namespace weft
