#include "core/launch/run_mirror.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include <QFile>

#include "core/base/error.h"
#include "core/launch/command_relay.h"
#include "core/launch/event_mirror.h"
#include "core/launch/part_logs.h"
#include "core/launch/srun_loss.h"
#include "core/launch/state_watch.h"
#include "core/training/localized.h"
#include "core/training/safe_file.h"

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long a run that has told its end may take until its processes are gone.
constexpr milliseconds endingTime(5000);
/// What was printed before the end may still be on its way: the whole of a short job too, that had waited long.
constexpr milliseconds quietTime(1500);

bool isOver(JobPhase phase)
{
    return phase == JobPhase::Succeeded || phase == JobPhase::Failed || phase == JobPhase::Absent;
}

bool isEnd(const QString& event)
{
    static const QStringList ends{QStringLiteral("finished"), QStringLiteral("stopped"), QStringLiteral("failed")};
    return ends.contains(event);
}

/// Weft's own last complaint, else a rank that was lost, else the last line of all: what it was started by may have had more to say.
QString lastWord(const std::string& log)
{
    QString last;
    bool isOurs = false;
    for (const QString& line : QString::fromStdString(log).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const bool isComplaint = line.startsWith(QStringLiteral("weft train: "));
        if (line.startsWith(QLatin1Char('{')) || line.trimmed().isEmpty() || (isOurs && !isComplaint))
            continue;
        last = line;
        isOurs = isComplaint;
    }
    const std::optional<Message> loss = isOurs ? std::nullopt : lossBySrun(log);
    return loss ? localized(*loss) : last;
}

/// Why a job ended that has not said it itself.
QString endText(const JobState& state, const std::string& log)
{
    if (!state.reasons.empty())
        return localized(state.reasons.back());
    if (const QString last = lastWord(log); !last.isEmpty())
        return last;
    if (state.phase == JobPhase::Absent)
        return localized(WEFT_TEXT("Launch", "The target does not know the job any more: it was removed from outside."));
    return localized(WEFT_TEXT("Launch", "The job ended without a word; job.log in the run folder has what it printed."));
}

class Mirror {
public:
    Mirror(const RunPaths& run, TargetJob job, const MirrorOptions& options) :
        m_run(run), m_lock(run.lock()), m_job(std::move(job)), m_options(options), m_launcher(makeLauncher(m_job.target)),
        m_events(run, *m_launcher, id(), options.onEvent), m_commands(run, *m_launcher, id(), m_events, options.onTrouble),
        m_logs(run, *m_launcher, id())
    {
    }

    MirrorEnd go()
    {
        submit();
        keepPlan();
        if (m_job.stage == JobStage::Submitted && !watchUntilEnd())
            return MirrorEnd::Left;
        return finish();
    }

private:
    const std::string& id() const { return m_job.request.id; }

    void enter(JobStage stage)
    {
        m_job.stage = stage;
        writeTargetJob(m_run, m_job);
    }

    void submit()
    {
        if (m_job.stage != JobStage::Submitting || isTakenBack())
            return;
        try {
            m_launcher->prepare();
            if (isTakenBack())
                return;
            m_job.isAsked = true;
            enter(JobStage::Submitting);
            m_launcher->submit(m_job.whole());
            enter(JobStage::Submitted);
        } catch (const Error& error) {
            if (!giveUp(error))
                throw;
        }
    }

    /// For whoever wants to see later what was submitted.
    void keepPlan()
    {
        if (m_job.stage != JobStage::Submitted || QFile::exists(QString::fromStdString(m_run.submission())))
            return;
        try {
            writeTextSafely(m_run.submission(), m_launcher->plan(m_job.whole()));
        } catch (const Error& error) {
            m_options.onTrouble(error.message());
        }
    }

    bool isEndAsked()
    {
        m_commands.read();
        return m_commands.isStopAsked() || m_commands.isKillAsked();
    }

    /// It was stopped before it was submitted; an earlier try may have left something there.
    bool isTakenBack()
    {
        if (!isEndAsked())
            return false;
        if (m_job.isAsked)
            m_launcher->clean(id());
        endUnbegun(QStringLiteral("stopped"));
        return true;
    }

    void endUnbegun(const QString& event, const QJsonObject& fields = {})
    {
        m_events.write(event, fields);
        enter(JobStage::Cleaned);
    }

    /// What a refused submission has left there goes; the run tells why it never began. True where the user has stopped
    /// it meanwhile: then nobody asks why.
    bool giveUp(const Error& error)
    {
        bool isClean = true;
        try {
            m_launcher->clean(id());
        } catch (const Error&) {
            // Unreachable. The record says that the submission goes on or is cleaned up later; of a job that the target
            // was never asked to take nothing can be there.
            isClean = false;
        }
        const bool isStopped = isEndAsked() && (isClean || !m_job.isAsked);
        if (isStopped)
            endUnbegun(QStringLiteral("stopped"));
        else if (isClean)
            endUnbegun(QStringLiteral("failed"), {{QStringLiteral("message"), localized(error.message())}});
        return isStopped;
    }

    /// False when the user leaves.
    bool watchUntilEnd()
    {
        StateWatch watch(*m_launcher, id());
        while (!isDone()) {
            if (m_options.leaveRequested())
                return false;
            m_events.poll();
            if (m_events.starts() > std::exchange(m_knownStarts, m_events.starts()))
                takeStart();
            if (const auto fault = watch.newFault())
                m_options.onTrouble(*fault);
            if (auto state = watch.newState())
                takeState(std::move(*state));
            m_logs.poll();
            m_commands.read();
            m_commands.send();
            stopWhereAsked();
            if (hasNews())
                watch.hurry();
        }
        return true;
    }

    /// Whether the run began or ended, or was asked to end, since the last call.
    bool hasNews()
    {
        const auto now = std::tuple(isEnd(m_events.last()), m_events.starts(), m_commands.isStopAsked(), m_commands.isKilled());
        return std::exchange(m_knownNews, now) != now;
    }

    /// A run that was stopped to go on later, before its time is over, is not at its end.
    bool hasToldItsEnd() const
    {
        return m_events.last() == QStringLiteral("finished") || (m_events.last() == QStringLiteral("stopped") && m_commands.isStopAsked());
    }

    bool isDone() const
    {
        if (hasToldItsEnd())
            return isOver(m_state.phase) || Clock::now() - m_events.lastEventAt() > endingTime;
        return m_hasState && isOver(m_state.phase) && Clock::now() - std::max(m_events.lastLineAt(), m_overAt) > quietTime;
    }

    /// Lists show a run by its record. Without it now, it comes with the results.
    void takeStart()
    {
        try {
            if (!hasOwnRecord(m_run))
                fetchNow();
        } catch (const Error& error) {
            m_options.onTrouble(error.message());
        }
        followLogs();
    }

    void fetchNow()
    {
        if (fetchResults(m_run, m_job, *m_launcher))
            m_events.takeFetched();
        else if (m_job.stage == JobStage::Ended)
            m_options.onTrouble(message(WEFT_TEXT("Launch", "The results are gone: what held them has ended before they were fetched.")));
    }

    void takeState(JobState state)
    {
        const bool isNews = !m_hasState || !isSame(state, m_state);
        if (isOver(state.phase) && !(m_hasState && isOver(m_state.phase)))
            m_overAt = Clock::now();
        m_hasState = true;
        m_state = std::move(state);
        if (!isNews)
            return;
        writeJobReport(m_run, m_state);
        followLogs();
        m_options.onState(m_state);
    }

    /// What parts print, and what their ranks do where the target keeps that apart.
    void followLogs()
    {
        std::vector<JobPart> parts = m_state.parts;
        for (int rank = 0; rank < m_events.ranks(); ++rank) {
            if (const std::string name = m_launcher->rankLog(rank); !name.empty())
                parts.push_back({name, {}, {}, m_events.starts(), {}, true, m_hasState && isOver(m_state.phase)});
        }
        m_logs.follow(parts);
    }

    /// A run that trains saves and ends; a job that still waits, or that shall end at once, is ended.
    void stopWhereAsked()
    {
        if (m_options.stopRequested() && !m_commands.isStopAsked())
            m_commands.stop();
        const bool waits = m_hasState && !m_events.hasStarted() && (m_state.phase == JobPhase::Queued || m_state.phase == JobPhase::Starting);
        if (m_commands.isKillAsked() || (m_commands.isStopAsked() && waits))
            m_commands.kill();
    }

    MirrorEnd finish()
    {
        m_events.close();
        m_logs.drain();
        if (m_job.stage == JobStage::Submitted)
            enter(JobStage::Ended);
        if (m_job.stage == JobStage::Ended) {
            fetchAll();
            tellEnd();
            m_launcher->clean(id());
            enter(JobStage::Cleaned);
        }
        return m_events.last() == QStringLiteral("finished") || m_events.last() == QStringLiteral("stopped") ? MirrorEnd::Finished : MirrorEnd::Failed;
    }

    /// Throws Error where results are there and cannot be fetched: they stay, and another call tries again.
    void fetchAll()
    {
        try {
            m_jobLog = m_launcher->log(id());
            writeTextSafely(m_run.jobLog(), m_jobLog);
        } catch (const Error& error) {
            m_options.onTrouble(error.message());
        }
        // What never started has no results; but a job that did well has, even where no event has come.
        if (m_events.hasStarted() || m_state.phase == JobPhase::Succeeded)
            fetchNow();
    }

    /// A job that ended without a word of its own gets one; so does one whose last word hides why it was ended.
    void tellEnd()
    {
        const bool isUnasked = m_events.last() == QStringLiteral("failed") || (m_events.last() == QStringLiteral("stopped") && !isEndAsked());
        const bool hidesWhy = isUnasked && (m_state.isEndedFromOutside || m_commands.isKilled());
        if (isEnd(m_events.last()) && !hidesWhy)
            return;
        if (m_commands.isKilled())
            m_events.write(QStringLiteral("stopped"), m_events.hasStarted() ? QJsonObject{{QStringLiteral("at_once"), true}} : QJsonObject());
        else
            m_events.write(QStringLiteral("failed"), {{QStringLiteral("message"), endText(m_state, m_jobLog)}});
    }

    RunPaths m_run;
    RunLock m_lock;
    TargetJob m_job;
    const MirrorOptions& m_options;
    std::unique_ptr<Launcher> m_launcher;
    EventMirror m_events;
    CommandRelay m_commands;
    PartLogs m_logs;
    JobState m_state;
    std::string m_jobLog;
    bool m_hasState = false;
    int m_knownStarts = 0;
    std::tuple<bool, int, bool, bool> m_knownNews; ///< whether it has told an end, its starts, whether an end was asked for and came
    Clock::time_point m_overAt;
};

} // namespace

MirrorEnd mirrorRun(const RunPaths& run, const MirrorOptions& options)
{
    std::optional<TargetJob> job = readTargetJob(run);
    if (!job)
        throw Error(WEFT_TEXT("Launch", "No target trains the run %1: it has no target.json."), run.dir);
    return Mirror(run, std::move(*job), options).go();
}

} // namespace weft
