#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <QDateTime>
#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QThread>

#include "core/launch/job_report.h"

namespace weft {

using EventList = std::vector<QJsonObject>;

/// Follows the event file of one run on a thread of its own and hands new events to the GUI thread in
/// portions, so that a run with a million events does not freeze the window.
class EventFeed : public QObject {
    Q_OBJECT

public:
    explicit EventFeed(const QString& runDir, QObject* parent = nullptr);
    ~EventFeed() override;

Q_SIGNALS:
    /// New events, in order. Arrives on the thread of the object.
    void read(const weft::EventList& events);
    /// Whether a process holds the run's lock; sent at the first look, after all events so far, and at
    /// every change, then after the last events.
    void aliveChanged(bool isAlive);
    /// How the job of a run that a target trains stands: at the first look and at every change.
    void jobChanged(const weft::JobReport& report);

private:
    void follow(const std::string& dir);
    void post(EventList events);
    void postJob(const std::string& dir);
    void wait(int milliseconds);

    std::atomic<bool> m_isEnding = false;
    std::atomic<int> m_portionsUnderWay = 0;
    QDateTime m_jobTime; ///< of the report that was read last
    std::unique_ptr<QThread> m_thread;
};

} // namespace weft
