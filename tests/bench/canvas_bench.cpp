// How fast the canvas answers, offscreen: prints figures, asserts none. Each row names what is promised.
//   canvas_bench [NODES]     the size of the large network, 10,000 by default
// What opens, edits and arranges does so in the Studio's own window, with all its panels.
#include <algorithm>
#include <cstdio>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QMetaEnum>
#include <QTemporaryDir>

#include "widgets/canvas/canvas_view.h"
#include "widgets/main_window.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

using namespace weft;

namespace {

/// Measures how long the GUI thread was busy at a time.
class Watchdog {
public:
    double longest = 0;
    QString what;

    template <class Work> double step(const char* name, Work work)
    {
        QElapsedTimer timer;
        timer.start();
        work();
        const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        note(ms, QLatin1String(name));
        return ms;
    }
    void note(double ms, const QString& name)
    {
        if (ms <= longest)
            return;
        longest = ms;
        what = name;
    }
};

/// Each event that is handled outside of another is a step of the watchdog that is set.
class Application : public QApplication {
public:
    using QApplication::QApplication;
    static inline Watchdog* watchdog = nullptr;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (!watchdog || m_depth > 0)
            return QApplication::notify(receiver, event);
        // Both may be gone afterwards.
        const auto* kind = QMetaEnum::fromType<QEvent::Type>().valueToKey(event->type());
        const char* who = receiver->metaObject()->className();
        QElapsedTimer timer;
        timer.start();
        ++m_depth;
        const bool isDone = QApplication::notify(receiver, event);
        --m_depth;
        watchdog->note(static_cast<double>(timer.nsecsElapsed()) / 1e6, QStringLiteral("%1 of %2").arg(QLatin1String(kind), QLatin1String(who)));
        return isDone;
    }

private:
    int m_depth = 0;
};

/// Works off what is waiting, and what that brings.
void settle(int turns = 50)
{
    for (int i = 0; i < turns; ++i)
        QCoreApplication::processEvents();
}

/// Lets the panels do what they put off until the hands rest: check the data, forecast, prepare wires.
void rest()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 1500)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
}

double share(std::vector<double> times, double part)
{
    std::sort(times.begin(), times.end());
    return times[std::min(times.size() - 1, static_cast<std::size_t>(static_cast<double>(times.size()) * part))];
}

Node node(const std::string& id, const std::string& type, Tree::Map params = {})
{
    return {id, id, type, std::move(params), {}};
}

/// `count` layers, four rows of convolutions that meet again and again, ending in a loss.
Project large(int count)
{
    Project project;
    project.id = newProjectId();
    Network& network = project.network;
    network.nodes.push_back(node("image", "Input", {{"shape", Tree::List{1, 28, 28}}}));
    std::vector<std::string> heads(4, "image");
    for (int i = 1; i + 6 < count; ++i) {
        const std::size_t row = static_cast<std::size_t>(i) % heads.size();
        const std::string id = "n" + std::to_string(i);
        if (i % 40 == 39) {
            network.nodes.push_back(node(id, "Add"));
            for (const std::size_t source : {row, (row + 1) % heads.size()})
                network.wires.push_back({{heads[source], "y"}, {id, "x"}});
        } else {
            const char* types[] = {"BatchNorm", "ReLU", "Dropout"};
            network.nodes.push_back(node(id, types[i / 4 % 3]));
            network.wires.push_back({{heads[row], "y"}, {id, "x"}});
        }
        heads[row] = id;
    }
    network.nodes.push_back(node("join", "Add"));
    for (const std::string& head : heads)
        network.wires.push_back({{head, "y"}, {"join", "x"}});
    network.nodes.push_back(node("flatten", "Flatten"));
    network.nodes.push_back(node("dense", "Dense", {{"units", 10}}));
    network.nodes.push_back(node("loss", "CrossEntropy"));
    for (const auto& [from, to] : {std::pair("join", "flatten"), std::pair("flatten", "dense")})
        network.wires.push_back({{from, "y"}, {to, "x"}});
    network.wires.push_back({{"dense", "y"}, {"loss", "prediction"}});
    EditBatch batch(project);
    batch.setPositions(arranged(network, 1.8));
    return batch.project();
}

void row(const QString& what, double ms, const char* promise)
{
    std::printf("%-58s %9.1f ms   (%s)\n", qPrintable(what), ms, promise);
}

void row(const QString& what, double ms, const char* promise, const Watchdog& watchdog)
{
    std::printf("%-58s %9.1f ms   (%s; longest step %.1f ms: %s)\n", qPrintable(what), ms, promise, watchdog.longest, qPrintable(watchdog.what));
}

/// Frames of panning and zooming, painted as a screen would.
void moveAround(CanvasView& view, int nodes)
{
    for (const double zoom : {0.04, 0.1, 0.2, 0.35, 0.5, 1.0}) {
        std::vector<double> times;
        Watchdog watchdog;
        view.fitAll();
        view.zoomAt(QPointF(view.viewport()->rect().center()), zoom / view.zoom());
        view.viewport()->repaint();
        for (int frame = 0; frame < 60; ++frame) {
            times.push_back(watchdog.step("a frame", [&] {
                frame % 10 < 7 ? view.panBy({frame % 20 < 10 ? 37.0 : -37.0, 11.0}) : view.zoomAt({300, 200}, frame % 20 < 10 ? 1.04 : 1 / 1.04);
                view.viewport()->repaint();
                QCoreApplication::processEvents();
            }));
        }
        row(QStringLiteral("pan and zoom, %1 nodes, at %2 %: 95 % of frames").arg(nodes).arg(zoom * 100), share(times, 0.95), "16.7 ms", watchdog);
    }
}

void measureCanvas(int nodes)
{
    ProjectDocument document;
    CanvasView view(&document);
    view.resize(1280, 800);
    view.show();
    document.setProject(large(nodes), {});
    settle();
    moveAround(view, nodes);
}

/// Opens a file of so many layers, as File > Open does, until all is painted.
void measureOpening(MainWindow& window, const QString& file, int count, const char* promise)
{
    writeProject(large(count), file.toStdString());
    Watchdog watchdog;
    Application::watchdog = &watchdog;
    QElapsedTimer timer;
    timer.start();
    watchdog.step("opening the file", [&] { window.openFile(file); });
    settle();
    const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    rest();
    Application::watchdog = nullptr;
    row(QStringLiteral("open %1 layers").arg(count), ms, promise, watchdog);
}

/// Another number of units, twenty times.
void measureEdits(MainWindow& window)
{
    ProjectDocument& document = window.document();
    std::vector<double> checks, whole;
    Watchdog watchdog;
    for (int i = 0; i < 20; ++i) {
        Network changed = document.project().network;
        changed.findNode("dense")->params["units"] = Tree(20 + i);
        QElapsedTimer timer;
        timer.start();
        analyze(changed);
        checks.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        Application::watchdog = &watchdog;
        timer.start();
        watchdog.step("the edit", [&] { document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(20 + i))}); });
        settle(10);
        Application::watchdog = nullptr;
        whole.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    Application::watchdog = &watchdog;
    rest();
    Application::watchdog = nullptr;
    const std::size_t count = document.project().network.nodes.size();
    row(QStringLiteral("shape check after an edit, %1 layers").arg(count), share(checks, 0.5), "under 50 ms");
    row(QStringLiteral("the edit with everything that follows it"), share(whole, 0.5), "longest step under 100 ms", watchdog);
}

void measureArranging(MainWindow& window, const char* promise)
{
    const int steps = window.document().undoStack()->count();
    const std::size_t count = window.document().project().network.nodes.size();
    EditBatch batch = window.canvas().canvas().batch();
    batch.setPosition("dense", {40, 40}); // so that there is something to put in order
    window.document().perform("Move", batch.edits());
    settle();
    Watchdog watchdog;
    Application::watchdog = &watchdog;
    QElapsedTimer timer;
    timer.start();
    watchdog.step("the command", [&] { window.canvas().arrange(); });
    while (window.document().undoStack()->count() < steps + 2 && timer.elapsed() < 20000)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
    const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    rest();
    Application::watchdog = nullptr;
    row(QStringLiteral("arrange %1 nodes").arg(count), ms, promise, watchdog);
}

void measureMoving(MainWindow& window)
{
    Watchdog watchdog;
    Application::watchdog = &watchdog;
    QElapsedTimer timer;
    timer.start();
    watchdog.step("the edit", [&] {
        window.canvas().canvas().select({"dense"});
        EditBatch batch = window.canvas().canvas().batch();
        batch.setPosition("dense", {80, 120});
        window.document().perform("Move", batch.edits());
    });
    settle();
    Application::watchdog = nullptr;
    row(QStringLiteral("move one of them"), static_cast<double>(timer.nsecsElapsed()) / 1e6, "no promise", watchdog);
}

/// Light and dark by turns, as View > Theme chooses them.
void measureTheme(const QString& where)
{
    std::vector<double> times;
    Watchdog watchdog;
    Application::watchdog = &watchdog;
    for (int i = 0; i < 10; ++i) {
        times.push_back(watchdog.step("the choice", [&] { Theme::instance().choose(i % 2 ? Theme::Choice::Dark : Theme::Choice::Light); }));
        settle(10);
    }
    Application::watchdog = nullptr;
    row(QStringLiteral("choose the theme, %1").arg(where), share(times, 0.5), "longest step under 100 ms", watchdog);
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QTemporaryDir home;
    for (const char* name : {"DATA", "STATE", "CONFIG", "CACHE"})
        qputenv(qPrintable(QStringLiteral("XDG_%1_HOME").arg(QLatin1String(name))), home.path().toLocal8Bit());
    QCoreApplication::setOrganizationName("weft");
    QCoreApplication::setApplicationName("canvas-bench");
    Application app(argc, argv);
    Theme::instance().install(Theme::Choice::Dark);
    const int nodes = argc > 1 ? std::max(100, std::atoi(argv[1])) : 10000;

    measureCanvas(nodes);
    MainWindow window;
    window.resize(1280, 800);
    window.newFromTemplate("lenet");
    window.show();
    settle();
    measureTheme("lenet");
    measureOpening(window, home.filePath("thousand.weft"), 1000, "under 500 ms");
    measureEdits(window);
    measureArranging(window, "under 500 ms");
    window.document().discardChanges();
    window.document().undoStack()->setClean(); // nobody answers a question here
    measureOpening(window, home.filePath("large.weft"), nodes, "no promise");
    measureMoving(window);
    measureArranging(window, "under 3,000 ms");
    moveAround(window.canvas(), nodes);
    window.document().discardChanges();
    return 0;
}
