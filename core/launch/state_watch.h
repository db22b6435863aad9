#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/launch/launcher.h"

namespace weft {

/// Asks a target again and again how a job stands, on a thread of its own: an answer may take a while. Where the target
/// tells of changes by itself, it is asked after them. While nothing changes it is asked ever less often, if it wants that.
class StateWatch {
public:
    StateWatch(Launcher& launcher, std::string id, std::chrono::milliseconds interval = std::chrono::seconds(2));
    ~StateWatch();
    StateWatch(const StateWatch&) = delete;
    StateWatch& operator=(const StateWatch&) = delete;

    /// The newest answer and the newest fault; each is given once.
    std::optional<JobState> newState() { return take(m_state); }
    std::optional<Message> newFault() { return take(m_fault); }
    /// Something has happened to the job: its state is asked for soon.
    void hurry();

private:
    template <class Value> std::optional<Value> take(std::optional<Value>& value)
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(value, std::nullopt);
    }
    void watch();
    bool isEnding();
    void ask();
    void startNews();
    void waitForNews();
    std::chrono::milliseconds limitNow();
    void pace(const JobState& state);

    Launcher& m_launcher;
    std::string m_id;
    std::chrono::milliseconds m_interval;
    std::unique_ptr<LineStream> m_news; ///< of the thread
    std::optional<JobState> m_last; ///< of the thread
    std::chrono::milliseconds m_rest; ///< of the thread
    int m_quickRounds = 0; ///< of the thread
    int m_newsFailures = 0; ///< of the thread; in a row
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isEnding = false;
    bool m_isHurried = false;
    std::optional<JobState> m_state;
    std::optional<Message> m_fault;
    std::thread m_thread;
};

} // namespace weft
