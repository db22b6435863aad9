#include "widgets/runs/runs_panel.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/training/run_folder.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/runs/run_list.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

namespace weft {

namespace {

enum Column { Started, State, Epochs, Accuracy, Loss, Time, Folder };
constexpr int dirRole = Qt::UserRole;
constexpr int stateRole = Qt::UserRole + 1;

bool isGoing(const std::string& state)
{
    return state == "running" || state == "paused";
}

QString timeText(double seconds)
{
    if (seconds < 100)
        return RunsPanel::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    return RunsPanel::tr("%1 min").arg(QLocale().toString(seconds / 60, 'f', 1));
}

} // namespace

RunsPanel::RunsPanel(RunController* runs, ProjectDocument* document, QWidget* parent) : QWidget(parent), m_runs(runs), m_document(document)
{
    m_table = new QTreeWidget;
    m_table->setObjectName(QStringLiteral("runs"));
    m_table->setAccessibleName(tr("Runs"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setHeaderLabels({tr("Started"), tr("State"), tr("Epochs"), tr("Best accuracy"), tr("Best loss"), tr("Time"), tr("Folder")});
    m_table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->header()->setStretchLastSection(true);
    // The folder takes what is left and gives way first; its whole name is in its tool tip.
    m_table->header()->setSectionResizeMode(Folder, QHeaderView::Stretch);
    m_table->header()->setMinimumSectionSize(24);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setTextElideMode(Qt::ElideMiddle);
    for (const Column column : {Epochs, Accuracy, Loss, Time})
        m_table->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    m_empty = new QLabel(tr("No runs yet. Press Train, and the run appears here with its curves and checkpoints."));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_open = new QPushButton(icon(QStringLiteral("chart")), tr("Show curves"));
    m_open->setObjectName(QStringLiteral("openRun"));
    m_export = new QPushButton(icon(QStringLiteral("export")), tr("Export to ONNX …"));
    m_export->setObjectName(QStringLiteral("exportRun"));
    m_delete = new QPushButton(icon(QStringLiteral("delete")), tr("Delete …"));
    m_delete->setObjectName(QStringLiteral("deleteRun"));

    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* button : {m_open, m_export, m_delete})
        buttons->addWidget(button);
    buttons->addStretch();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(16);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    layout->addLayout(buttons);

    m_timer.setSingleShot(true);
    m_timer.setInterval(50);
    connect(&m_timer, &QTimer::timeout, this, &RunsPanel::read);
    connect(runs, &RunController::runsChanged, this, &RunsPanel::refresh);
    connect(runs, &RunController::runChanged, this, &RunsPanel::refresh);
    connect(runs, &RunController::eventRead, this, [this](const QJsonObject& event) {
        if (event.value(QStringLiteral("event")) == QLatin1String("epoch"))
            refresh();
    });
    connect(document, &ProjectDocument::reset, this, &RunsPanel::refresh);
    const auto open = [this] {
        if (!chosenRun().isEmpty())
            m_runs->show(chosenRun());
    };
    connect(m_table, &QTreeWidget::itemActivated, this, open);
    connect(m_table, &QTreeWidget::itemSelectionChanged, this, &RunsPanel::enableButtons);
    connect(m_open, &QPushButton::clicked, this, open);
    connect(m_export, &QPushButton::clicked, this, [this] { Q_EMIT exportRequested(chosenRun()); });
    connect(m_delete, &QPushButton::clicked, this, &RunsPanel::deleteChosen);
    connect(&m_deletion, &WeftCall::ended, this, [this](const WeftAnswer& answer) {
        if (answer.code != 0)
            QMessageBox::warning(this, tr("Delete the run"), answer.errors);
        refresh();
    });
    showRows({});
    refresh();
}

RunsPanel::~RunsPanel()
{
    if (m_reader)
        m_reader->wait();
}

QString RunsPanel::chosenRun() const
{
    const QList<QTreeWidgetItem*> chosen = m_table->selectedItems();
    return chosen.isEmpty() ? QString() : chosen.first()->data(0, dirRole).toString();
}

void RunsPanel::refresh()
{
    m_isStale = true;
    if (!m_reader && !m_timer.isActive())
        m_timer.start();
}

void RunsPanel::read()
{
    m_isStale = false;
    const std::string project = m_document->project().id;
    auto rows = std::make_shared<std::vector<RunEntry>>();
    m_reader.reset(QThread::create([project, rows] {
        try {
            // The index belongs to one thread, so each reading opens its own.
            RunIndex index;
            index.refresh(defaultRunsRoot());
            *rows = index.runs(project);
        } catch (const Error&) {
            // Without an index there is no list; runs themselves are not touched.
        }
    }));
    connect(m_reader.get(), &QThread::finished, this, [this, rows] {
        m_reader.reset();
        showRows(*rows);
        if (m_isStale)
            m_timer.start();
    });
    m_reader->start();
}

void RunsPanel::showRows(const std::vector<RunEntry>& rows)
{
    const QString chosen = chosenRun();
    m_table->clear();
    for (int i = 0; i < m_runs->queued(); ++i) {
        auto* item = new QTreeWidgetItem(m_table);
        item->setData(0, stateRole, QStringLiteral("queued"));
        item->setText(Started, tr("not started"));
        item->setText(State, tr("queued"));
    }
    for (const RunEntry& run : rows) {
        const QString dir = QString::fromStdString(run.dir);
        const QDateTime created = QDateTime::fromString(QString::fromStdString(run.created), Qt::ISODateWithMs).toLocalTime();
        auto* item = new QTreeWidgetItem(m_table);
        item->setData(0, dirRole, dir);
        item->setData(0, stateRole, QString::fromStdString(run.state));
        item->setText(Started, created.isValid() ? QLocale().toString(created, QLocale::ShortFormat) : tr("not started"));
        item->setText(State, runStateText(run.state));
        item->setText(Epochs, tr("%1 of %2").arg(run.epoch).arg(run.epochs));
        item->setText(Accuracy, run.bestAccuracy ? QLocale().toString(*run.bestAccuracy, 'f', 4) : QString());
        item->setText(Loss, run.bestLoss ? QLocale().toString(*run.bestLoss, 'f', 4) : QString());
        item->setText(Time, timeText(run.seconds));
        item->setText(Folder, QDir(dir).dirName());
        item->setToolTip(Folder, dir);
        for (const Column column : {Epochs, Accuracy, Loss, Time})
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        if (run.state == "failed" || run.state == "interrupted")
            item->setIcon(State, icon(QStringLiteral("warning"), themeColors().warning));
        if (dir == m_runs->runDir()) {
            QFont bold = m_table->font();
            bold.setBold(true);
            item->setFont(Started, bold);
        }
        item->setSelected(dir == chosen);
    }
    const bool isEmpty = m_table->topLevelItemCount() == 0;
    for (QPushButton* button : {m_open, m_export, m_delete})
        button->setVisible(!isEmpty);
    m_table->setVisible(!isEmpty);
    m_empty->setVisible(isEmpty);
    enableButtons();
}

void RunsPanel::enableButtons()
{
    const QList<QTreeWidgetItem*> chosen = m_table->selectedItems();
    m_open->setEnabled(!chosenRun().isEmpty());
    m_export->setEnabled(!chosenRun().isEmpty() && QFile::exists(QString::fromStdString(RunPaths{chosenRun().toStdString()}.last())));
    m_delete->setEnabled(!chosen.isEmpty() && !isGoing(chosen.first()->data(0, stateRole).toString().toStdString()));
    m_delete->setToolTip(!chosen.isEmpty() && !m_delete->isEnabled() ? tr("Stop the run before deleting it.") : QString());
}

void RunsPanel::deleteChosen()
{
    const QString dir = chosenRun();
    if (dir.isEmpty()) {
        m_runs->dropQueued();
        return;
    }
    QMessageBox box(QMessageBox::Warning, tr("Delete the run"), tr("Delete the run %1 with its curves and checkpoints?").arg(QDir(dir).dirName()),
                    QMessageBox::NoButton, this);
    box.setInformativeText(tr("This cannot be undone."));
    QPushButton* yes = box.addButton(tr("Delete"), QMessageBox::DestructiveRole);
    box.setDefaultButton(box.addButton(tr("Keep"), QMessageBox::RejectRole));
    box.exec();
    if (box.clickedButton() != yes)
        return;
    if (m_runs->runDir() == dir)
        m_runs->show({});
    if (QFile::exists(QString::fromStdString(RunPaths{dir.toStdString()}.target()))) {
        // Its job goes too, which takes the target's time: the command does both.
        m_deletion.start({QStringLiteral("runs"), QStringLiteral("delete"), dir});
        return;
    }
    try {
        // Holding its lock keeps a resumed run from starting in the folder that goes.
        const RunLock lock(RunPaths{dir.toStdString()}.lock());
        if (!QDir(dir).removeRecursively())
            QMessageBox::warning(this, tr("Delete the run"), tr("Some files of %1 could not be deleted. Check who owns them.").arg(dir));
    } catch (const Error& error) {
        QMessageBox::warning(this, tr("Delete the run"), translated(error.message()));
    }
    refresh();
}

} // namespace weft
