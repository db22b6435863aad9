#include "widgets/cluster/job_tree.h"

#include <QDateTime>
#include <QDir>
#include <QHeaderView>
#include <QStyledItemDelegate>

#include "widgets/targets/job_text.h"
#include "widgets/targets/target_form.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {
namespace {

enum Column { Name, InWords, Node, Restarts, Said };
constexpr int keyRole = Qt::UserRole;
constexpr int dirRole = Qt::UserRole + 1;
constexpr int partRole = Qt::UserRole + 2;
constexpr int saidRole = Qt::UserRole + 3;
const QString rankKey = QStringLiteral("rank/");

void setText(QTreeWidgetItem* item, Column column, const QString& text)
{
    item->setText(column, text);
    item->setToolTip(column, text);
}

/// When a run was made, which the name of its folder begins with: "23:56", "11-28 23:56".
QString startOf(const QString& runDir)
{
    const QString name = QDir(runDir).dirName();
    QDateTime time = QDateTime::fromString(name.left(16), QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    if (!time.isValid())
        return name;
    time.setTimeSpec(Qt::UTC);
    time = time.toLocalTime();
    return time.toString(time.date() == QDate::currentDate() ? QStringLiteral("HH:mm") : QStringLiteral("MM-dd HH:mm"));
}

/// Names of pods begin alike and differ at their end.
class NameDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideMiddle;
    }
};

/// A sign where a look is needed.
void setSign(QTreeWidgetItem* item, bool isBad, bool isWaiting)
{
    item->setIcon(InWords,
                  isBad           ? icon(QStringLiteral("error"), themeColors().error)
                      : isWaiting ? icon(QStringLiteral("warning"), themeColors().warning)
                                  : QIcon());
}

} // namespace

JobTree::JobTree(QWidget* parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("jobs"));
    setAccessibleName(tr("Jobs"));
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setHeaderLabels({tr("Job"), tr("State"), tr("Node"), tr("Restarts"), tr("Last message")});
    header()->setSectionResizeMode(QHeaderView::Interactive);
    header()->setMinimumSectionSize(24);
    const int widths[] = {184, 96, 64, 60};
    for (int column = 0; column < 4; ++column)
        header()->resizeSection(column, widths[column]);
    header()->setStretchLastSection(true);
    headerItem()->setTextAlignment(Restarts, Qt::AlignRight | Qt::AlignVCenter);
    setTextElideMode(Qt::ElideRight);
    setItemDelegateForColumn(Name, new NameDelegate(this));
}

QTreeWidgetItem* JobTree::row(QTreeWidgetItem* parent, const QString& key)
{
    QTreeWidgetItem* from = parent ? parent : invisibleRootItem();
    for (int i = 0; i < from->childCount(); ++i) {
        if (from->child(i)->data(0, keyRole) == key)
            return from->child(i);
    }
    auto* item = new QTreeWidgetItem(from);
    item->setData(0, keyRole, key);
    item->setTextAlignment(Restarts, Qt::AlignRight | Qt::AlignVCenter);
    if (parent && parent->childCount() == 1)
        parent->setExpanded(true);
    return item;
}

void JobTree::dropOthers(QTreeWidgetItem* parent, const QStringList& keys, const QString& prefix)
{
    for (int i = parent->childCount() - 1; i >= 0; --i) {
        const QString key = parent->child(i)->data(0, keyRole).toString();
        if (key.startsWith(prefix) && !keys.contains(key))
            delete parent->takeChild(i);
    }
}

void JobTree::showJobs(const std::vector<JobEntry>& jobs)
{
    std::map<QString, QStringList> runs;
    QStringList targets;
    m_jobs.clear();
    for (const JobEntry& job : jobs) {
        QTreeWidgetItem* target = row(nullptr, job.target);
        if (!targets.contains(job.target)) {
            targets << job.target;
            setText(target, Name, job.target);
            setText(target, InWords, targetKindText(job.kind));
            QFont bold = font();
            bold.setBold(true);
            target->setFont(Name, bold);
        }
        runs[job.target] << job.runDir;
        showJob(target, job);
    }
    dropOthers(invisibleRootItem(), targets);
    for (const auto& [target, dirs] : runs)
        dropOthers(row(nullptr, target), dirs);
}

void JobTree::showJob(QTreeWidgetItem* target, const JobEntry& job)
{
    QTreeWidgetItem* item = row(target, job.runDir);
    m_jobs[job.runDir] = item;
    item->setData(0, dirRole, job.runDir);
    item->setText(Name, QStringLiteral("%1 · %2").arg(job.project, startOf(job.runDir)));
    item->setToolTip(Name, job.runDir);
    setText(item, InWords, jobText(job));
    setText(item, Said, job.report && !job.isOver() ? job.report->reasons.join(QLatin1Char(' ')) : QString());
    const JobPhase phase = job.report ? job.report->phase : JobPhase::Starting;
    setSign(item, job.isOver() ? job.endState == QLatin1String("failed") : phase == JobPhase::Failed,
            !job.isOver() && phase == JobPhase::Queued && !job.report->reasons.isEmpty());
    QStringList parts;
    // Pods are gone with their job; of ranks of this machine the logs stay.
    if (job.report && (!job.isOver() || job.kind == TargetKind::Local)) {
        for (const JobPart& part : job.report->parts)
            parts << showPart(item, job, part);
    }
    dropOthers(item, parts, QStringLiteral("part/"));
}

/// Gives the key of its row. A part that is a rank shares the row with what the rank's events tell.
QString JobTree::showPart(QTreeWidgetItem* job, const JobEntry& entry, const JobPart& part)
{
    const QString name = QString::fromStdString(part.name);
    const bool isRank = entry.kind == TargetKind::Local;
    const QString number = name.section(QLatin1Char('-'), 1);
    const QString key = isRank ? rankKey + number : QStringLiteral("part/") + name;
    QTreeWidgetItem* item = row(job, key);
    item->setData(0, dirRole, entry.runDir);
    item->setData(0, partRole, name);
    setText(item, Name, isRank ? tr("Rank %1").arg(number) : name);
    setText(item, InWords, partStateText(QString::fromStdString(part.state)));
    setText(item, Node, QString::fromStdString(part.node));
    setText(item, Restarts, part.restarts > 0 ? QString::number(part.restarts) : QString());
    item->setData(0, saidRole, QString::fromStdString(part.message));
    if (!isRank || !part.message.empty())
        setText(item, Said, QString::fromStdString(part.message));
    setSign(item, part.state == "Failed" || part.state == "failed" || part.state == "lost", part.restarts > 0 && !part.isOver);
    return key;
}

void JobTree::showRanks(const QString& runDir, const std::map<int, RankFacts>& ranks)
{
    const auto job = m_jobs.find(runDir);
    if (job == m_jobs.end())
        return;
    QStringList keys;
    for (const auto& [rank, facts] : ranks) {
        keys << rankKey + QString::number(rank);
        QTreeWidgetItem* item = row(job->second, keys.back());
        item->setData(0, dirRole, runDir);
        item->setData(0, partRole, QString::fromStdString(rankLogName(rank)));
        setText(item, Name, tr("Rank %1").arg(rank));
        setText(item, Node, facts.host);
        QStringList words{tr("process %1").arg(facts.processId)};
        if (facts.endSample > facts.firstSample)
            words << tr("samples %1 to %2 of a batch").arg(facts.firstSample + 1).arg(facts.endSample);
        if (!facts.spans.empty())
            words << tr("computes %1 % of the time").arg(qRound(100 * facts.spans.back().busyShare));
        if (const QString said = item->data(0, saidRole).toString(); !said.isEmpty())
            words.prepend(said);
        setText(item, Said, words.join(QStringLiteral(", ")));
    }
    dropOthers(job->second, keys, rankKey);
}

QString JobTree::chosenRun() const
{
    const QList<QTreeWidgetItem*> chosen = selectedItems();
    return chosen.isEmpty() ? QString() : chosen.first()->data(0, dirRole).toString();
}

QString JobTree::chosenPart() const
{
    const QList<QTreeWidgetItem*> chosen = selectedItems();
    return chosen.isEmpty() ? QString() : chosen.first()->data(0, partRole).toString();
}

bool JobTree::isRankChosen() const
{
    const QList<QTreeWidgetItem*> chosen = selectedItems();
    return !chosen.isEmpty() && chosen.first()->data(0, keyRole).toString().startsWith(rankKey);
}

bool JobTree::choose(const QString& runDir)
{
    const auto job = m_jobs.find(runDir);
    if (job != m_jobs.end())
        setCurrentItem(job->second);
    return job != m_jobs.end();
}

} // namespace weft
