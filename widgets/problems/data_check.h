#pragma once

#include <QObject>
#include <QTimer>

namespace weft {

class NetworkInsight;
class ProjectDocument;
class WorkerClient;

/// Has the worker, which opens the data, check the network against them after each edit, and hands what it finds to the
/// document's problems. GUI thread only.
class DataCheck : public QObject {
    Q_OBJECT

public:
    DataCheck(ProjectDocument* document, WorkerClient* worker, NetworkInsight* insight, QObject* parent = nullptr);

    /// An answer is awaited: what the document knows may be older than its last edit.
    bool isChecking() const { return m_request != 0 || m_timer.isActive(); }

private:
    void restart();
    void check();

    ProjectDocument* m_document;
    WorkerClient* m_worker;
    NetworkInsight* m_insight;
    QTimer m_timer; ///< several edits are one
    qint64 m_request = 0;
};

} // namespace weft
