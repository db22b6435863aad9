#pragma once

#include <functional>

#include <QMainWindow>
#include <QPointer>

class QLabel;
class QMenu;
class QTabWidget;
class QToolButton;

namespace weft {

class Actions;
class CanvasView;
class ClusterPanel;
class CommandPalette;
class DataCheck;
class DataPanel;
class FigureChooser;
class ForecastCard;
class LayerPalette;
class NetworkInsight;
class PredictionsPanel;
class ProblemsPanel;
class ProjectDocument;
class PropertiesPanel;
class RunController;
class StartPage;
class TargetButton;
class Tour;
class WirePeek;
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
    NetworkInsight& insight() const { return *m_insight; }
    WirePeek& peek() const { return *m_peek; }
    FigureChooser& figures() const { return *m_figures; }
    const Actions& actions() const { return *m_actions; }
    LayerPalette& palette() const { return *m_palette; }
    StartPage& startPage() const { return *m_start; }
    TargetButton& target() const { return *m_target; }

    /// Opens the project that was open last, or the LeNet example when there is none.
    void openLastOrExample();
    /// What a start without a file shows: the start page, or the last project where the user wants that.
    void openAtStart();
    void showStartPage();
    bool isStartPageShown() const;
    /// Begins the tour with an empty project, after asking for unsaved changes.
    void startTour();
    Tour* tour() const;
    /// Everything in another language ("en", "zh_CN"; empty is the system's), now and from now on.
    static void chooseLanguage(const QString& language);
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
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void tearDown();
    void rebuild();
    void buildStart();
    void hideStartPage();
    void placeStartPage();
    void coverWork(bool isCovered);
    void buildMenus();
    void buildViewMenu();
    void connectInsight();
    void buildToolBar();
    void buildDocks();
    void buildStatusBar();
    void connectActions();
    void connectFileActions();
    void fillRecentMenu();
    void warnOfTwo();
    void openDropped(const QString& path);
    void exportOnnx();
    void exportCanvasPicture();
    void printSheet();
    void buildLanguageMenu(QMenu* view);
    QString commandLine() const;
    QString commandNote() const;
    void copyCommandLine();
    void showTargets();
    void showSubmission();
    void showScaling();
    void focusNextPanel();
    void growResults(bool isGrown);
    void train();
    void startWhenReady(const std::function<void()>& start);
    void trainByScript(const QString& target, const QString& script);
    bool mayTrain();
    void showHelp(const QString& type);
    void say(const QString& text);
    void showTitle();
    void showSummary();
    void showRunState();
    void showProblemCount();
    void restoreLayout();
    void saveLayout() const;
    void showTab(QWidget* panel);
    /// Runs something that may throw Error and says what went wrong. True when nothing did.
    bool attempt(const std::function<void()>& work);

    ProjectDocument* m_document;
    RunController* m_runs;
    // Made by `build`, in the language of the moment.
    Actions* m_actions = nullptr;
    WorkerClient* m_worker = nullptr;
    CanvasView* m_canvas = nullptr;
    NetworkInsight* m_insight = nullptr;
    DataCheck* m_dataCheck = nullptr;
    WirePeek* m_peek = nullptr;
    FigureChooser* m_figures = nullptr;
    LayerPalette* m_palette = nullptr;
    PropertiesPanel* m_properties = nullptr;
    ProblemsPanel* m_problems = nullptr;
    DataPanel* m_data = nullptr;
    PredictionsPanel* m_predictions = nullptr;
    ClusterPanel* m_cluster = nullptr;
    QWidget* m_training = nullptr;
    CommandPalette* m_commands = nullptr;
    TargetButton* m_target = nullptr;
    StartPage* m_start = nullptr;
    QPointer<Tour> m_tour;
    QTabWidget* m_sideTabs = nullptr;
    QTabWidget* m_tabs = nullptr;
    QMenu* m_recent = nullptr;
    QLabel* m_titleLabel = nullptr;
    QLabel* m_summary = nullptr;
    ForecastCard* m_forecast = nullptr;
    QLabel* m_runText = nullptr;
    QLabel* m_zoomText = nullptr;
    QToolButton* m_searchButton = nullptr;
    QToolButton* m_growButton = nullptr;
    int m_resultsHeight = 0; ///< before they grew
    bool m_isGrown = false;
    bool m_isLanguageChanging = false; ///< the window is made anew at the next turn of the event loop
};

} // namespace weft
