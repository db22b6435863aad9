#include "widgets/runs/event_feed.h"

#include <algorithm>
#include <iterator>

#include <QFileInfo>

#include "core/base/error.h"
#include "core/training/run_folder.h"

namespace weft {

namespace {

constexpr int pollMs = 40;
constexpr int idlePollMs = 100; ///< a run that nobody trains may be resumed from the command line
constexpr int lockEveryPolls = 8;
constexpr std::size_t portion = 2000;
constexpr int portionsAhead = 4; ///< bounds the memory of portions that the GUI has not taken yet

bool isHeld(const std::string& lock)
{
    try {
        return RunLock::isHeld(lock);
    } catch (const Error&) {
        return false;
    }
}

} // namespace

EventFeed::EventFeed(const QString& runDir, QObject* parent) : QObject(parent)
{
    m_thread.reset(QThread::create([this, dir = runDir.toStdString()] { follow(dir); }));
    m_thread->start();
}

EventFeed::~EventFeed()
{
    m_isEnding = true;
    m_thread->wait();
}

void EventFeed::follow(const std::string& dir)
{
    const RunPaths paths{dir};
    EventReader reader(paths.events());
    bool isAlive = false;
    for (int poll = 0; !m_isEnding; ++poll) {
        // The lock is looked at before the file: what a process wrote before it ended is read then.
        const bool looks = poll % lockEveryPolls == 0 || !isAlive;
        const bool holds = looks ? isHeld(paths.lock()) : isAlive;
        try {
            if (looks)
                postJob(dir);
            post(reader.poll());
        } catch (const Error&) {
            // The folder may not be there yet, or be gone: the lock tells.
        }
        if (poll == 0 || holds != isAlive) {
            isAlive = holds;
            QMetaObject::invokeMethod(
                this, [this, isAlive] { Q_EMIT aliveChanged(isAlive); }, Qt::QueuedConnection);
        }
        wait(isAlive ? pollMs : idlePollMs);
    }
}

void EventFeed::postJob(const std::string& dir)
{
    const RunPaths paths{dir};
    const QDateTime time = QFileInfo(QString::fromStdString(paths.jobState())).lastModified();
    if (time == m_jobTime)
        return;
    m_jobTime = time;
    if (const std::optional<JobReport> report = readJobReport(paths))
        QMetaObject::invokeMethod(
            this, [this, report] { Q_EMIT jobChanged(*report); }, Qt::QueuedConnection);
}

void EventFeed::post(EventList events)
{
    for (std::size_t first = 0; first < events.size() && !m_isEnding; first += portion) {
        const std::size_t last = std::min(first + portion, events.size());
        const auto at = [&](std::size_t index) { return std::make_move_iterator(events.begin() + static_cast<std::ptrdiff_t>(index)); };
        EventList some(at(first), at(last));
        ++m_portionsUnderWay;
        QMetaObject::invokeMethod(
            this,
            [this, some = std::move(some)] {
                --m_portionsUnderWay;
                Q_EMIT read(some);
            },
            Qt::QueuedConnection);
        while (m_portionsUnderWay > portionsAhead && !m_isEnding)
            QThread::msleep(2);
    }
}

void EventFeed::wait(int milliseconds)
{
    for (int waited = 0; waited < milliseconds && !m_isEnding; waited += 20)
        QThread::msleep(20);
}

} // namespace weft
