#include "core/launch/state_watch.h"

#include <algorithm>
#include <chrono>

#include "core/base/error.h"

namespace weft {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds intervalWithNews(10000); ///< where the target tells of changes by itself
constexpr milliseconds intervalAfterNews(500); ///< one change seldom comes alone
constexpr int roundsAfterNews = 3;
constexpr int mostNewsFailures = 5;
constexpr milliseconds slice(50);

} // namespace

StateWatch::StateWatch(Launcher& launcher, std::string id, milliseconds interval) :
    m_launcher(launcher), m_id(std::move(id)), m_interval(interval), m_rest(interval), m_thread([this] { watch(); })
{
}

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

void StateWatch::hurry()
{
    const std::lock_guard lock(m_mutex);
    m_isHurried = true;
}

/// Twice as long after each answer that brought nothing new.
void StateWatch::pace(const JobState& state)
{
    m_rest = m_last && isSame(*m_last, state) ? std::min(2 * m_rest, m_launcher.longestRest()) : m_interval;
    m_last = state;
}

void StateWatch::ask()
{
    std::optional<JobState> state;
    std::optional<Message> fault;
    try {
        state = m_launcher.state(m_id);
        pace(*state);
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

std::chrono::milliseconds StateWatch::limitNow()
{
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_isHurried, false))
        m_rest = m_interval;
    return m_quickRounds > 0 ? intervalAfterNews : m_news ? intervalWithNews : m_rest;
}

void StateWatch::waitForNews()
{
    const Clock::time_point begin = Clock::now();
    bool hasNews = false;
    while (!isEnding() && !hasNews) {
        if (Clock::now() - begin >= limitNow())
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
