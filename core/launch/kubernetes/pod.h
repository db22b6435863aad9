#pragma once

#include "core/base/tree.h"
#include "core/launch/launcher.h"

namespace weft {

/// What a pod of a job is for.
enum class PodRole {
    Trains, ///< ranks, with processors, memory and GPUs as the target says
    Launches, ///< starts the ranks only
};

/// The template of pods that run `command`. It meets PodSecurity's level `restricted`.
Tree podTemplate(const Target& target, const std::string& id, PodRole role, const std::vector<std::string>& command, Tree::Map moreOfSpec = {});
/// Mounts the Secret with the job's keys, for pods whose ssh no operator prepares.
void mountKeys(Tree& podTemplate, const std::string& secret);

} // namespace weft
