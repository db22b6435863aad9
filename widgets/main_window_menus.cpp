#include <map>

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QSettings>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/layers/layer_spec.h"
#include "core/network/blocks.h"
#include "core/project/project.h"
#include "widgets/actions.h"
#include "widgets/canvas/canvas_view.h"
#include "widgets/canvas/figure_chooser.h"
#include "widgets/canvas/wire_peek.h"
#include "widgets/command_palette.h"
#include "widgets/data/data_panel.h"
#include "widgets/help/layer_help.h"
#include "widgets/help_dialogs.h"
#include "widgets/main_window.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/project_document.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/run_controller.h"
#include "widgets/shortcuts_dialog.h"
#include "widgets/target_button.h"
#include "widgets/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/training/forecast_card.h"

// Menus, tool bar, and what their actions do.

namespace weft {

void MainWindow::buildMenus()
{
    const auto add = [this](QMenu* menu, std::initializer_list<const char*> ids) {
        for (const char* id : ids) {
            if (id)
                menu->addAction((*m_actions)[id]);
            else
                menu->addSeparator();
        }
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    add(file, {"file.start", "file.new"});
    QMenu* templates = file->addMenu(tr("New from template"));
    for (const TemplateInfo& info : projectTemplates()) {
        QAction* action
            = templates->addAction(translated(info.title), this, [this, name = QString::fromStdString(info.name)] { newFromTemplate(name); });
        action->setToolTip(translated(info.description));
    }
    templates->setToolTipsVisible(true);
    add(file, {"file.open"});
    m_recent = file->addMenu(tr("Open recent"));
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    add(file, {nullptr, "file.save", "file.saveAs", nullptr, "file.export", "file.exportCanvas", "file.print", nullptr, "file.quit"});

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    add(edit, {"edit.undo",      "edit.redo",      nullptr,        "edit.cut",    "edit.copy", "edit.paste",  "edit.pasteWired", "edit.duplicate",
               "edit.selectAll", nullptr,          "edit.rename",  "edit.delete", "edit.heal", "edit.bypass", nullptr,           "edit.group",
               "edit.ungroup",   "edit.saveBlock", "edit.promote", "edit.note",   nullptr,     "edit.find",   "edit.connect",    "edit.fix"});
    buildViewMenu();
    QMenu* insert = menuBar()->addMenu(tr("&Insert"));
    add(insert, {"insert.search", nullptr});
    std::map<Category, QMenu*> groups;
    for (const LayerSpec& layer : layerCatalogue())
        groups[layer.category()] = nullptr;
    for (auto& [category, menu] : groups)
        menu = insert->addMenu(translated(titleOf(category)));
    for (const LayerSpec& layer : layerCatalogue()) {
        const QString type = QString::fromStdString(layer.type());
        QAction* action = groups[layer.category()]->addAction(layerTitle(layer), this, [this, type] { m_canvas->appendLayer(type); });
        action->setStatusTip(translated(layer.summary()));
    }
    add(menuBar()->addMenu(tr("&Run")), {"run.train", "run.pause", "run.stop", nullptr, "run.settings", "run.targets", "run.submission", "run.scaling", "run.copyCommand"});
    add(menuBar()->addMenu(tr("&Data")), {"data.show", nullptr, "data.folder", "data.table"});
    add(menuBar()->addMenu(tr("&Help")), {"help.layer", "help.tour", nullptr, "help.commands", "help.keys", nullptr, "help.about"});

    m_titleLabel = new QLabel;
    m_titleLabel->setProperty("role", "secondary");
    m_titleLabel->setContentsMargins(0, 0, 14, 0);
    m_titleLabel->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    menuBar()->setCornerWidget(m_titleLabel);
}

void MainWindow::buildViewMenu()
{
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const char* id : {"view.zoomIn", "view.zoomOut", "view.actualSize", "view.fit", "view.fitSelection"})
        view->addAction((*m_actions)[id]);
    view->addSeparator();
    view->addAction((*m_actions)["view.arrange"]);
    QMenu* align = view->addMenu(tr("Align"));
    for (const char* id : {"view.alignLeft", "view.alignTop", "view.distributeAcross", "view.distributeDown"})
        align->addAction((*m_actions)[id]);
    view->addSeparator();

    const auto addChoices = [this, view](const QString& title, const std::vector<std::pair<QString, int>>& choices, int current, auto choose) {
        QMenu* menu = view->addMenu(title);
        auto* group = new QActionGroup(menu);
        for (const auto& [text, value] : choices) {
            QAction* action = menu->addAction(text, this, [choose, value = value] { choose(value); });
            action->setCheckable(true);
            action->setChecked(value == current);
            group->addAction(action);
        }
    };
    view->addAction((*m_actions)["view.peek"]);
    view->addMenu(m_figures->menu());
    addChoices(tr("Theme"),
               {{tr("Like the system"), static_cast<int>(Theme::Choice::System)},
                {tr("Light"), static_cast<int>(Theme::Choice::Light)},
                {tr("Dark"), static_cast<int>(Theme::Choice::Dark)}},
               static_cast<int>(Theme::instance().choice()), [](int choice) {
                   Theme::instance().choose(static_cast<Theme::Choice>(choice));
                   QSettings().setValue(QStringLiteral("theme"), choice);
               });
    buildLanguageMenu(view);
    view->addSeparator();
    view->addAction((*m_actions)["view.growResults"]);
    view->addAction((*m_actions)["view.nextPanel"]);
    for (QDockWidget* dock : findChildren<QDockWidget*>())
        view->addAction(dock->toggleViewAction());
}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Run"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize(QSize(16, 16));
    if (auto* more = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"))) {
        more->setAccessibleName(tr("More actions"));
        more->setToolTip(more->accessibleName());
    }
    bar->addAction((*m_actions)["run.train"]);
    auto* train = qobject_cast<QToolButton*>(bar->widgetForAction((*m_actions)["run.train"]));
    train->setObjectName(QStringLiteral("trainButton"));
    train->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const auto paintTrain = [this] { (*m_actions)["run.train"]->setIcon(icon(QStringLiteral("train"), themeColors().onAccent)); };
    connect(&Theme::instance(), &Theme::changed, bar, paintTrain);
    paintTrain();
    bar->addAction((*m_actions)["run.pause"]);
    bar->addAction((*m_actions)["run.stop"]);

    m_forecast = new ForecastCard(m_document, m_runs, m_worker);
    m_target = new TargetButton((*m_actions)["run.copyCommand"], (*m_actions)["run.targets"]);
    connect(m_target, &TargetButton::aboutToShow, this, [this] { m_target->setCommand(commandLine(), commandNote()); });
    const auto takePlace = [this] {
        const TrainingPlace place = m_target->chosen();
        m_runs->setPlace(place.arguments);
        m_target->setCommand(commandLine(), commandNote());
        m_forecast->setElsewhere({place.ranks > 0 ? place.name : QString(), place.ranks});
        m_forecast->setDevice(place.device.isEmpty() ? QStringLiteral("auto") : place.device);
    };
    connect(m_target, &TargetButton::placeChosen, this, takePlace);
    takePlace();
    bar->addWidget(m_target);
    bar->addWidget(m_forecast);

    auto* block = new QWidget;
    auto* lines = new QVBoxLayout(block);
    lines->setContentsMargins(12, 0, 12, 0);
    lines->setSpacing(0);
    auto* heading = new QLabel(tr("Network"));
    heading->setProperty("role", "secondary");
    m_summary = new QLabel;
    m_summary->setProperty("role", "value");
    lines->addWidget(heading);
    lines->addWidget(m_summary);
    bar->addWidget(block);

    auto* stretch = new QWidget;
    stretch->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(stretch);
    m_searchButton = new QToolButton;
    m_searchButton->setObjectName(QStringLiteral("searchButton"));
    m_searchButton->setIcon(icon(QStringLiteral("search"), themeColors().secondary));
    m_searchButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const auto showKey = [this] {
        m_searchButton->setText(QLatin1Char(' ') + tr("Search layers and commands") + QStringLiteral("    ")
                                + (*m_actions)["help.commands"]->shortcut().toString(QKeySequence::NativeText));
    };
    connect((*m_actions)["help.commands"], &QAction::changed, m_searchButton, showKey);
    showKey();
    connect(m_searchButton, &QToolButton::clicked, (*m_actions)["help.commands"], &QAction::trigger);
    bar->addWidget(m_searchButton);
}

void MainWindow::connectActions()
{
    const auto on = [this](const char* id, auto&& work) { connect((*m_actions)[id], &QAction::triggered, this, work); };
    const auto onCanvas = [this](const char* id, void (CanvasView::*slot)()) { connect((*m_actions)[id], &QAction::triggered, m_canvas, slot); };
    QUndoStack* undo = m_document->undoStack();
    on("edit.undo", [undo] { undo->undo(); });
    on("edit.redo", [undo] { undo->redo(); });
    const auto showUndo = [this, undo] {
        QAction* back = (*m_actions)["edit.undo"];
        QAction* forth = (*m_actions)["edit.redo"];
        back->setEnabled(undo->canUndo());
        forth->setEnabled(undo->canRedo());
        back->setText(undo->canUndo() ? tr("Undo: %1").arg(undo->undoText()) : tr("Undo"));
        forth->setText(undo->canRedo() ? tr("Redo: %1").arg(undo->redoText()) : tr("Redo"));
    };
    connect(undo, &QUndoStack::indexChanged, m_actions, showUndo);
    showUndo();

    onCanvas("edit.cut", &CanvasView::cut);
    onCanvas("edit.copy", &CanvasView::copy);
    onCanvas("edit.paste", &CanvasView::paste);
    onCanvas("edit.pasteWired", &CanvasView::pasteWithWires);
    onCanvas("edit.duplicate", &CanvasView::duplicate);
    onCanvas("edit.selectAll", &CanvasView::selectAllNodes);
    onCanvas("edit.delete", &CanvasView::deleteSelection);
    onCanvas("edit.heal", &CanvasView::deleteAndHeal);
    onCanvas("edit.bypass", &CanvasView::toggleBypass);
    onCanvas("edit.find", &CanvasView::find);
    onCanvas("edit.connect", &CanvasView::connectByKeys);
    onCanvas("edit.note", &CanvasView::addNote);
    onCanvas("edit.group", &CanvasView::group);
    onCanvas("edit.ungroup", &CanvasView::ungroup);
    onCanvas("edit.saveBlock", &CanvasView::saveBlock);
    onCanvas("edit.fix", &CanvasView::applyFirstFix);
    on("edit.rename", [this] {
        const CanvasScene& scene = m_canvas->canvas();
        if (const auto notes = scene.selectedNotes(); notes.size() == 1 && scene.selectedNodes().empty())
            return m_canvas->editNote(notes.front()); // a comment's name is its text
        m_sideTabs->setCurrentWidget(m_properties);
        m_properties->startRenaming();
    });
    on("edit.promote", [this] { m_properties->offerPromotion(); });
    on("view.peek", [this] { m_peek->toggleForSelection(); });
    on("view.figure", [this] { m_figures->open(); });
    onCanvas("view.zoomIn", &CanvasView::zoomIn);
    onCanvas("view.zoomOut", &CanvasView::zoomOut);
    onCanvas("view.actualSize", &CanvasView::resetZoom);
    onCanvas("view.fit", &CanvasView::fitAll);
    onCanvas("view.fitSelection", &CanvasView::fitSelection);
    onCanvas("view.arrange", &CanvasView::arrange);
    onCanvas("view.alignLeft", &CanvasView::alignLefts);
    onCanvas("view.alignTop", &CanvasView::alignTops);
    onCanvas("view.distributeAcross", &CanvasView::distributeAcross);
    onCanvas("view.distributeDown", &CanvasView::distributeDown);
    on("view.growResults", [this] { growResults(!m_isGrown); });
    on("view.nextPanel", [this] { focusNextPanel(); });
    onCanvas("insert.search", &CanvasView::openSearchAtCursor);

    on("run.train", [this] { train(); });
    on("run.pause", [this] { m_runs->state() == RunController::State::Paused ? m_runs->resume() : m_runs->pause(); });
    on("run.stop", [this] { m_runs->stop(); });
    on("run.settings", [this] {
        m_sideTabs->setCurrentIndex(1);
        findChild<QDockWidget*>(QStringLiteral("propertiesDock"))->show();
    });
    on("run.targets", [this] { showTargets(); });
    on("run.submission", [this] { showSubmission(); });
    on("run.scaling", [this] { showScaling(); });
    on("run.copyCommand", [this] { copyCommandLine(); });
    on("data.show", [this] { showTab(m_data); });
    on("data.folder", [this] {
        showTab(m_data);
        m_data->chooseFolder();
    });
    on("data.table", [this] {
        showTab(m_data);
        m_data->chooseTable();
    });
    on("help.layer", [this] {
        const std::vector<std::string> selected = m_canvas->canvas().selectedNodes();
        if (selected.empty())
            statusBar()->showMessage(tr("Select a layer first."), 4000);
        else
            showHelp(QString::fromStdString(m_canvas->canvas().sheet().findNode(selected.front())->type));
    });
    on("help.commands", [this] { m_commands->openBelow(m_searchButton); });
    on("help.keys", [this] { ShortcutsDialog(*m_actions, this).exec(); });
    on("help.tour", [this] { startTour(); });
    on("help.about", [this] { showAbout(this); });
}

void MainWindow::showHelp(const QString& type)
{
    const LayerSpec* layer = findLayer(m_document->project().network, type.toStdString());
    if (!layer)
        return;
    auto* help = new LayerHelp(*layer, this);
    connect(help, &LayerHelp::templateChosen, this, &MainWindow::newFromTemplate);
    connect(help, &LayerHelp::layerChosen, m_canvas, &CanvasView::appendLayer);
    help->show();
}

/// Palette, canvas, properties, results, and round again: Tab adds a layer on the canvas and cannot leave it.
void MainWindow::focusNextPanel()
{
    QWidget* const panels[] = {m_palette, m_canvas, m_sideTabs, m_tabs};
    constexpr std::size_t count = std::size(panels);
    std::size_t current = 1;
    for (std::size_t i = 0; i < count; ++i) {
        if (panels[i] == focusWidget() || panels[i]->isAncestorOf(focusWidget()))
            current = i;
    }
    for (std::size_t step = 1; step <= count; ++step) {
        QWidget* panel = panels[(current + step) % count];
        if (!panel->isVisible())
            continue;
        QWidget* target = panel == m_palette ? static_cast<QWidget*>(m_palette->filter()) : panel;
        if (auto* tabs = qobject_cast<QTabWidget*>(panel))
            target = tabs->tabBar();
        target->setFocus(Qt::ShortcutFocusReason);
        return;
    }
}

} // namespace weft
