#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <QJsonObject>

#include "core/launch/launcher.h"
#include "core/training/run_folder.h"

namespace weft {

/// The events of a run on this machine, held against those of its job: each is taken in once, in order, whatever becomes
/// of the link. Of one thread.
class EventMirror {
public:
    using Clock = std::chrono::steady_clock;
    /// Cuts a torn last line of the file and tells where its events end.
    EventMirror(const RunPaths& run, Launcher& launcher, std::string id, std::function<void(const QJsonObject& event)> onEvent);

    /// Waits a moment for events of the job. Where the link is gone it tries again, ever more rarely.
    void poll();
    void close() { m_stream.reset(); }
    /// Events that came into the file with fetched results count as if they had been followed.
    void takeFetched();
    /// An event of this program's own.
    void write(const QString& name, const QJsonObject& fields);

    /// The name of the last event; empty before the first.
    const QString& last() const { return m_last; }
    bool hasStarted() const { return m_starts > 0; }
    /// How often ranks were started, and which the last ones were.
    int starts() const { return m_starts; }
    int ranks() const { return m_ranks; }
    bool hasAnswered(const std::string& command) const { return m_answered.count(command) > 0; }
    /// When the job last said something, and when the last event was taken in.
    Clock::time_point lastLineAt() const { return m_lastLineAt; }
    Clock::time_point lastEventAt() const { return m_lastEventAt; }

private:
    void takeLine(const QByteArray& line);
    void append(const QJsonObject& event);
    void note(const QJsonObject& event);
    void pause();

    RunPaths m_run;
    Launcher& m_launcher;
    std::string m_id;
    std::function<void(const QJsonObject&)> m_onEvent;
    std::unique_ptr<LineStream> m_stream;
    std::set<std::string> m_answered;
    std::int64_t m_lastSeq = 0;
    QString m_last;
    int m_starts = 0;
    int m_ranks = 0;
    Clock::time_point m_lastLineAt, m_lastEventAt, m_nextTry;
    std::chrono::milliseconds m_pause;
};

} // namespace weft
