#pragma once

#include <functional>

#include <QMainWindow>

class QLabel;
class QMenu;
class QTabWidget;
class QToolButton;

namespace weft {

class Actions;
class CanvasView;
class CommandPalette;
class DataPanel;
class LayerPalette;
class PredictionsPanel;
class ProblemsPanel;
class ProjectDocument;
class PropertiesPanel;
class RunController;
class WorkerClient;

/// The Studio's window: palette, canvas, properties, and below them training, predictions, runs, data,
/// log and problems of the one open project.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    ProjectDocument& document() const { return *m_document; }
    CanvasView& canvas() const { return *m_canvas; }
    PropertiesPanel& properties() const { return *m_properties; }
    RunController& runs() const { return *m_runs; }
    const Actions& actions() const { return *m_actions; }

    /// Opens the project that was open last, or the LeNet example when there is none.
    void openLastOrExample();
    /// Opens a file after asking for unsaved changes; says why when it cannot. True when it is open now.
    bool openFile(const QString& path);
    void newFromTemplate(const QString& name);
    /// Saves to the document's path, or asks for one. True when it is saved now.
    bool save();
    bool saveAs();
    bool saveTo(const QString& path);
    /// Asks whether to save unsaved changes. True when the caller may go on.
    bool mayLeaveProject();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildMenus();
    void buildViewMenu();
    void buildToolBar();
    void buildDocks();
    void buildStatusBar();
    void connectActions();
    void connectFileActions();
    void fillRecentMenu();
    void warnOfTwo();
    void openDropped(const QString& path);
    void exportOnnx();
    void copyCommandLine();
    void focusNextPanel();
    void growResults(bool isGrown);
    void train();
    void showHelp(const QString& type);
    void say(const QString& text);
    void showTitle();
    void showSummary();
    void showRunState();
    void showProblemCount();
    void remember(const QString& path);
    void restoreLayout();
    void saveLayout() const;
    void showTab(QWidget* panel);
    /// Runs something that may throw Error and says what went wrong. True when nothing did.
    bool attempt(const std::function<void()>& work);

    Actions* m_actions;
    ProjectDocument* m_document;
    RunController* m_runs;
    WorkerClient* m_worker;
    CanvasView* m_canvas;
    LayerPalette* m_palette;
    PropertiesPanel* m_properties;
    ProblemsPanel* m_problems;
    DataPanel* m_data = nullptr;
    PredictionsPanel* m_predictions = nullptr;
    QWidget* m_training = nullptr;
    CommandPalette* m_commands;
    QTabWidget* m_sideTabs = nullptr;
    QTabWidget* m_tabs = nullptr;
    QMenu* m_recent = nullptr;
    QLabel* m_titleLabel = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_runText = nullptr;
    QLabel* m_zoomText = nullptr;
    QToolButton* m_searchButton = nullptr;
    QToolButton* m_growButton = nullptr;
    int m_resultsHeight = 0; ///< before they grew
    bool m_isGrown = false;
};

} // namespace weft
