#pragma once

#include <memory>

#include "core/launch/launcher.h"

namespace weft {

/// Jobs of Slurm, by sbatch, squeue and scancel on this machine or a login host.
std::unique_ptr<Launcher> slurmLauncher(const Target& target);

/// How a job stands, from a line of `squeue -o '%T|%r|%S|%N|%i'`; for tests as well.
JobState slurmState(const std::string& line);

} // namespace weft
