#include <utility>

#include "core/base/error.h"
#include "core/launch/target_job.h"
#include "widgets/run_controller_private.h"
#include "widgets/targets/job_text.h"
#include "widgets/text.h"

// Runs that a target trains: a process here follows them, and may come and go without the run being touched.

namespace weft {

bool RunController::isOnTarget() const
{
    try {
        const std::optional<TargetJob> job = readTargetJob(pathsOf(runDir()));
        return job && job->stage != JobStage::Cleaned;
    } catch (const Error&) {
        return false; // nobody can find the job by a damaged record
    }
}

void RunController::end()
{
    if (!isOnTarget())
        return;
    m_private->isStopping = true;
    send(runDir(), QStringLiteral("kill"));
    if (m_private->state == State::Running || m_private->state == State::Paused)
        m_private->setState(State::Stopping);
}

bool RunController::Private::isShownUnsubmitted() const
{
    try {
        const std::optional<TargetJob> job = readTargetJob(pathsOf(dir));
        return job && job->stage == JobStage::Submitting;
    } catch (const Error&) {
        return false;
    }
}

/// The job goes on: another process is about to follow it.
bool RunController::Private::isShownUnfollowed() const
{
    try {
        return isUnfollowedJob(pathsOf(dir));
    } catch (const Error&) {
        return false;
    }
}

/// Its process has ended before the target took the job: it is tried again, and the user knows why.
void RunController::Private::tellTrouble()
{
    const QString log = lastLines(dir + QStringLiteral("/train.log"), 1);
    if (log.isEmpty() || !isShownUnsubmitted())
        return;
    jobText = RunController::tr("is not submitted yet · %1").arg(log);
    Q_EMIT self->progressChanged();
    if (std::exchange(hasToldTrouble, true))
        return;
    Q_EMIT self->failed(
        RunController::tr("The job could not be submitted: %1\nIt is tried again while the Studio is open; Stop takes it back.").arg(log));
}

void RunController::Private::takeJob(const JobReport& report)
{
    jobText = jobStateText(report);
    Q_EMIT self->progressChanged();
}

} // namespace weft
