// How fast the canvas answers, offscreen: prints figures, asserts none. Each row names what is promised.
//   canvas_bench [NODES]     the size of the large network, 10,000 by default
#include <algorithm>
#include <cstdio>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QThread>

#include "widgets/canvas/canvas_view.h"
#include "widgets/project_document.h"
#include "widgets/theme/theme.h"

using namespace weft;

namespace {

/// Measures how long the GUI thread was busy at a time.
class Watchdog {
public:
    double longest = 0;
    template <class Work> double step(Work work)
    {
        QElapsedTimer timer;
        timer.start();
        work();
        const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        longest = std::max(longest, ms);
        return ms;
    }
    /// Works off what is waiting, one turn of the event loop at a time.
    void settle()
    {
        for (int i = 0; i < 50; ++i)
            step([] { QCoreApplication::processEvents(); });
    }
};

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

void row(const char* what, double ms, const char* promise, double longest = -1)
{
    if (longest < 0)
        std::printf("%-58s %9.1f ms   (%s)\n", what, ms, promise);
    else
        std::printf("%-58s %9.1f ms   (%s; longest step %.1f ms)\n", what, ms, promise, longest);
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
            times.push_back(watchdog.step([&] {
                frame % 10 < 7 ? view.panBy({frame % 20 < 10 ? 37.0 : -37.0, 11.0}) : view.zoomAt({300, 200}, frame % 20 < 10 ? 1.04 : 1 / 1.04);
                view.viewport()->repaint();
                QCoreApplication::processEvents();
            }));
        }
        char text[100];
        std::snprintf(text, sizeof text, "pan and zoom, %d nodes, at %.0f %%: 95 %% of frames", nodes, zoom * 100);
        row(text, share(times, 0.95), "16.7 ms", watchdog.longest);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    Theme::instance().install(Theme::Choice::Dark);
    const int nodes = argc > 1 ? std::max(100, std::atoi(argv[1])) : 10000;

    {
        const Project thousand = large(1000);
        ProjectDocument document;
        CanvasView view(&document);
        view.resize(1280, 800);
        view.show();
        QCoreApplication::processEvents();
        Watchdog watchdog;
        const double opening = watchdog.step([&] {
            document.setProject(thousand, {});
            view.viewport()->repaint();
        });
        row("open 1,000 layers", opening, "under 500 ms");

        std::vector<double> checks;
        std::vector<double> whole;
        for (int i = 0; i < 20; ++i) {
            const Network changed = [&] {
                Network network = document.project().network;
                network.findNode("dense")->params["units"] = Tree(20 + i);
                return network;
            }();
            QElapsedTimer timer;
            timer.start();
            analyze(changed);
            checks.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            Watchdog step;
            whole.push_back(step.step([&] {
                document.perform("Set units", {setParamEdit(document.project().network, "dense", "units", Tree(20 + i))});
                QCoreApplication::processEvents();
                view.viewport()->repaint();
            }));
        }
        row("shape check after an edit, 1,000 layers", share(checks, 0.5), "under 50 ms");
        row("the edit with everything that follows it", share(whole, 0.5), "longest step under 100 ms", share(whole, 1));
    }
    for (const int count : {1000, nodes}) {
        const Network network = large(count).network;
        QElapsedTimer timer;
        timer.start();
        arranged(network, 1.8);
        char text[64];
        std::snprintf(text, sizeof text, "arrange %d nodes", count);
        row(text, static_cast<double>(timer.nsecsElapsed()) / 1e6, count > 1000 ? "under 3,000 ms" : "under 500 ms");
    }
    {
        Project project = large(nodes);
        ProjectDocument document;
        CanvasView view(&document);
        view.resize(1280, 800);
        view.show();
        QElapsedTimer timer;
        timer.start();
        document.setProject(project, {});
        view.viewport()->repaint();
        char text[64];
        std::snprintf(text, sizeof text, "open %d layers", nodes);
        row(text, static_cast<double>(timer.nsecsElapsed()) / 1e6, "no promise");
        QCoreApplication::processEvents();

        Watchdog moving;
        moving.step([&] {
            view.canvas().select({"dense"});
            EditBatch batch = view.canvas().batch();
            batch.setPosition("dense", {40, 40});
            document.perform("Move", batch.edits());
        });
        moving.settle();
        row("move one of them", moving.longest, "longest step under 100 ms");

        Watchdog watchdog;
        timer.restart();
        watchdog.step([&] { view.arrange(); });
        while (document.undoStack()->count() < 2 && timer.elapsed() < 20000) {
            watchdog.step([] { QCoreApplication::processEvents(); });
            QThread::usleep(200);
        }
        watchdog.settle();
        std::snprintf(text, sizeof text, "arrange %d nodes on the canvas", nodes);
        row(text, static_cast<double>(timer.elapsed()), "under 3,000 ms", watchdog.longest);
        moveAround(view, nodes);
    }
    return 0;
}
