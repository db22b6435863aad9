#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/launch/launcher.h"

namespace weft {

/// Jobs of Slurm, by sbatch, squeue and scancel on this machine or a login host.
std::unique_ptr<Launcher> slurmLauncher(const Target& target);

/// How a job stands, from a line of `squeue -o '%T|%r|%S|%N|%i'`; for tests as well.
JobState slurmState(const std::string& line);

/// Where a job stands among those of its partition that wait, and how many these are; {0, 0} where it does not wait. `list`
/// holds lines of `squeue -t PENDING -S -p,i -o '%P|%j'`.
std::pair<int, int> slurmPlace(const std::string& list, const std::string& id);

} // namespace weft
