#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

namespace weft {

class CanvasScene;
class NetworkInsight;
class ProjectDocument;
class RunController;
class WorkerClient;

/// Has the worker measure the layers while the canvas shows a figure that is measured: at once, after edits, and at the
/// checkpoints of a training. GUI thread only.
class LayerMeter : public QObject {
    Q_OBJECT

public:
    /// The numbers go to `scene`; `insight` says which network they are of.
    LayerMeter(ProjectDocument* document, RunController* runs, WorkerClient* worker, NetworkInsight* insight, CanvasScene* scene);

    /// The worker measures, or is about to.
    bool isMeasuring() const { return m_request != 0 || m_timer.isActive(); }
    /// Why nothing could be measured; empty while all is well.
    const QString& problem() const { return m_problem; }

Q_SIGNALS:
    /// The worker begins or ends to measure, or cannot.
    void changed();

private:
    bool isWanted() const;
    void follow();
    void restart(int milliseconds);
    void takeNewWeights();
    void stop();
    void measure();
    QString whyNot() const;

    ProjectDocument* m_document;
    WorkerClient* m_worker;
    NetworkInsight* m_insight;
    CanvasScene* m_scene;
    QTimer m_timer; ///< several changes are one
    qint64 m_request = 0;
    bool m_hasNewWeights = false; ///< newer than those that are measured just now
    bool m_isFollowing = false;
    QString m_problem;
};

} // namespace weft
