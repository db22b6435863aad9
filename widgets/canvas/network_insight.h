#pragma once

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QTimer>

namespace weft {

class ProjectDocument;
class RunController;
class WorkerClient;

/// The sample whose values the wires show. Index −1: the first sample of the test data, or of those there are.
struct PinnedSample {
    QString split = QStringLiteral("test");
    qint64 index = -1;
    friend bool operator==(const PinnedSample&, const PinnedSample&) = default;
};

/// What the worker tells of the network on the canvas: the tensors of one pinned sample, with the weights of the run that
/// is shown, once it has some. GUI thread only.
class NetworkInsight : public QObject {
    Q_OBJECT

public:
    NetworkInsight(ProjectDocument* document, RunController* runs, WorkerClient* worker, QObject* parent = nullptr);

    const PinnedSample& pinned() const { return m_pinned; }
    void pin(const PinnedSample& sample);

    /// Asks for what flowed out of a port ("conv1.y", inside blocks "stage1/conv1.y"): `arrived` or `refused` follows,
    /// unless another port is asked for before.
    void askFor(const QString& port);
    /// No port is asked for any more.
    void forget();
    /// What tells the worker of the network: project, folder of its data, run whose weights it takes.
    QJsonObject network() const;

Q_SIGNALS:
    void pinnedChanged();
    /// Somebody waits for a tensor.
    void asked();
    void arrived(const QString& port, const QJsonObject& tensor);
    void refused(const QString& port, const QString& reason);

private:
    ProjectDocument* m_document;
    RunController* m_runs;
    WorkerClient* m_worker;
    PinnedSample m_pinned;
    QString m_port; ///< that is asked for
    qint64 m_tensorRequest = 0;
    QTimer m_refresh; ///< several changes are one
};

} // namespace weft
