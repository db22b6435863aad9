#pragma once

#include <string>

#include "app/cli/arguments.h"
#include "core/project/project.h"
#include "core/training/run_folder.h"

namespace weft::cli {

/// A project as `weft train` would train it, and where it stands on this machine.
struct TargetTraining {
    Project project;
    std::string projectPath;
    std::string projectName;
    std::string baseDir;
    std::string runDir; ///< empty: a new one in the default place
};

/// `weft train --target NAME`: submits the project to the target and shows the run as it goes, or prints what would be
/// submitted. A target that is this machine means `weft train --ranks`. Returns the exit code. Throws Error.
int trainOnTarget(const Arguments& arguments, const TargetTraining& training);

/// Goes on watching a run that a target trains: events as `weft train` shows them (`follow` is progress or jsonl), until
/// it ends, its results are here and nothing is left over there. The first Ctrl+C only leaves: the job goes on.
int attach(const RunPaths& run, const std::string& follow, bool stopsOnSignal);

/// Throws Error where a target trains the run: this machine must not go on with it as well.
void refuseUnfinishedTargetRun(const RunPaths& run);

} // namespace weft::cli
