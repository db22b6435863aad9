#include "core/launch/state_watch.h"

#include <algorithm>
#include <chrono>

#include "core/base/error.h"

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds interval(2000);
constexpr milliseconds intervalWithNews(10000); ///< where the target tells of changes by itself
constexpr milliseconds intervalAfterNews(500); ///< one change seldom comes alone
constexpr int roundsAfterNews = 3;
constexpr int mostNewsFailures = 5;
constexpr milliseconds slice(50);

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
    while (!isEnding()) {
        ask();
        waitForNews();
    }
    m_news.reset();
}

bool StateWatch::isEnding()
{
    const std::lock_guard lock(m_mutex);
    return m_isEnding;
}

void StateWatch::ask()
{
    std::optional<JobState> state;
    std::optional<Message> fault;
    try {
        state = m_launcher.state(m_id);
        if (!m_news && m_newsFailures < mostNewsFailures)
            startNews();
    } catch (const Error& error) {
        fault = error.message();
    }
    const std::lock_guard lock(m_mutex);
    if (state)
        m_state = std::move(state);
    m_fault = std::move(fault);
}

/// Where the target does not let the user watch, the program ends again and again: then it is asked often instead.
void StateWatch::startNews()
{
    ++m_newsFailures;
    if (const std::optional<CommandLine> command = m_launcher.changes(m_id)) {
        m_news = std::make_unique<LineStream>(*command);
        // What changed just before is told by nobody.
        m_quickRounds = roundsAfterNews;
    }
}

void StateWatch::waitForNews()
{
    const Clock::time_point begin = Clock::now();
    bool hasNews = false;
    while (!isEnding() && !hasNews) {
        const milliseconds limit = m_quickRounds > 0 ? intervalAfterNews : m_news ? intervalWithNews : interval;
        if (Clock::now() - begin >= limit)
            break;
        if (m_news && !m_news->poll(static_cast<int>(slice.count()), [&](const QByteArray&) { hasNews = true; })) {
            m_news.reset();
        } else if (!m_news) {
            std::unique_lock lock(m_mutex);
            m_wake.wait_for(lock, slice, [this] { return m_isEnding; });
        }
    }
    if (hasNews)
        m_newsFailures = 0;
    m_quickRounds = hasNews ? roundsAfterNews : std::max(0, m_quickRounds - 1);
}

} // namespace weft
