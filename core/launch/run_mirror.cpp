#include "core/launch/run_mirror.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <QFile>
#include <QJsonDocument>

#include "core/base/error.h"
#include "core/launch/part_logs.h"
#include "core/launch/state_watch.h"
#include "core/training/localized.h"
#include "core/training/safe_file.h"

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long a run that has told its end may take until its processes are gone.
constexpr milliseconds endingTime(5000);
constexpr milliseconds firstPause(500);
constexpr milliseconds longestPause(15000);

bool isSame(const JobState& a, const JobState& b)
{
    const auto texts = [](const JobState& state) {
        std::string all;
        for (const Message& reason : state.reasons)
            all += english(reason) + "\n";
        for (const JobPart& part : state.parts)
            all += part.name + part.state + part.node + std::to_string(part.restarts) + part.message + "\n";
        return all;
    };
    return a.phase == b.phase && texts(a) == texts(b);
}

bool isOver(JobPhase phase)
{
    return phase == JobPhase::Succeeded || phase == JobPhase::Failed || phase == JobPhase::Absent;
}

class Mirror {
public:
    Mirror(const RunPaths& run, TargetJob job, const MirrorOptions& options) :
        m_run(run), m_lock(run.lock()), m_job(std::move(job)), m_options(options), m_launcher(makeLauncher(m_job.target)),
        m_logs(run, *m_launcher, m_job.request.id), m_control(run.control())
    {
        // Cuts a torn last line and tells where the events end.
        m_lastSeq = EventWriter(run.events()).lastSeq();
        for (const QJsonObject& event : EventReader(run.events()).poll())
            note(event);
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
        if (m_job.stage != JobStage::Submitting)
            return;
        sendControls();
        if (m_isStopping || m_isKillAsked)
            return takeBack();
        try {
            m_launcher->submit(m_job.whole());
        } catch (const Error& error) {
            giveUp(error);
            throw;
        }
        enter(JobStage::Submitted);
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

    /// It was stopped before it was submitted; an earlier try may have left something there.
    void takeBack()
    {
        m_launcher->clean(id());
        writeOwnEvent(QStringLiteral("stopped"), {});
        enter(JobStage::Cleaned);
    }

    /// What a refused submission has left there goes; the run tells why it never began.
    void giveUp(const Error& error)
    {
        try {
            m_launcher->clean(id());
            enter(JobStage::Cleaned);
        } catch (const Error&) {
            // Unreachable: the record says that the submission goes on or is cleaned up later.
            return;
        }
        writeOwnEvent(QStringLiteral("failed"), {{QStringLiteral("message"), localized(error.message())}});
    }

    /// False when the user leaves.
    bool watchUntilEnd()
    {
        StateWatch watch(*m_launcher, id());
        m_lastLine = Clock::now();
        while (!isDone()) {
            if (m_options.leaveRequested())
                return false;
            readEvents();
            if (const auto fault = watch.newFault())
                m_options.onTrouble(*fault);
            if (auto state = watch.newState())
                takeState(std::move(*state));
            m_logs.poll();
            sendControls();
            stopWhereAsked();
        }
        return true;
    }

    /// A run that was stopped to go on later, before its time is over, is not at its end.
    bool hasToldItsEnd() const
    {
        return m_lastEvent == QStringLiteral("finished") || (m_lastEvent == QStringLiteral("stopped") && m_isStopping);
    }

    bool isDone() const
    {
        // What was printed before the end may still be on its way: the whole of a short job too, that had waited long.
        const bool isQuiet = Clock::now() - std::max(m_lastLine, m_overAt) > milliseconds(1500);
        if (hasToldItsEnd())
            return isOver(m_state.phase) || Clock::now() - m_endedAt > endingTime;
        return m_hasState && isOver(m_state.phase) && isQuiet;
    }

    void readEvents()
    {
        if (!m_stream && Clock::now() >= m_nextTry) {
            try {
                m_stream = std::make_unique<LineStream>(m_launcher->follow(id(), m_lastSeq + 1));
            } catch (const Error&) {
                // Nothing to read yet; how the job stands tells why.
                pause();
            }
        }
        if (!m_stream) {
            std::this_thread::sleep_for(milliseconds(50));
            return;
        }
        if (!m_stream->poll(50, [this](const QByteArray& line) { takeLine(line); })) {
            m_stream.reset();
            pause();
        }
    }

    void pause()
    {
        m_nextTry = Clock::now() + m_pause;
        m_pause = std::min(2 * m_pause, longestPause);
    }

    void takeLine(const QByteArray& line)
    {
        m_lastLine = Clock::now();
        m_pause = firstPause;
        const QJsonObject event = QJsonDocument::fromJson(line).object();
        const qint64 seq = event.value(QStringLiteral("seq")).toInteger();
        if (seq <= m_lastSeq || event.value(QStringLiteral("event")).toString().isEmpty())
            return;
        m_lastSeq = seq;
        append(event);
        note(event);
        m_options.onEvent(event);
        if (event.value(QStringLiteral("event")) == QStringLiteral("started"))
            fetchRecord();
    }

    void append(const QJsonObject& event)
    {
        QFile file(QString::fromStdString(m_run.events()));
        const QByteArray line = QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n';
        if (!file.open(QIODevice::Append | QIODevice::Unbuffered) || file.write(line) != line.size())
            throw Error(WEFT_TEXT("RunFolder", "%1 could not be written: %2."), m_run.events(), file.errorString().toStdString());
    }

    void note(const QJsonObject& event)
    {
        const QString name = event.value(QStringLiteral("event")).toString();
        m_lastEvent = name;
        if (name == QStringLiteral("control"))
            m_answered.insert(event.value(QStringLiteral("id")).toString().toStdString());
        m_hasStarted = m_hasStarted || name == QStringLiteral("started");
        m_endedAt = Clock::now();
    }

    /// Lists show a run by its record. Without it now, it comes with the results.
    void fetchRecord()
    {
        try {
            if (!hasOwnRecord(m_run))
                fetchNow();
        } catch (const Error& error) {
            m_options.onTrouble(error.message());
        }
    }

    /// Events that came with the files count as if they had been followed.
    void fetchNow()
    {
        if (!fetchResults(m_run, m_job, *m_launcher)) {
            if (m_job.stage == JobStage::Ended)
                m_options.onTrouble(message(WEFT_TEXT("Launch", "The results are gone: what held them has ended before they were fetched.")));
            return;
        }
        for (const QJsonObject& event : EventReader(m_run.events(), m_lastSeq + 1).poll()) {
            m_lastSeq = event.value(QStringLiteral("seq")).toInteger();
            note(event);
            m_options.onEvent(event);
        }
    }

    void takeState(JobState state)
    {
        if (!m_hasState || !isSame(state, m_state))
            tellState(state);
        if (isOver(state.phase) && !(m_hasState && isOver(m_state.phase)))
            m_overAt = Clock::now();
        m_hasState = true;
        m_state = std::move(state);
    }

    void tellState(const JobState& state)
    {
        writeJobReport(m_run, state);
        m_logs.follow(state.parts);
        m_options.onState(state);
    }

    /// Commands are lines of the run's own file: they go on as they are, and the run answers by events.
    void sendControls()
    {
        for (const QJsonObject& line : m_control.poll()) {
            const QString command = line.value(QStringLiteral("command")).toString();
            m_isStopping = m_isStopping || command == QStringLiteral("stop");
            // This one is for the job, whatever its run would say.
            m_isKillAsked = m_isKillAsked || command == QStringLiteral("kill");
            if (command != QStringLiteral("kill"))
                m_unsent.push_back(line);
        }
        if (!m_hasStarted || Clock::now() < m_nextControl)
            return;
        while (!m_unsent.empty()) {
            const QJsonObject& line = m_unsent.front();
            try {
                if (m_answered.count(line.value(QStringLiteral("id")).toString().toStdString()) == 0)
                    m_launcher->control(id(), QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString());
            } catch (const Error& error) {
                m_options.onTrouble(error.message());
                m_nextControl = Clock::now() + milliseconds(2000);
                return;
            }
            m_unsent.erase(m_unsent.begin());
        }
    }

    /// A run that trains saves and ends; a job that still waits, or that shall end at once, is ended.
    void stopWhereAsked()
    {
        if (m_options.stopRequested() && !m_isStopping) {
            m_isStopping = true;
            sendControl(m_run, QStringLiteral("stop"));
        }
        const bool waits = m_hasState && !m_hasStarted && (m_state.phase == JobPhase::Queued || m_state.phase == JobPhase::Starting);
        if (m_isKilled || Clock::now() < m_nextControl || !(m_isKillAsked || (m_isStopping && waits)))
            return;
        try {
            m_launcher->kill(id());
            m_isKilled = true;
        } catch (const Error& error) {
            m_options.onTrouble(error.message());
            m_nextControl = Clock::now() + milliseconds(2000);
        }
    }

    void writeOwnEvent(const QString& name, const QJsonObject& fields)
    {
        const QJsonObject event = EventWriter(m_run.events()).write(name, fields);
        note(event);
        m_options.onEvent(event);
    }

    MirrorEnd finish()
    {
        m_stream.reset();
        m_logs.drain();
        if (m_job.stage == JobStage::Submitted)
            enter(JobStage::Ended);
        if (m_job.stage == JobStage::Ended) {
            fetchAll();
            tellEnd();
            m_launcher->clean(id());
            enter(JobStage::Cleaned);
        }
        return m_lastEvent == QStringLiteral("finished") || m_lastEvent == QStringLiteral("stopped") ? MirrorEnd::Finished : MirrorEnd::Failed;
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
        if (m_hasStarted || m_state.phase == JobPhase::Succeeded)
            fetchNow();
    }

    /// A job that ended without a word of its own gets one; so does one whose last word hides why it was ended.
    void tellEnd()
    {
        static const QStringList ends{QStringLiteral("finished"), QStringLiteral("stopped"), QStringLiteral("failed")};
        const bool hidesWhy = m_lastEvent == QStringLiteral("failed") && (m_state.isEndedFromOutside || m_isKilled);
        if (ends.contains(m_lastEvent) && !hidesWhy)
            return;
        if (m_isKilled) {
            writeOwnEvent(QStringLiteral("stopped"), m_hasStarted ? QJsonObject{{QStringLiteral("at_once"), true}} : QJsonObject());
            return;
        }
        writeOwnEvent(QStringLiteral("failed"), {{QStringLiteral("message"), endText()}});
    }

    /// Weft's own last complaint, else the last line of all: what it was started by may have had more to say.
    QString lastWord() const
    {
        QString last;
        bool isOurs = false;
        for (const QString& line : QString::fromStdString(m_jobLog).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            const bool isComplaint = line.startsWith(QStringLiteral("weft train: "));
            if (line.startsWith(QLatin1Char('{')) || line.trimmed().isEmpty() || (isOurs && !isComplaint))
                continue;
            last = line;
            isOurs = isComplaint;
        }
        return last;
    }

    QString endText() const
    {
        if (!m_state.reasons.empty())
            return localized(m_state.reasons.back());
        if (const QString last = lastWord(); !last.isEmpty())
            return last;
        if (m_state.phase == JobPhase::Absent)
            return localized(WEFT_TEXT("Launch", "The target does not know the job any more: it was removed from outside."));
        return localized(WEFT_TEXT("Launch", "The job ended without a word; job.log in the run folder has what it printed."));
    }

    RunPaths m_run;
    RunLock m_lock;
    TargetJob m_job;
    const MirrorOptions& m_options;
    std::unique_ptr<Launcher> m_launcher;
    PartLogs m_logs;
    LineReader m_control;
    std::vector<QJsonObject> m_unsent;
    std::set<std::string> m_answered;
    std::unique_ptr<LineStream> m_stream;
    JobState m_state;
    std::int64_t m_lastSeq = 0;
    QString m_lastEvent;
    std::string m_jobLog;
    bool m_hasState = false, m_hasStarted = false, m_isStopping = false, m_isKillAsked = false, m_isKilled = false;
    Clock::time_point m_lastLine, m_overAt, m_endedAt, m_nextTry, m_nextControl;
    milliseconds m_pause = firstPause;
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
