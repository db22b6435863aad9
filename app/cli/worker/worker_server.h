#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include <QElapsedTimer>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>
#include <QTimer>

#include "app/cli/worker/worker_service.h"

namespace weft::cli {

/// Serves one client on a local socket: one JSON object a line, answered in order by a thread of its own
/// so that cancelling and leaving are seen at once. A forecast, which nobody waits for, lets others go first and begins
/// anew behind them. Emits `ended` when the client is gone or none came.
class WorkerServer : public QObject {
    Q_OBJECT

public:
    WorkerServer(const QString& device, int idleSeconds);
    ~WorkerServer() override;

    /// Throws Error when the socket cannot be made or another worker listens on it.
    void listen(const QString& name);

Q_SIGNALS:
    void ended();

private:
    struct Request {
        QJsonValue id;
        QString method;
        QJsonObject params;
    };

    void acceptClient();
    void readLines();
    void takeLine(const QByteArray& line);
    void cancel(const QJsonValue& id);
    void send(const QJsonObject& message);
    /// From the working thread.
    void post(const QJsonObject& message);
    void work();
    /// The answer; empty when the request makes room for another one and is to be done after it.
    QJsonObject answerTo(const Request& request);
    bool mayGoOn(const Request& request, double fraction, QElapsedTimer& sinceReport);
    bool makesRoom(const Request& request);
    /// With the mutex held.
    bool othersWait(const Request& request) const;

    QLocalServer m_server;
    QLocalSocket* m_client = nullptr;
    QTimer m_idleTimer;
    QByteArray m_incoming;

    WorkerService m_service; ///< of the working thread alone
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Request> m_queue;
    std::set<qint64> m_cancelled;
    std::atomic<bool> m_isEnding = false;
    std::thread m_thread;
};

} // namespace weft::cli
