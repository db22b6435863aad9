#include <QActionGroup>
#include <QDockWidget>
#include <QLayout>
#include <QLocale>
#include <QMenu>
#include <QMenuBar>
#include <QResizeEvent>
#include <QSettings>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>

#include "core/translation.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/command_palette.h"
#include "widgets/help/layer_help.h"
#include "widgets/main_window.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/start/start_page.h"
#include "widgets/tour/tour.h"
#include "widgets/worker_client.h"

// The start page, the tour, and the change of language.

namespace weft {
namespace {

QString languageKey()
{
    return QStringLiteral("language");
}

/// Where the user's eyes are: kept while the window is made anew.
struct Sight {
    QByteArray docks;
    int tab = 0;
    int sideTab = 0;
    QTransform view;
    std::vector<std::string> selection;
    QStringList helpTypes;
    bool hasStartPage = false;
    bool hasTour = false;
};

} // namespace

void MainWindow::buildStart()
{
    m_start = new StartPage(*m_actions, this);
    menuBar()->installEventFilter(this);
    connect(m_start, &StartPage::closed, this, &MainWindow::hideStartPage);
    connect(m_start, &StartPage::projectChosen, this, &MainWindow::openFile);
    connect(m_start, &StartPage::templateChosen, this, &MainWindow::newFromTemplate);
    connect(m_start, &StartPage::trainingChosen, this, [this](const QString& name) {
        newFromTemplate(name);
        if (!isStartPageShown()) // the user did not keep the open project
            train();
    });
    connect(m_start, &StartPage::languageChosen, this, &MainWindow::chooseLanguage);
    // Another project is open: there is work to see.
    connect(m_document, &ProjectDocument::reset, m_start, [this] { hideStartPage(); });
    connect((*m_actions)["file.start"], &QAction::triggered, this, &MainWindow::showStartPage);
}

void MainWindow::openAtStart()
{
    openLastOrExample();
    if (StartPage::isWantedAtStart())
        showStartPage();
}

void MainWindow::showStartPage()
{
    if (m_tour)
        m_tour->leave();
    placeStartPage();
    m_start->open();
    coverWork(true);
}

void MainWindow::hideStartPage()
{
    if (!isStartPageShown())
        return;
    coverWork(false);
    m_start->hide();
    m_canvas->setFocus();
}

bool MainWindow::isStartPageShown() const
{
    return m_start && m_start->isVisibleTo(this);
}

/// What lies below the start page takes neither keys nor focus.
void MainWindow::coverWork(bool isCovered)
{
    m_canvas->setEnabled(!isCovered);
    for (QDockWidget* dock : findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly))
        dock->setEnabled(!isCovered);
    findChild<QToolBar*>(QStringLiteral("toolBar"))->setEnabled(!isCovered);
}

void MainWindow::placeStartPage()
{
    const int top = menuBar()->height();
    m_start->setGeometry(0, top, width(), height() - top);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    if (m_start)
        placeStartPage();
}

/// The start page begins below the menus, whose height is known only when they are laid out.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && m_start && qobject_cast<QMenuBar*>(watched))
        placeStartPage();
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::startTour()
{
    if (!mayLeaveProject())
        return;
    attempt([this] { m_document->setProject(Project{}, {}); });
    m_runs->show({});
    growResults(false);
    m_tour = new Tour(*this);
}

Tour* MainWindow::tour() const
{
    return m_tour;
}

void MainWindow::buildLanguageMenu(QMenu* view)
{
    QMenu* menu = view->addMenu(tr("Language"));
    menu->setObjectName(QStringLiteral("languageMenu"));
    auto* group = new QActionGroup(menu);
    const QString chosen = QSettings().value(languageKey()).toString();
    const std::pair<QString, QString> languages[] = {
        {tr("Like the system"), QString()}, {QStringLiteral("English"), QStringLiteral("en")}, {QStringLiteral("简体中文"), QStringLiteral("zh_CN")}};
    for (const auto& [text, language] : languages) {
        QAction* action = menu->addAction(text, this, [language = language] { chooseLanguage(language); });
        action->setObjectName(QStringLiteral("language.") + language);
        action->setCheckable(true);
        action->setChecked(language == chosen);
        group->addAction(action);
    }
}

void MainWindow::chooseLanguage(const QString& language)
{
    QSettings().setValue(languageKey(), language);
    loadTranslation(language);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    // Each of the translators that come and go tells of a change; the menu that began it must close first.
    if (event->type() != QEvent::LanguageChange || m_isLanguageChanging)
        return;
    m_isLanguageChanging = true;
    QMetaObject::invokeMethod(this, &MainWindow::rebuild, Qt::QueuedConnection);
}

/// Texts stand where things are built, so a new language builds them once more. Project, undo steps and runs stay.
void MainWindow::rebuild()
{
    m_isLanguageChanging = false;
    growResults(false);
    Sight sight{saveState(), m_tabs->currentIndex(), m_sideTabs->currentIndex(), m_canvas->transform(), m_canvas->canvas().selectedNodes(),
                {},          isStartPageShown(),     m_tour != nullptr};
    const QList<LayerHelp*> helps = findChildren<LayerHelp*>();
    for (LayerHelp* help : helps) {
        sight.helpTypes << help->layerType();
        delete help;
    }
    tearDown();
    delete m_commands;
    delete findChild<QToolBar*>(QStringLiteral("toolBar"));
    delete menuBar();
    delete statusBar();
    delete m_worker;
    delete m_actions;
    build();
    // A layout shows its new parts later; docks that are restored before share the room out without the others.
    QWidgetList parts{m_canvas, menuBar(), statusBar(), findChild<QToolBar*>(QStringLiteral("toolBar"))};
    for (QDockWidget* dock : findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly))
        parts << dock;
    for (QWidget* part : parts)
        part->show();
    layout()->activate();
    restoreState(sight.docks);
    m_tabs->setCurrentIndex(sight.tab);
    m_sideTabs->setCurrentIndex(sight.sideTab);
    m_canvas->keepView(sight.view);
    m_canvas->canvas().select(sight.selection);
    m_runs->replay();
    for (const QString& type : sight.helpTypes)
        showHelp(type);
    if (sight.hasStartPage)
        showStartPage();
    if (sight.hasTour)
        m_tour = new Tour(*this);
    m_canvas->setFocus();
}

} // namespace weft
