#pragma once

#include <map>

#include <QTreeWidget>

#include "widgets/cluster/job_list.h"
#include "widgets/cluster/worker_stats.h"

namespace weft {

/// Targets, their jobs, and the pods or processes of each, with their state in words.
class JobTree : public QTreeWidget {
    Q_OBJECT

public:
    explicit JobTree(QWidget* parent = nullptr);

    /// Rows stay where they are, chosen and open, while their texts change.
    void showJobs(const std::vector<JobEntry>& jobs);
    /// The processes of one job, as its events tell of them.
    void showRanks(const QString& runDir, const std::map<int, RankFacts>& ranks);
    /// Folder of the chosen row's job; empty on the row of a target.
    QString chosenRun() const;
    /// Name of the chosen pod; empty on other rows.
    QString chosenPart() const;
    bool isRankChosen() const;
    bool choose(const QString& runDir);

private:
    QTreeWidgetItem* row(QTreeWidgetItem* parent, const QString& key);
    void showJob(QTreeWidgetItem* target, const JobEntry& job);
    QString showPart(QTreeWidgetItem* job, const JobEntry& entry, const JobPart& part);
    void dropOthers(QTreeWidgetItem* parent, const QStringList& keys, const QString& prefix = {});

    std::map<QString, QTreeWidgetItem*> m_jobs; ///< by run folder
};

} // namespace weft
