#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QJsonObject>

#include "core/training/run_folder.h"

namespace weft {

/// What lists show of a run, read from its folder.
struct RunSummary {
    std::string dir;
    std::string projectId;
    std::string projectName;
    std::string created; ///< UTC, ISO 8601
    std::string state; ///< running, paused, finished, stopped, failed, detached: a target trains it, or interrupted: its process is gone
    std::string message; ///< of a failed run
    std::int64_t epoch = 0;
    std::int64_t epochs = 0;
    std::int64_t step = 0;
    double seconds = 0; ///< of all epochs
    std::optional<QJsonObject> train; ///< {loss, metrics} of the last epoch
    std::optional<QJsonObject> validation;
    QJsonObject record; ///< run.json

    /// snake_case, for `--json`.
    QJsonObject toJson() const;
};

/// True while `target.json` says that a target has the run: nobody here watches it, and it goes on.
bool isOnTarget(const RunPaths& run);

/// Throws Error when `dir` is no run folder. Damaged parts are left out.
RunSummary summarizeRun(const std::string& dir);
/// Runs under `root` (ROOT/PROJECT_ID/RUN), the newest first; folders that are no runs are left out.
std::vector<RunSummary> listRuns(const std::string& root);

/// The `epoch` events that count, in order.
std::vector<QJsonObject> epochEvents(const RunPaths& run);

} // namespace weft
