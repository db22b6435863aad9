#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/launch/launcher.h"
#include "core/training/run_folder.h"

namespace weft {

/// How a job stood when its target was last asked, for whoever shows the run: `job.json` of the run folder. What each
/// part printed so far lies beside it in `logs`.
struct JobReport {
    QString time; ///< when this began to be so: UTC, ISO 8601
    JobPhase phase = JobPhase::Absent;
    QStringList reasons; ///< in the language of the program that wrote them
    std::vector<JobPart> parts;
    std::int64_t processId = 0; ///< of the one on this machine that wrote it; 0 where another machine did
};

/// Nothing where the target was not asked yet. Throws Error when the file is damaged.
std::optional<JobReport> readJobReport(const RunPaths& run);
void writeJobReport(const RunPaths& run, const JobState& state);
/// The part, and in `partLogPath` the log, of a rank.
std::string rankLogName(int rank);
/// The file with what the part printed.
std::string partLogPath(const RunPaths& run, const std::string& part);

} // namespace weft
