#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QThread>

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

private:
    void follow(const std::string& dir);
    void post(EventList events);
    void wait(int milliseconds);

    std::atomic<bool> m_isEnding = false;
    std::atomic<int> m_portionsUnderWay = 0;
    std::unique_ptr<QThread> m_thread;
};

} // namespace weft
