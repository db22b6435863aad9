#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/launch/launcher.h"
#include "core/training/run_folder.h"

namespace weft {

/// How far a job on a target has come, as its run folder on this machine knows.
enum class JobStage {
    Submitting, ///< written before the target is asked, so that a job never lacks a record
    Submitted,
    Ended, ///< its results may still have to be fetched
    Cleaned, ///< nothing of it is left on the target
};

/// `target.json` of a run that a target trains: all that is needed to find the job again, whatever becomes of this
/// program, the link, or the target's entry among the user's.
struct TargetJob {
    Target target;
    JobRequest request; ///< without the project, which may be found in `project`
    JobStage stage = JobStage::Submitting;
    bool isAsked = false; ///< the target was asked to take the job: something of it may be there
    std::string project; ///< text of the project file as it goes to the target
    std::string projectId;
    std::string projectPath; ///< on this machine
    std::string baseDir; ///< of the project's relative paths, on this machine

    JobRequest whole() const;
};

/// Nothing where no target trains the run. Throws Error when the file is damaged.
std::optional<TargetJob> readTargetJob(const RunPaths& run);
void writeTargetJob(const RunPaths& run, const TargetJob& job);

/// True while a job still has something on its target and no process follows it. Throws Error when the file is damaged.
bool isUnfollowedJob(const RunPaths& run);

/// Makes the folder of a run that a target will train: `target.json`, a first run.json, `snapshot` as project.weft,
/// files for events and commands.
void beginTargetRun(const RunPaths& run, const TargetJob& job, const std::string& snapshot);

/// False while run.json says only that the run was submitted.
bool hasOwnRecord(const RunPaths& run);

/// Copies results into the run folder, events that were missed among them. False where the target has none.
/// Throws Error.
bool fetchResults(const RunPaths& run, const TargetJob& job, Launcher& launcher);

} // namespace weft
