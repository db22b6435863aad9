#pragma once

#include <memory>
#include <vector>

#include <QPlainTextEdit>
#include <QWidget>

#include "widgets/cluster/job_list.h"
#include "widgets/cluster/worker_stats.h"
#include "widgets/runs/event_feed.h"

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;

namespace weft {

class JobTree;
class LinePlot;
class LogTail;
class ProjectDocument;
class RunController;
class WorkerTimeline;

/// Jobs on targets: who trains where, in words; what each pod prints; what each worker does; what was submitted. Everything
/// is read from the run folders, which the processes that follow the jobs keep up to date.
class ClusterPanel : public QWidget {
    Q_OBJECT

public:
    ClusterPanel(RunController* runs, ProjectDocument* document, QWidget* parent = nullptr);
    ~ClusterPanel() override;

    JobTree& tree() const { return *m_tree; }
    const WorkerStats& stats() const { return m_stats; }
    /// Folder of the chosen job; empty when none is chosen.
    QString chosenRun() const { return m_dir; }

Q_SIGNALS:
    /// The user wants to name a target.
    void targetsRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeDetails();
    QWidget* makeButtons();
    void showJobs(const std::vector<JobEntry>& jobs);
    void showChosen();
    void follow(const QString& runDir);
    void takeEvents(const EventList& events);
    void showStats();
    void showLog();
    void showScript();
    void enableButtons();
    void endAtOnce();
    const JobEntry* chosen() const;

    RunController* m_runs;
    ProjectDocument* m_document;
    JobList m_list;
    std::vector<JobEntry> m_jobs;
    QString m_dir;
    std::unique_ptr<EventFeed> m_feed; ///< of the chosen job
    WorkerStats m_stats;
    QTimer m_drawing; ///< plots follow events a few times a second
    QSplitter* m_splitter;
    JobTree* m_tree;
    QWidget* m_empty;
    QTabWidget* m_details = nullptr;
    LogTail* m_log = nullptr;
    WorkerTimeline* m_timeline = nullptr;
    LinePlot* m_throughput = nullptr;
    LinePlot* m_staleness = nullptr;
    QPlainTextEdit* m_script = nullptr;
    QString m_scriptOf; ///< the run whose script is shown
    QWidget* m_buttons = nullptr;
    QPushButton* m_curves = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_end = nullptr;
    QPushButton* m_copy = nullptr;
};

} // namespace weft
