#include "widgets/main_window.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QSettings>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/figure_chooser.h"
#include "widgets/canvas/layer_meter.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/canvas/wire_peek.h"
#include "widgets/cluster/cluster_panel.h"
#include "widgets/command_palette.h"
#include "widgets/data/data_panel.h"
#include "widgets/help_dialogs.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/problems/data_check.h"
#include "widgets/problems/problems_panel.h"
#include "widgets/project_document.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/run_controller.h"
#include "widgets/runs/log_panel.h"
#include "widgets/runs/runs_panel.h"
#include "widgets/start/start_page.h"
#include "widgets/target_button.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/tour/tour.h"
#include "widgets/training/training_panel.h"
#include "widgets/training/training_settings_panel.h"
#include "widgets/wheel_scrolls.h"
#include "widgets/worker_client.h"

namespace weft {
namespace {

constexpr int layoutVersion = 1;
constexpr int smallestCanvas = 120;

} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), m_document(new ProjectDocument(this)), m_runs(new RunController(m_document, this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(icon(QStringLiteral("weft")));
    setAcceptDrops(true);
    letWheelScroll(this);
    build();
    connect(m_document, &ProjectDocument::pathChanged, this, &MainWindow::showTitle);
    connect(m_document, &ProjectDocument::modifiedChanged, this, &MainWindow::showTitle);
    connect(m_document, &ProjectDocument::readOnlyChanged, this, &MainWindow::showTitle);
    connect(m_document, &ProjectDocument::analysisChanged, this, &MainWindow::showSummary);
    connect(m_document, &ProjectDocument::warning, this, &MainWindow::say);
    connect(m_runs, &RunController::stateChanged, this, &MainWindow::showRunState);
    connect(m_runs, &RunController::progressChanged, this, &MainWindow::showRunState);
    connect(m_runs, &RunController::runChanged, this, &MainWindow::showRunState);
    connect(m_runs, &RunController::failed, this, [this](const QString& text) { QMessageBox::warning(this, tr("Training"), text); });
    restoreLayout();
    m_canvas->setFocus();
}

MainWindow::~MainWindow()
{
    tearDown();
}

/// Makes everything that shows text: at the start, and anew when the language changes.
void MainWindow::build()
{
    m_actions = new Actions(this);
    m_worker = new WorkerClient(this);
    m_canvas = new CanvasView(m_document);
    m_insight = new NetworkInsight(m_document, m_runs, m_worker, m_canvas);
    m_peek = new WirePeek(m_canvas, m_insight);
    m_dataCheck = new DataCheck(m_document, m_worker, m_insight, m_canvas);
    m_figures = new FigureChooser(m_canvas, new LayerMeter(m_document, m_runs, m_worker, m_insight, &m_canvas->canvas()));
    m_palette = new LayerPalette;
    m_properties = new PropertiesPanel(m_document, &m_canvas->canvas());
    m_problems = new ProblemsPanel(m_document);
    m_commands = new CommandPalette(*m_actions, this);
    m_canvas->setMinimumHeight(smallestCanvas);
    setCentralWidget(m_canvas);
    m_actions->attachCanvas(m_canvas);
    buildDocks();
    buildMenus();
    buildToolBar();
    buildStatusBar();
    buildStart();
    connectActions();
    connectFileActions();
    connectInsight();
    showTitle();
    showSummary();
    showRunState();
    showProblemCount();
}

/// The panels watch what the window owns: they go first.
void MainWindow::tearDown()
{
    delete m_tour;
    delete m_start;
    m_start = nullptr;
    delete takeCentralWidget();
    for (QDockWidget* dock : findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly))
        delete dock;
}

void MainWindow::buildDocks()
{
    const auto addDock = [this](const QString& id, const QString& title, QWidget* content, Qt::DockWidgetArea area) {
        auto* dock = new QDockWidget(title, this);
        dock->setObjectName(id);
        dock->setFeatures(QDockWidget::DockWidgetClosable);
        dock->setTitleBarWidget(new QWidget(dock)); // the panels carry headings of their own
        dock->setWidget(content);
        addDockWidget(area, dock);
        return dock;
    };
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);

    m_palette->setMinimumWidth(150);
    QDockWidget* left = addDock(QStringLiteral("layersDock"), tr("Layers"), m_palette, Qt::LeftDockWidgetArea);

    m_sideTabs = new QTabWidget;
    m_sideTabs->setDocumentMode(true);
    m_sideTabs->setAccessibleName(tr("Properties"));
    m_sideTabs->tabBar()->setAccessibleName(tr("Properties"));
    m_sideTabs->tabBar()->setDrawBase(false);
    m_sideTabs->setMinimumWidth(230);
    m_sideTabs->addTab(m_properties, tr("Properties"));
    auto* settings = new TrainingSettingsPanel(m_document);
    settings->setAccessibleName(tr("Training"));
    m_sideTabs->addTab(settings, tr("Training"));
    QDockWidget* right = addDock(QStringLiteral("propertiesDock"), tr("Properties"), m_sideTabs, Qt::RightDockWidgetArea);

    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->setObjectName(QStringLiteral("resultTabs"));
    m_tabs->setAccessibleName(tr("Results"));
    m_tabs->tabBar()->setAccessibleName(tr("Results"));
    m_training = new TrainingPanel(m_runs, m_document);
    m_data = new DataPanel(m_document, m_worker);
    m_tabs->addTab(m_training, tr("Training"));
    m_predictions = new PredictionsPanel(m_runs, m_worker, m_document);
    m_tabs->addTab(m_predictions, tr("Predictions"));
    m_tabs->addTab(new RunsPanel(m_runs, m_document), tr("Runs"));
    m_cluster = new ClusterPanel(m_runs, m_document);
    m_tabs->addTab(m_cluster, tr("Cluster"));
    m_tabs->addTab(m_data, tr("Data"));
    m_tabs->addTab(new LogPanel(m_runs), tr("Log"));
    m_tabs->addTab(m_problems, tr("Problems"));
    // What a panel holds must not push the docks beside it.
    m_tabs->setMinimumSize(360, 120);
    m_tabs->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
    m_growButton = new QToolButton;
    m_growButton->setObjectName(QStringLiteral("growButton"));
    m_growButton->setDefaultAction((*m_actions)["view.growResults"]);
    m_tabs->setCornerWidget(m_growButton);
    connect(m_tabs, &QTabWidget::tabBarDoubleClicked, (*m_actions)["view.growResults"], &QAction::trigger);
    QDockWidget* bottom = addDock(QStringLiteral("resultsDock"), tr("Results"), m_tabs, Qt::BottomDockWidgetArea);
    resizeDocks({left, right}, {196, 280}, Qt::Horizontal);
    resizeDocks({bottom}, {270}, Qt::Vertical);

    connect(m_cluster, &ClusterPanel::targetsRequested, (*m_actions)["run.targets"], &QAction::trigger);
    connect(m_data, &DataPanel::trainRequested, this, &MainWindow::train);
    connect(m_data, &DataPanel::columnsChanged, m_properties, &PropertiesPanel::setColumns);
    connect(m_palette, &LayerPalette::layerActivated, m_canvas, &CanvasView::appendLayer);
    m_palette->follow(m_canvas);
    connect(m_commands, &CommandPalette::layerChosen, m_canvas, &CanvasView::appendLayer);
    connect(m_problems, &ProblemsPanel::nodeActivated, m_canvas, &CanvasView::showNode);
    connect(m_properties, &PropertiesPanel::nodeActivated, m_canvas, &CanvasView::showNode);
    connect(m_problems, &ProblemsPanel::countChanged, this, &MainWindow::showProblemCount);
    connect(m_properties, &PropertiesPanel::blockOpened, m_canvas, &CanvasView::enterBlock);
    connect(m_properties, &PropertiesPanel::helpRequested, this, &MainWindow::showHelp);
    connect(m_canvas, &CanvasView::helpRequested, this, &MainWindow::showHelp);
    connect(m_canvas, &CanvasView::renameRequested, this, [this] { m_actions->operator[]("edit.rename")->trigger(); });
    const auto say = [this](const QString& text) { statusBar()->showMessage(text, 4000); };
    connect(m_canvas, &CanvasView::message, this, say);
    connect(m_properties, &PropertiesPanel::message, this, say);
    connect(m_canvas, &CanvasView::fileDropped, this, &MainWindow::openDropped);
    // Whoever goes to a layer wants to see it.
    const auto showCanvas = [this] { growResults(false); };
    connect(m_palette, &LayerPalette::layerActivated, this, showCanvas);
    connect(m_commands, &CommandPalette::layerChosen, this, showCanvas);
    connect(m_problems, &ProblemsPanel::nodeActivated, this, showCanvas);
    connect(m_properties, &PropertiesPanel::nodeActivated, this, showCanvas);
}

/// What the worker tells of the network: what flows through its wires for the pinned sample.
void MainWindow::connectInsight()
{
    connect(m_data, &DataPanel::pinRequested, m_insight, &NetworkInsight::pin);
    connect(m_predictions, &PredictionsPanel::pinRequested, m_insight, &NetworkInsight::pin);
    connect(m_insight, &NetworkInsight::pinnedChanged, this, [this] {
        m_data->setPinned(m_insight->pinned());
        m_predictions->setPinned(m_insight->pinned());
        if (m_insight->pinned().index >= 0)
            statusBar()->showMessage(tr("This sample is pinned: rest the mouse on a wire to see its values there."), 6000);
    });
}

void MainWindow::buildStatusBar()
{
    statusBar()->setSizeGripEnabled(false);
    m_runText = new QLabel;
    m_runText->setObjectName(QStringLiteral("runText"));
    m_zoomText = new QLabel;
    m_zoomText->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    statusBar()->addWidget(m_runText, 1);
    // The bar itself makes room for a message only on the screen, and a project may open before that.
    connect(statusBar(), &QStatusBar::messageChanged, m_runText, [this](const QString& message) { m_runText->setVisible(message.isEmpty()); });
    statusBar()->addPermanentWidget(m_zoomText);
    const auto showZoom = [this](double zoom) { m_zoomText->setText(QStringLiteral("%1 %").arg(std::lround(zoom * 100))); };
    connect(m_canvas, &CanvasView::zoomChanged, this, showZoom);
    showZoom(1);
}

void MainWindow::say(const QString& text)
{
    statusBar()->showMessage(text, 12000);
}

void MainWindow::showTitle()
{
    const QString state = !m_document->readOnlyReason().isEmpty() ? tr("read-only")
        : m_document->isModified()                                ? tr("edited")
        : m_document->path().isEmpty()                            ? tr("not saved yet")
                                                                  : tr("saved");
    m_titleLabel->setText(QStringLiteral("%1 — %2").arg(m_document->displayName(), state));
    m_titleLabel->setToolTip(m_document->path());
    setWindowTitle(QStringLiteral("%1 — %2 — Weft").arg(m_document->displayName(), state));
    // The corner of a menu bar keeps its width until it is told; its height is that of the menus.
    m_titleLabel->setFixedSize(m_titleLabel->sizeHint().width(), menuBar()->fontMetrics().height() + 10);
}

void MainWindow::showSummary()
{
    const Analysis& analysis = m_document->analysis();
    m_summary->setText(tr("%1 parameters · %2 multiply-adds · %3")
                           .arg(formatCount(analysis.parameters), formatLarge(analysis.multiplyAdds),
                                tr("%n layer(s)", nullptr, static_cast<int>(m_document->project().network.nodes.size()))));
}

void MainWindow::showRunState()
{
    using State = RunController::State;
    const State state = m_runs->state();
    QAction* train = (*m_actions)["run.train"];
    QAction* pause = (*m_actions)["run.pause"];
    const bool isGoing = m_runs->isGoing();
    pause->setEnabled(state == State::Running || state == State::Paused);
    pause->setText(state == State::Paused ? tr("Resume") : tr("Pause"));
    pause->setIcon(icon(state == State::Paused ? QStringLiteral("train") : QStringLiteral("pause")));
    (*m_actions)["run.stop"]->setEnabled(isGoing);
    (*m_actions)["file.export"]->setEnabled(!m_runs->runDir().isEmpty());
    train->setEnabled(state != State::Starting);
    const QString progress = m_runs->progressText();
    m_runText->setText(m_runs->runDir().isEmpty() ? tr("No run yet") : progress);
}

void MainWindow::showProblemCount()
{
    const int index = m_tabs->indexOf(m_problems);
    const int count = m_problems->count();
    m_tabs->setTabText(index, count > 0 ? tr("Problems (%1)").arg(count) : tr("Problems"));
    m_tabs->tabBar()->setTabTextColor(index, m_problems->hasErrors() ? themeColors().error : QColor());
}

/// Gives the results the canvas' room, or gives it back. The canvas shrinks to nothing rather than
/// hiding: docks around a hidden centre would share its room anew, and all of them would move.
void MainWindow::growResults(bool isGrown)
{
    if (isGrown == m_isGrown)
        return;
    m_isGrown = isGrown;
    auto* dock = findChild<QDockWidget*>(QStringLiteral("resultsDock"));
    if (isGrown)
        m_resultsHeight = dock->height();
    m_canvas->setMinimumHeight(isGrown ? 1 : smallestCanvas);
    dock->show();
    resizeDocks({dock}, {isGrown ? height() : m_resultsHeight}, Qt::Vertical);
    QAction* action = (*m_actions)["view.growResults"];
    action->setIcon(icon(isGrown ? QStringLiteral("shrink") : QStringLiteral("grow")));
    action->setText(isGrown ? tr("Show the canvas again") : tr("Enlarge the results"));
}

void MainWindow::showTab(QWidget* panel)
{
    hideStartPage();
    m_tabs->setCurrentWidget(panel);
    findChild<QDockWidget*>(QStringLiteral("resultsDock"))->show();
}

bool MainWindow::attempt(const std::function<void()>& work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        QMessageBox::warning(this, QStringLiteral("Weft"), translated(error.message()));
        return false;
    }
}

void MainWindow::restoreLayout()
{
    const QSettings settings;
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray())) {
        const QSize room = screen()->availableSize();
        resize(QSize(1600, 1000).boundedTo(room * 0.94));
        if (room.width() < 1500)
            setWindowState(Qt::WindowMaximized);
    }
    restoreState(settings.value(QStringLiteral("window/docks")).toByteArray(), layoutVersion);
    m_tabs->setCurrentIndex(settings.value(QStringLiteral("window/tab"), 0).toInt());
}

void MainWindow::saveLayout() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/docks"), saveState(layoutVersion));
    settings.setValue(QStringLiteral("window/tab"), m_tabs->currentIndex());
    settings.setValue(QStringLiteral("files/last"), m_document->path());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayLeaveProject()) {
        event->ignore();
        return;
    }
    growResults(false);
    saveLayout();
    event->accept();
}

} // namespace weft
