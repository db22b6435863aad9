#pragma once

#include <memory>
#include <vector>

#include <QThread>
#include <QTimer>
#include <QWidget>

#include "core/project/run_index.h"
#include "widgets/targets/weft_call.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace weft {

class ProjectDocument;
class RunController;

/// The runs of the open project: opens one, deletes one, hands one to the export.
class RunsPanel : public QWidget {
    Q_OBJECT

public:
    RunsPanel(RunController* runs, ProjectDocument* document, QWidget* parent = nullptr);
    ~RunsPanel() override;

    /// Folder of the chosen row; empty when none is chosen.
    QString chosenRun() const;

public Q_SLOTS:
    /// Reads the folders again, on a thread of its own.
    void refresh();
    /// Asks, then deletes the chosen run's folder.
    void deleteChosen();

Q_SIGNALS:
    /// The user wants this run's network as a file.
    void exportRequested(const QString& runDir);

private:
    void read();
    void showRows(const std::vector<RunEntry>& rows);
    void enableButtons();

    RunController* m_runs;
    ProjectDocument* m_document;
    QTreeWidget* m_table;
    QLabel* m_empty;
    QPushButton* m_open;
    QPushButton* m_export;
    QPushButton* m_delete;
    QTimer m_timer;
    std::unique_ptr<QThread> m_reader;
    WeftCall m_deletion; ///< of a run that a target trains
    bool m_isStale = false;
};

} // namespace weft
