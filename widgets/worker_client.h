#pragma once

#include <functional>
#include <memory>

#include <QJsonObject>
#include <QObject>
#include <QString>

namespace weft {

/// Talks to the `weft worker` child, which computes everything that needs tensors or data. Starts it
/// at the first request, starts it again after it died. Never blocks; GUI thread only.
class WorkerClient : public QObject {
    Q_OBJECT

public:
    /// Called once: `error` is empty on success, else a sentence for the user.
    using Answer = std::function<void(const QJsonObject& result, const QString& error)>;

    explicit WorkerClient(QObject* parent = nullptr);
    /// `program` replaces the `weft` beside the Studio.
    WorkerClient(const QString& program, QObject* parent);
    ~WorkerClient() override;

    /// Asks the worker. `answer` is dropped when `context` is destroyed before it arrives. Returns an id
    /// for `cancel`.
    qint64 request(const QString& method, const QJsonObject& params, QObject* context, Answer answer);
    /// Gives up on a request: its answer is dropped, and the worker is told to stop working on it.
    void cancel(qint64 id);
    bool isRunning() const;
    /// Process id of the child, 0 when there is none.
    qint64 processId() const;

Q_SIGNALS:
    void progressed(qint64 id, double fraction);
    /// What the worker knows of an answer before it is whole.
    void known(qint64 id, const QJsonObject& part);

private:
    struct Private;
    std::unique_ptr<Private> m_private;
};

} // namespace weft
