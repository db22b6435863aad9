#include <QApplication>
#include <QClipboard>
#include <QStatusBar>

#include "core/launch/program.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/data/data_panel.h"
#include "widgets/main_window.h"
#include "widgets/problems/data_check.h"
#include "widgets/problems/train_question.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/runs/program.h"
#include "widgets/target_button.h"
#include "widgets/targets/submission_dialog.h"
#include "widgets/targets/targets_dialog.h"
#include "widgets/training/scaling_dialog.h"

// What Train does, and the command line that does the same.

namespace weft {

/// Without data there is nothing to train on: the panel that chooses them says so, rather than a failed run.
void MainWindow::startWhenReady(const std::function<void()>& start)
{
    if (!m_data->hasSource()) {
        showTab(m_data);
        m_data->askForData();
        return;
    }
    if (!mayTrain())
        return;
    showTab(m_training);
    start();
}

void MainWindow::train()
{
    startWhenReady([this] { m_runs->train(); });
}

void MainWindow::trainByScript(const QString& target, const QString& script)
{
    startWhenReady([this, target, script] { m_runs->trainByScript(target, script); });
}

/// What is known to make the run fail is said before it, with its remedy. What the data have not been asked yet is not.
bool MainWindow::mayTrain()
{
    const bool isNetworkWhole = !hasErrors(m_document->analysis().diagnostics);
    std::vector<Diagnostic> faults = isNetworkWhole && m_dataCheck->isChecking() ? std::vector<Diagnostic>() : m_document->problems();
    std::erase_if(faults, [](const Diagnostic& diagnostic) { return diagnostic.severity != Severity::Error; });
    if (faults.empty())
        return true;
    TrainQuestion question(faults, isNetworkWhole, m_document, this);
    connect(&question, &TrainQuestion::nodeActivated, m_canvas, &CanvasView::showNode);
    return question.exec() == QDialog::Accepted;
}

/// As a POSIX shell takes it.
QString MainWindow::commandLine() const
{
    const QString path = m_document->path().isEmpty() ? m_document->displayName() + QStringLiteral(".weft") : m_document->path();
    std::vector<std::string> words{weftWord().toStdString(), "train", path.toStdString()};
    for (const QString& word : m_target->chosen().arguments)
        words.push_back(word.toStdString());
    return QString::fromStdString(shellQuoted(words));
}

/// The command reads the file, Train takes the project as it is on the canvas.
QString MainWindow::commandNote() const
{
    if (m_document->path().isEmpty())
        return tr("Save the project first: the command reads its file.");
    return m_document->isModified() ? tr("Save first: the command reads the file, which lacks the last edits.") : QString();
}

namespace {

/// A dialog that holds up only the window it belongs to.
void open(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace

void MainWindow::showTargets()
{
    auto* dialog = new TargetsDialog(*m_document, this);
    connect(dialog, &TargetsDialog::targetsChanged, m_target, &TargetButton::refresh);
    connect(dialog, &TargetsDialog::trainRequested, this, &MainWindow::trainByScript);
    open(dialog);
}

/// Of the chosen place; this machine is given a command line.
void MainWindow::showSubmission()
{
    const QStringList arguments = m_target->chosen().arguments;
    const qsizetype target = arguments.indexOf(QStringLiteral("--target"));
    if (target < 0) {
        statusBar()->showMessage(tr("Choose a target beside Train first."), 4000);
        return;
    }
    auto* dialog = new SubmissionDialog(*m_document, arguments.value(target + 1), this);
    connect(dialog, &SubmissionDialog::trainRequested, this, &MainWindow::trainByScript);
    open(dialog);
}

void MainWindow::showScaling()
{
    open(new ScalingDialog(*m_document, this));
}

void MainWindow::copyCommandLine()
{
    if (m_document->path().isEmpty() && !save())
        return; // there is no file that the command could read
    const QString command = commandLine();
    QApplication::clipboard()->setText(command);
    statusBar()->showMessage(tr("Copied: %1").arg(command), 6000);
}

} // namespace weft
