#pragma once

#include <string>

#include <QJsonObject>

#include "core/launch/job_report.h"
#include "core/launch/mpi_job.h"

namespace weft::cli {

/// Tells how the ranks of a run stand, in `job.json` of its folder, for whoever shows the run: as the job of a target is told
/// of. Nothing is written before the run has begun.
class RanksReport {
public:
    explicit RanksReport(const RunPaths& run) : m_run(run) {}

    /// `started`: the event that lists the ranks.
    void started(const QJsonObject& started);
    void ended(const MpiEnd& end, bool isGood);
    /// They are about to be started again.
    void startsAgain();

private:
    void write();

    RunPaths m_run;
    JobState m_state;
    int m_restarts = 0;
};

} // namespace weft::cli
