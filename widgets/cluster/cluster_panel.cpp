#include "widgets/cluster/cluster_panel.h"

#include <algorithm>

#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/cluster/job_tree.h"
#include "widgets/cluster/line_plot.h"
#include "widgets/cluster/log_tail.h"
#include "widgets/cluster/worker_timeline.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"

namespace weft {
namespace {

constexpr int drawEveryMs = 200;

QString readText(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QFile::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Two plots beside each other where there is width for both, else one above the other.
class PlotPair : public QWidget {
public:
    PlotPair(QWidget* first, QWidget* second) : m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this))
    {
        m_layout->setContentsMargins(0, 0, 0, 0);
        m_layout->setSpacing(4);
        m_layout->addWidget(first, 1);
        m_layout->addWidget(second, 1);
    }

    /// Each is as small as it can be, whichever way they lie now.
    QSize minimumSizeHint() const override { return {140, 90}; }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        QWidget::resizeEvent(event);
        m_layout->setDirection(width() > height() * 1.4 ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    }

private:
    QBoxLayout* m_layout;
};

} // namespace

ClusterPanel::ClusterPanel(RunController* runs, ProjectDocument* document, QWidget* parent) :
    QWidget(parent), m_runs(runs), m_document(document), m_splitter(new QSplitter(Qt::Horizontal)), m_tree(new JobTree), m_empty(new QWidget)
{
    setObjectName(QStringLiteral("clusterPanel"));
    auto* words = new QLabel(
        tr("No job on a target yet. Name a place to train, choose it beside Train, and press Train: its jobs, pods and processes appear here, and the "
           "ranks of runs on this machine."));
    words->setAlignment(Qt::AlignCenter);
    words->setWordWrap(true);
    words->setForegroundRole(QPalette::PlaceholderText);
    auto* name = new QPushButton(icon(QStringLiteral("computer")), tr("Targets …"));
    name->setObjectName(QStringLiteral("nameTarget"));
    auto* middle = new QVBoxLayout(m_empty);
    middle->addStretch();
    middle->addWidget(words);
    middle->addWidget(name, 0, Qt::AlignHCenter);
    middle->addStretch();
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(makeDetails());
    m_splitter->setSizes({560, 440});
    m_splitter->setChildrenCollapsible(false);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(16);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(makeButtons());

    m_drawing.setSingleShot(true);
    m_drawing.setInterval(drawEveryMs);
    connect(&m_drawing, &QTimer::timeout, this, &ClusterPanel::showStats);
    connect(name, &QPushButton::clicked, this, &ClusterPanel::targetsRequested);
    connect(&m_list, &JobList::changed, this, &ClusterPanel::showJobs);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &ClusterPanel::showChosen);
    connect(runs, &RunController::runsChanged, &m_list, [this] {
        if (isVisible())
            m_list.read();
    });
    connect(document, &ProjectDocument::reset, this, [this] { m_list.setProject(m_document->project().id); });
    m_list.setProject(document->project().id);
    showJobs({});
}

ClusterPanel::~ClusterPanel() = default;

QWidget* ClusterPanel::makeDetails()
{
    m_details = new QTabWidget;
    m_details->setDocumentMode(true);
    m_details->setAccessibleName(tr("Job"));
    m_details->tabBar()->setAccessibleName(tr("Job"));
    m_details->tabBar()->setDrawBase(false);
    m_log = new LogTail;
    m_timeline = new WorkerTimeline;
    m_throughput = new LinePlot(tr("seconds"), tr("samples per second"));
    m_staleness = new LinePlot(tr("seconds"), tr("staleness of gradients"));
    m_script = new QPlainTextEdit;
    m_script->setObjectName(QStringLiteral("script"));
    m_script->setAccessibleName(tr("What was submitted"));
    m_script->setReadOnly(true);
    m_script->setFrameShape(QFrame::NoFrame);
    m_script->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_script->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_script->setPlaceholderText(tr("The YAML, script or commands of the chosen job stand here."));
    m_details->addTab(m_log, tr("Log"));
    auto* workers = new QWidget;
    auto* column = new QVBoxLayout(workers);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_timeline);
    column->addWidget(new PlotPair(m_throughput, m_staleness), 1);
    m_details->addTab(workers, tr("Workers"));
    m_details->addTab(m_script, tr("Submitted"));
    return m_details;
}

QWidget* ClusterPanel::makeButtons()
{
    m_buttons = new QWidget;
    auto* column = new QVBoxLayout(m_buttons);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    const auto add = [&](const char* id, const char* sign, const QString& text, const QString& help) {
        auto* button = new QPushButton(icon(QLatin1String(sign)), text);
        button->setObjectName(QLatin1String(id));
        button->setToolTip(help);
        column->addWidget(button);
        return button;
    };
    m_curves = add("showJob", "chart", tr("Show curves"), tr("Shows the job's run like one of this machine"));
    m_stop = add("stopJob", "stop", tr("Stop"),
                 tr("Saves, ends the run, fetches the results and removes the job from its target; one that waits is taken back"));
    m_end = add("endJob", "close", tr("End …"), tr("Ends the job at once without saving, fetches what is there and removes the job from its target"));
    m_copy = add("copyScript", "copy", tr("Copy"), tr("Copies what was submitted"));
    column->addStretch();
    connect(m_curves, &QPushButton::clicked, this, [this] { m_runs->show(m_dir); });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_runs->send(m_dir, QStringLiteral("stop")); });
    connect(m_end, &QPushButton::clicked, this, &ClusterPanel::endAtOnce);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_script->toPlainText()); });
    return m_buttons;
}

void ClusterPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_list.setWatching(true);
    follow(m_dir);
}

/// Nobody looks: nothing is read.
void ClusterPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_list.setWatching(false);
    m_feed.reset();
}

const JobEntry* ClusterPanel::chosen() const
{
    const auto job = std::find_if(m_jobs.begin(), m_jobs.end(), [this](const JobEntry& entry) { return entry.runDir == m_dir; });
    return job == m_jobs.end() ? nullptr : &*job;
}

void ClusterPanel::showJobs(const std::vector<JobEntry>& jobs)
{
    m_jobs = jobs;
    m_tree->showJobs(jobs);
    m_tree->showRanks(m_dir, m_stats.ranks());
    m_empty->setVisible(jobs.empty());
    m_splitter->setVisible(!jobs.empty());
    m_buttons->setVisible(!jobs.empty());
    // The job that was chosen though its pod is gone, the run that is shown, or the first job.
    if (m_tree->selectedItems().isEmpty() && !jobs.empty() && !m_tree->choose(m_dir) && !m_tree->choose(m_runs->runDir()))
        m_tree->choose(jobs.front().runDir);
    showLog();
    showScript();
    enableButtons();
}

void ClusterPanel::showChosen()
{
    const QString dir = m_tree->chosenRun();
    if (dir.isEmpty())
        return;
    if (dir != m_dir)
        follow(dir);
    showLog();
    showScript();
    enableButtons();
}

/// Of the chosen pod or rank. On other rows, and where ranks print into another's log, what the job printed; until that is
/// fetched, what its first part prints.
void ClusterPanel::showLog()
{
    const RunPaths run{m_dir.toStdString()};
    const JobEntry* job = chosen();
    const QString part = m_tree->chosenPart();
    const std::string own = job && job->kind == TargetKind::Local ? run.log() : run.jobLog();
    QString log = QString::fromStdString(part.isEmpty() ? own : partLogPath(run, part.toStdString()));
    if (!QFile::exists(log) && m_tree->isRankChosen())
        log = QString::fromStdString(own);
    if (!QFile::exists(log) && (part.isEmpty() || m_tree->isRankChosen())) {
        const QStringList parts = QDir(QString::fromStdString(run.partLogs())).entryList({QStringLiteral("*.log")}, QDir::Files, QDir::Name);
        log = parts.isEmpty() ? QString() : QString::fromStdString(run.partLogs()) + QLatin1Char('/') + parts.front();
    }
    m_log->setFile(m_dir.isEmpty() ? QString() : log);
}

void ClusterPanel::follow(const QString& runDir)
{
    if (runDir == m_dir && m_feed)
        return;
    m_dir = runDir;
    m_stats = {};
    m_feed.reset();
    if (!runDir.isEmpty()) {
        m_feed = std::make_unique<EventFeed>(runDir);
        connect(m_feed.get(), &EventFeed::read, this, &ClusterPanel::takeEvents);
    }
    m_drawing.start();
}

void ClusterPanel::takeEvents(const EventList& events)
{
    for (const QJsonObject& event : events)
        m_stats.add(event);
    if (!m_drawing.isActive())
        m_drawing.start();
}

void ClusterPanel::showStats()
{
    m_tree->showRanks(m_dir, m_stats.ranks());
    m_timeline->show(m_stats);
    m_throughput->setLines({{tr("all ranks"), m_stats.throughput()}});
    std::vector<PlotLine> staleness;
    for (const auto& [rank, facts] : m_stats.ranks()) {
        PlotLine line{tr("Rank %1").arg(rank), {}};
        for (const WorkerSpan& span : facts.spans) {
            if (span.gradients > 0)
                line.points.emplace_back(span.to, span.staleness);
        }
        if (!line.points.empty())
            staleness.push_back(std::move(line));
    }
    m_staleness->setLines(std::move(staleness));
}

/// It is written once, when the job is submitted.
void ClusterPanel::showScript()
{
    if (m_dir == m_scriptOf && !m_script->document()->isEmpty())
        return;
    m_scriptOf = m_dir;
    m_script->setPlainText(m_dir.isEmpty() ? QString() : readText(RunPaths{m_dir.toStdString()}.submission()));
}

void ClusterPanel::enableButtons()
{
    const JobEntry* job = chosen();
    const bool isGoing = job && !job->isOver();
    m_curves->setEnabled(job
                         && QDir::cleanPath(m_dir).contains(QLatin1Char('/') + QString::fromStdString(m_document->project().id) + QLatin1Char('/')));
    m_stop->setEnabled(isGoing);
    // Here nobody stands between the run and its end.
    m_end->setEnabled(isGoing && job->kind != TargetKind::Local);
    m_copy->setEnabled(!m_script->toPlainText().isEmpty());
}

void ClusterPanel::endAtOnce()
{
    QMessageBox box(QMessageBox::Warning, tr("End the job"), tr("End the job at once?"), QMessageBox::NoButton, this);
    box.setInformativeText(tr("What it has not saved is lost. Stop saves first."));
    QPushButton* yes = box.addButton(tr("End"), QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("endNow"));
    box.setDefaultButton(box.addButton(tr("Let it run"), QMessageBox::RejectRole));
    box.exec();
    if (box.clickedButton() == yes)
        m_runs->send(m_dir, QStringLiteral("kill"));
}

} // namespace weft
