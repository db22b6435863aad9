#include "core/launch/state_watch.h"

#include <chrono>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::chrono::milliseconds interval(2000);

} // namespace

StateWatch::~StateWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void StateWatch::watch()
{
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        lock.unlock();
        std::optional<JobState> state;
        std::optional<Message> fault;
        try {
            state = m_launcher.state(m_id);
        } catch (const Error& error) {
            fault = error.message();
        }
        lock.lock();
        if (state)
            m_state = std::move(state);
        m_fault = std::move(fault);
        m_wake.wait_for(lock, interval, [this] { return m_isEnding; });
    }
}

} // namespace weft
