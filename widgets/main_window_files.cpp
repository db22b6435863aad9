#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QStatusBar>

#include "core/project/project.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_picture.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/data/data_panel.h"
#include "widgets/export_dialog.h"
#include "widgets/main_window.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/predictions/try_pane.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/start/start_page.h"
#include "widgets/text.h"

// Opening, saving, exporting.

namespace weft {
namespace {

QString projectFilter()
{
    return MainWindow::tr("Weft projects (*.weft)");
}

/// What Qt's own Chinese leaves in English in the dialogs for files.
[[maybe_unused]] constexpr struct {
    const char* source;
    const char* comment;
} textsOfFileDialogs[] = {QT_TRANSLATE_NOOP3("QAbstractFileIconProvider", "Folder", "All other platforms")};

/// Where files of the project are offered to go. One that was never saved has no folder, and not every account has one for documents.
QString folderOf(const ProjectDocument& document)
{
    if (!document.path().isEmpty())
        return document.baseDir();
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QDir(documents).exists() ? documents : QDir::homePath();
}

} // namespace

void MainWindow::connectFileActions()
{
    const auto on = [this](const char* id, auto&& work) { connect((*m_actions)[id], &QAction::triggered, this, work); };
    on("file.new", [this] {
        if (!mayLeaveProject())
            return;
        attempt([this] { m_document->setProject(Project{}, {}); });
        m_runs->show({});
    });
    on("file.open", [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Open a project"), folderOf(*m_document), projectFilter());
        if (!path.isEmpty())
            openFile(path);
    });
    on("file.save", [this] { save(); });
    on("file.saveAs", [this] { saveAs(); });
    on("file.export", [this] { exportOnnx(); });
    on("file.exportCanvas", [this] { exportCanvasPicture(); });
    on("file.print", [this] { printSheet(); });
    on("file.quit", [this] { close(); });
}

void MainWindow::openLastOrExample()
{
    for (const QString& file : ProjectDocument::leftBehind()) {
        if (!attempt([&] { m_document->recover(file); }) || !m_document->isModified())
            continue;
        m_runs->showNewest();
        say(tr("A project that was never saved is back as it was. Save it, or undo what you do not want."));
        return;
    }
    const QString last = QSettings().value(QStringLiteral("files/last")).toString();
    if (!last.isEmpty() && QFileInfo::exists(last) && openFile(last))
        return;
    newFromTemplate(QStringLiteral("lenet"));
}

bool MainWindow::openFile(const QString& path)
{
    if (!mayLeaveProject() || !attempt([&] { m_document->open(path); }))
        return false;
    rememberProject(m_document->path());
    m_runs->showNewest();
    m_canvas->setFocus();
    if (!m_document->readOnlyReason().isEmpty())
        QMessageBox::information(this, QStringLiteral("Weft"), m_document->readOnlyReason());
    else if (m_document->isOpenElsewhere())
        warnOfTwo();
    if (m_document->isModified())
        say(tr("Edits that were not saved the last time are back. Undo takes them away."));
    return true;
}

/// Two Studios on one file would each save over what the other did.
void MainWindow::warnOfTwo()
{
    QMessageBox box(QMessageBox::Warning, QStringLiteral("Weft"), tr("%1 is open in another window of Weft.").arg(m_document->displayName()),
                    QMessageBox::Ok | QMessageBox::Ignore, this);
    box.setInformativeText(
        tr("Whoever saves last overwrites what the other saved. Look at it here without changing it, or save a copy under another name."));
    box.button(QMessageBox::Ok)->setText(tr("Only look"));
    box.button(QMessageBox::Ignore)->setText(tr("Edit all the same"));
    box.setDefaultButton(QMessageBox::Ok);
    if (box.exec() != QMessageBox::Ignore)
        m_document->setReadOnly(
            tr("The project is open in another window of Weft, so it can only be looked at here. Save it under another name to change it."));
}

void MainWindow::newFromTemplate(const QString& name)
{
    if (!mayLeaveProject())
        return;
    attempt([&] { m_document->setProject(projectFromTemplate(name.toStdString()), {}); });
    m_runs->showNewest();
}

bool MainWindow::save()
{
    return m_document->path().isEmpty() ? saveAs() : saveTo(m_document->path());
}

bool MainWindow::saveAs()
{
    const QString start = m_document->path().isEmpty()
        ? folderOf(*m_document) + QLatin1Char('/') + m_document->displayName() + QStringLiteral(".weft")
        : m_document->path();
    QString path = QFileDialog::getSaveFileName(this, tr("Save the project"), start, projectFilter());
    if (path.isEmpty())
        return false;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".weft");
    return saveTo(path);
}

bool MainWindow::saveTo(const QString& path)
{
    if (!attempt([&] { m_document->save(path); }))
        return false;
    rememberProject(m_document->path());
    statusBar()->showMessage(tr("Saved %1.").arg(m_document->path()), 4000);
    return true;
}

bool MainWindow::mayLeaveProject()
{
    if (!m_document->isModified())
        return true;
    QMessageBox box(QMessageBox::Warning, tr("Unsaved changes"), tr("%1 has changes that are not saved.").arg(m_document->displayName()),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box.setInformativeText(tr("Save them before going on?"));
    box.button(QMessageBox::Discard)->setText(tr("Do not save"));
    box.setDefaultButton(QMessageBox::Save);
    switch (box.exec()) {
    case QMessageBox::Save: return save();
    case QMessageBox::Discard: m_document->discardChanges(); return true;
    default: return false;
    }
}

void MainWindow::fillRecentMenu()
{
    m_recent->clear();
    for (const QString& path : recentProjects()) {
        QAction* action = m_recent->addAction(QFileInfo(path).fileName(), this, [this, path] { openFile(path); });
        action->setToolTip(path);
    }
    m_recent->setToolTipsVisible(true);
    if (m_recent->isEmpty())
        m_recent->addAction(tr("No projects yet"))->setEnabled(false);
}

void MainWindow::openDropped(const QString& path)
{
    const QFileInfo file(path);
    if (file.suffix() == QStringLiteral("weft"))
        openFile(path);
    else if (QImageReader::supportedImageFormats().contains(file.suffix().toLower().toLatin1())) {
        showTab(m_predictions);
        m_predictions->tryPane()->openFile(path);
    } else if (file.exists()) {
        showTab(m_data);
        attempt([&] { m_data->choosePath(path); });
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    if (!event->mimeData()->urls().isEmpty())
        openDropped(event->mimeData()->urls().first().toLocalFile());
}

void MainWindow::exportOnnx()
{
    const QString run = m_runs->runDir();
    if (run.isEmpty()) {
        statusBar()->showMessage(tr("Train first: an export holds trained weights."), 6000);
        return;
    }
    const QString start = folderOf(*m_document) + QLatin1Char('/') + m_document->displayName() + QStringLiteral(".onnx");
    QString path = QFileDialog::getSaveFileName(this, tr("Export to ONNX"), start, tr("ONNX models (*.onnx)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".onnx");
    auto* dialog = new ExportDialog(run, path, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

/// Offers the project's name as SVG; what the user types decides.
void MainWindow::exportCanvasPicture()
{
    const QString start = folderOf(*m_document) + QLatin1Char('/') + m_document->displayName() + QStringLiteral(".svg");
    QString filter;
    QString path = QFileDialog::getSaveFileName(this, tr("Export the canvas as a picture"), start, tr("Drawings (*.svg);;Pictures (*.png)"), &filter);
    if (path.isEmpty())
        return;
    if (const QString suffix = QFileInfo(path).suffix().toLower(); suffix != QLatin1String("svg") && suffix != QLatin1String("png"))
        path += filter.contains(QLatin1String("*.png")) ? QStringLiteral(".png") : QStringLiteral(".svg");
    if (attempt([&] { exportCanvas(m_canvas->canvas(), path); }))
        statusBar()->showMessage(tr("Saved %1.").arg(path), 4000);
}

void MainWindow::printSheet()
{
    CanvasScene& scene = m_canvas->canvas();
    QString title = m_document->displayName();
    if (const Block* block = m_document->project().network.findBlock(scene.block()))
        title += QStringLiteral(" – ") + QString::fromStdString(block->name);
    QPrinter printer(QPrinter::HighResolution);
    preparePrinter(printer, scene, title);
    QPrintDialog dialog(&printer, this);
    dialog.setWindowTitle(tr("Print"));
    if (dialog.exec() == QDialog::Accepted && attempt([&] { printCanvas(scene, title, printer); }))
        statusBar()->showMessage(tr("Printed %1.").arg(title), 4000);
}

} // namespace weft
