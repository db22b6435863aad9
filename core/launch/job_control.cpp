#include "core/launch/job_control.h"

#include <QJsonDocument>

#include "core/base/error.h"
#include "core/launch/target_job.h"

namespace weft {

namespace {

/// A job that waits in a queue answers nothing.
void checkThatItTrains(Launcher& launcher, const TargetJob& job, const RunPaths& run)
{
    const JobState state = launcher.state(job.request.id);
    if (state.phase == JobPhase::Running)
        return;
    if (state.phase == JobPhase::Queued || state.phase == JobPhase::Starting)
        throw Error(WEFT_TEXT("Launch", "The job on %1 does not train yet, so nobody would answer. weft runs delete %2 takes it back."),
                    job.target.name, run.dir);
    throw Error(WEFT_TEXT("Launch", "The job on %1 has ended, so nobody would answer. weft follow %2 fetches what it left."), job.target.name,
                run.dir);
}

/// The events of a job, those that are known here first, until a time is over.
class EventsOfJob {
public:
    EventsOfJob(const RunPaths& run, Launcher& launcher, const std::string& id, std::chrono::seconds limit) :
        m_events(EventReader(run.events()).poll()), m_stream(launcher.follow(id, nextSeq())), m_deadline(Clock::now() + limit)
    {
    }

    /// The next one that fits, or nothing within the time.
    template <class Fits> std::optional<QJsonObject> waitFor(const Fits& fits)
    {
        while (true) {
            for (; m_next < m_events.size(); ++m_next) {
                if (fits(m_events[m_next]))
                    return m_events[m_next];
            }
            const auto take = [this](const QByteArray& line) { m_events.push_back(QJsonDocument::fromJson(line).object()); };
            if (Clock::now() > m_deadline || (!m_stream.poll(50, take) && m_next == m_events.size()))
                return std::nullopt;
        }
    }

private:
    using Clock = std::chrono::steady_clock;
    std::int64_t nextSeq() const { return m_events.empty() ? 0 : m_events.back().value(QStringLiteral("seq")).toInteger() + 1; }

    std::vector<QJsonObject> m_events;
    std::size_t m_next = 0;
    LineStream m_stream;
    Clock::time_point m_deadline;
};

std::string lineOf(const RunPaths& run, const std::string& id)
{
    for (const QJsonObject& line : LineReader(run.control()).poll()) {
        if (line.value(QStringLiteral("id")).toString().toStdString() == id)
            return QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString();
    }
    return {};
}

} // namespace

QJsonObject controlJob(const RunPaths& run, const QString& command, const QString& key, const QString& value, std::chrono::seconds limit)
{
    const std::optional<TargetJob> job = readTargetJob(run);
    if (!job)
        throw Error(WEFT_TEXT("Launch", "No target trains the run %1: it has no target.json."), run.dir);
    const std::unique_ptr<Launcher> launcher = makeLauncher(job->target);
    checkThatItTrains(*launcher, *job, run);

    EventsOfJob events(run, *launcher, job->request.id, limit);
    const auto is = [](const QJsonObject& event, const char* name) { return event.value(QStringLiteral("event")) == QLatin1String(name); };
    std::optional<QJsonObject> answer;
    // A run that has not begun takes no commands yet.
    if (events.waitFor([&](const QJsonObject& event) { return is(event, "started"); })) {
        const std::string id = sendControl(run, command, key, value);
        launcher->control(job->request.id, lineOf(run, id));
        answer = events.waitFor(
            [&](const QJsonObject& event) { return is(event, "control") && event.value(QStringLiteral("id")).toString().toStdString() == id; });
    }
    if (!answer)
        throw Error(WEFT_TEXT("Launch", "The job on %1 gave no answer within %2 seconds. weft follow %3 shows what it does."), job->target.name,
                    static_cast<std::int64_t>(limit.count()), run.dir);
    return *answer;
}

} // namespace weft
