#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/launch/event_mirror.h"

namespace weft {

/// What the user commands: lines of the run's own control.jsonl, which go on to the job as they are. The run answers by
/// events.
class CommandRelay {
public:
    CommandRelay(const RunPaths& run, Launcher& launcher, std::string id, const EventMirror& events,
                 std::function<void(const Message& message)> onTrouble) :
        m_run(run), m_launcher(launcher), m_id(std::move(id)), m_events(events), m_onTrouble(std::move(onTrouble)), m_lines(run.control())
    {
    }

    /// Takes in what was commanded meanwhile.
    void read();
    /// Hands on what was taken in, once there is someone to answer.
    void send();
    /// Commands the run to stop, as the user would.
    void stop();
    /// Ends the job at once. Where the target cannot be reached it is tried again at the next call that comes late enough.
    void kill();

    bool isStopAsked() const { return m_isStopAsked; }
    bool isKillAsked() const { return m_isKillAsked; }
    bool isKilled() const { return m_isKilled; }

private:
    void wait(const Message& trouble);
    bool isWaiting() const { return std::chrono::steady_clock::now() < m_nextTry; }

    RunPaths m_run;
    Launcher& m_launcher;
    std::string m_id;
    const EventMirror& m_events;
    std::function<void(const Message&)> m_onTrouble;
    LineReader m_lines;
    std::vector<QJsonObject> m_unsent;
    bool m_isStopAsked = false, m_isKillAsked = false, m_isKilled = false;
    std::chrono::steady_clock::time_point m_nextTry;
};

} // namespace weft
