#pragma once

#include <atomic>
#include <functional>

#include "core/launch/target_job.h"

namespace weft {

/// What a mirror tells, and what it listens to.
struct MirrorOptions {
    std::function<void(const QJsonObject& event)> onEvent = [](const QJsonObject&) {};
    std::function<void(const JobState& state)> onState = [](const JobState&) {}; ///< when it has changed
    std::function<void(const Message& message)> onTrouble = [](const Message&) {}; ///< the link is gone, it tries again
    std::function<bool()> stopRequested = [] { return false; }; ///< save and end the run, or take the job back that waits
    std::function<bool()> leaveRequested = [] { return false; }; ///< the job goes on, this program ends
};

enum class MirrorEnd { Finished, Failed, Left };

/// Holds the run folder on this machine against that of a job on a target: submits the job where that was interrupted,
/// takes events in as they come, sends on what is written to control.jsonl, fetches the results and cleans up. The
/// program and the link may go at any time: another call goes on without losing an event. Holds the lock of the run.
/// Throws Error where the target refuses the job.
MirrorEnd mirrorRun(const RunPaths& run, const MirrorOptions& options);

} // namespace weft
