// What every node of the canvas shows as a number and a bar, chosen in one place.
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QtTest>

#include "core/training/network_measure.h"
#include "core/training/settings.h"
#include "tests/unit/widgets_fixtures.h"
#include "widgets/actions.h"
#include "widgets/canvas/figure_chooser.h"
#include "widgets/canvas/layer_meter.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/main_window.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr int patience = 60000;

/// Pictures of 12x12 that are made up: Flatten, Dense, ReLU, Dense and a loss.
Project pictureProject()
{
    Project project = smallProject();
    const Tree shape = Tree::List{3, 12, 12};
    project.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 40}};
    project.training["epochs"] = 2;
    project.network.findNode("image")->params["shape"] = shape;
    EditBatch batch(project);
    batch.add(insertNodeEdits(batch.network(), Wire{{"flatten", "y"}, {"dense", "x"}}, node("hidden", "Dense", Tree::Map{{"units", 16}}), "x", "y"));
    batch.add(insertNodeEdits(batch.network(), Wire{{"hidden", "y"}, {"dense", "x"}}, node("relu", "ReLU"), "x", "y"));
    batch.setPosition("hidden", {300, 120});
    batch.setPosition("relu", {600, 120});
    return batch.project();
}

struct FigureFixture : CanvasFixture {
    RunController runs{&document};
    WorkerClient worker;
    NetworkInsight insight{&document, &runs, &worker};
    LayerMeter meter{&document, &runs, &worker, &insight, &view.canvas()};
    FigureChooser chooser{&view, &meter};

    explicit FigureFixture(const Project& project = pictureProject()) : CanvasFixture(project) {}

    void choose(NodeFigure figure) { chooser.menu()->actions().at(static_cast<int>(figure))->trigger(); }
    const NodeFace& face(const std::string& node) const { return view.canvas().node(node)->face(); }
    QString said() const { return chooser.accessibleDescription(); }
    bool isMeasured() const { return !meter.isMeasuring() && !view.canvas().measured().nodes.empty(); }
};

} // namespace

class WidgetsFiguresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("figures-test");
        Theme::instance().install(Theme::Choice::Light);
    }
    void init() { QSettings().clear(); }

    void whatFollowsFromTheNetworkIsThereAtOnce();
    void anEditChangesNumberAndBar();
    void measuredFiguresComeFromTheWorker();
    void anEditMeasuresAgain();
    void trainingMeasuresAtItsCheckpoints();
    void withoutDataItSaysWhy();
    void whoLooksAtAWireDoesNotWait();
    void aBlockShowsWhatItsLayersTake();
    void theBarIsSeenFromFarAway();
    void theKeyboardChoosesAndTheChoiceIsKept();
};

void WidgetsFiguresTest::whatFollowsFromTheNetworkIsThereAtOnce()
{
    FigureFixture f;
    QVERIFY(f.view.canvas().figure() == NodeFigure::MultiplyAdds);
    QCOMPARE(f.face("hidden").figure, QString("6,912")); // 432 · 16
    QCOMPARE(f.face("hidden").share, 1.0);
    QCOMPARE(f.face("hidden").line, QString("6,928 parameters"));
    QVERIFY(f.said().contains("7,072 in all")); // and 16 · 10
    f.choose(NodeFigure::Parameters);
    QCOMPARE(f.face("hidden").figure, QString("6,928"));
    QCOMPARE(f.face("dense").figure, QString("170"));
    QCOMPARE(f.face("dense").share, 170.0 / 6928);
    QVERIFY(!f.face("dense").line.contains("170")); // it is not said twice
    f.choose(NodeFigure::Output);
    QCOMPARE(f.face("image").figure, QString("3×12×12"));
    QCOMPARE(f.face("dense").figure, QString("10"));
    QCOMPARE(f.face("dense").share, 10.0 / 432);
    f.choose(NodeFigure::Memory);
    QCOMPARE(f.face("flatten").figure, QString("1.7 kB"));
}

void WidgetsFiguresTest::anEditChangesNumberAndBar()
{
    FigureFixture f;
    f.choose(NodeFigure::Parameters);
    f.document.perform("units", {setParamEdit(f.document.project().network, "hidden", "units", 1)});
    QTRY_COMPARE(f.face("hidden").figure, QString("433"));
    QCOMPARE(f.face("dense").share, 20.0 / 433);
    f.document.perform("kernel", {setParamEdit(f.document.project().network, "hidden", "units", -1)});
    QTRY_VERIFY(f.face("hidden").hasFault);
    QVERIFY(f.face("dense").figure.isEmpty()); // nobody knows what reaches it
    QCOMPARE(f.face("dense").share, 0.0);
}

void WidgetsFiguresTest::measuredFiguresComeFromTheWorker()
{
    FigureFixture f;
    f.choose(NodeFigure::GradientNorm);
    QVERIFY(f.said().contains("measuring"));
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
    QVERIFY2(f.meter.problem().isEmpty(), qPrintable(f.meter.problem()));
    const Project& project = f.document.project();
    const TrainingSettings settings = trainingSettings(project.training);
    SessionOptions options;
    options.seed = settings.seed;
    const NetworkMeasure wanted = measureNetwork(project.network, settings, nullptr, *openDataset(project.data, {}), options, {});
    double largest = 0;
    for (const weft::NodeMeasure& node : wanted.nodes)
        largest = std::max(largest, node.gradientNorm);
    int compared = 0;
    for (const weft::NodeMeasure& node : wanted.nodes) {
        if (node.gradientNorm < 0)
            continue;
        QCOMPARE(f.face(node.node).figure, figureText(NodeFigure::GradientNorm, node.gradientNorm));
        QVERIFY(std::abs(f.face(node.node).share - node.gradientNorm / largest) < 1e-6);
        ++compared;
    }
    QCOMPARE(compared, 2);
    QVERIFY(f.face("flatten").figure.isEmpty()); // has no weights
    QVERIFY(f.said().contains("untrained"));
    // What was measured serves the other figures too.
    f.choose(NodeFigure::Time);
    QVERIFY(!f.meter.isMeasuring());
    QVERIFY(f.face("hidden").figure.endsWith("s"));
    f.choose(NodeFigure::DeadUnits);
    QVERIFY(f.face("relu").figure.endsWith("%"));
    QVERIFY(f.face("relu").share <= 1);
}

void WidgetsFiguresTest::anEditMeasuresAgain()
{
    FigureFixture f;
    f.choose(NodeFigure::GradientNorm);
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
    const QString before = f.face("dense").figure;
    f.document.perform("units", {setParamEdit(f.document.project().network, "hidden", "units", 3)});
    QVERIFY(f.meter.isMeasuring());
    QTRY_VERIFY_WITH_TIMEOUT(!f.meter.isMeasuring(), patience);
    QVERIFY(f.face("dense").figure != before);
    // Moving a layer changes nothing that is measured.
    EditBatch batch(f.document.project());
    batch.setPosition("dense", {900, 300});
    f.document.perform("move", batch.edits());
    QVERIFY(!f.meter.isMeasuring());
}

void WidgetsFiguresTest::trainingMeasuresAtItsCheckpoints()
{
    FigureFixture f;
    f.choose(NodeFigure::DeadUnits);
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
    QCOMPARE(f.view.canvas().measured().step, -1);
    f.runs.train();
    QTRY_VERIFY_WITH_TIMEOUT(f.view.canvas().measured().step > 0, patience);
    QVERIFY(f.said().contains("step") || f.meter.isMeasuring());
    QTRY_VERIFY_WITH_TIMEOUT(!f.runs.isGoing(), patience);
}

void WidgetsFiguresTest::withoutDataItSaysWhy()
{
    FigureFixture f(smallProject());
    f.choose(NodeFigure::Time);
    QTRY_VERIFY(f.said().contains("data"));
    QVERIFY(!f.meter.isMeasuring());
    QVERIFY(f.face("dense").figure.isEmpty());
    // Once they are chosen it goes on by itself.
    const Tree shape = Tree::List{1, 28, 28};
    f.document.perform("data", {Edit{"data", Tree(f.document.project().data), Tree(Tree::Map{{"source", "generated"}, {"shape", shape}, {"samples", 20}})}});
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
    QVERIFY(!f.face("dense").figure.isEmpty());
}

void WidgetsFiguresTest::whoLooksAtAWireDoesNotWait()
{
    FigureFixture f;
    f.choose(NodeFigure::Time);
    QSignalSpy arrived(&f.insight, &NetworkInsight::arrived);
    QSignalSpy changed(&f.meter, &LayerMeter::changed);
    QTRY_COMPARE(changed.count(), 1); // the worker begins
    f.insight.askFor("dense.y");
    QTRY_COMPARE_WITH_TIMEOUT(arrived.count(), 1, patience);
    QVERIFY(f.view.canvas().measured().nodes.empty());
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
}

void WidgetsFiguresTest::aBlockShowsWhatItsLayersTake()
{
    FigureFixture f;
    f.view.canvas().select({"hidden", "relu"});
    f.view.group();
    const std::string instance = f.view.canvas().selectedNodes().front();
    f.choose(NodeFigure::GradientNorm);
    QTRY_VERIFY_WITH_TIMEOUT(f.isMeasured(), patience);
    const QString whole = f.face(instance).figure;
    QVERIFY(!whole.isEmpty());
    f.view.enterBlock(instance);
    QCOMPARE(f.face("hidden").figure, whole); // it alone has weights
    QCOMPARE(f.face("hidden").share, 1.0);
}

void WidgetsFiguresTest::theBarIsSeenFromFarAway()
{
    FigureFixture f;
    f.choose(NodeFigure::Parameters);
    f.view.zoomAt(QPointF(f.view.viewport()->rect().center()), 0.3 / f.view.zoom());
    const QImage picture = f.view.viewport()->grab().toImage();
    const auto under = [&](const std::string& node) {
        const NodeItem* item = f.view.canvas().node(node);
        return picture.pixelColor(f.at(item->mapToScene(item->body().bottomRight() - QPointF(20, 4))));
    };
    QCOMPARE(under("hidden"), f.face("hidden").bar);
    QVERIFY(under("dense") != f.face("dense").bar); // which has few
    f.choose(NodeFigure::Output);
    QVERIFY(f.view.viewport()->grab().toImage() != picture);
}

void WidgetsFiguresTest::theKeyboardChoosesAndTheChoiceIsKept()
{
    {
        MainWindow window;
        window.newFromTemplate("lenet");
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.canvas().setFocus();
        QTest::keyClick(&window.canvas(), Qt::Key_B);
        QMenu* menu = window.figures().menu();
        QTRY_VERIFY(menu->isVisible());
        QVERIFY(menu->activeAction()->isChecked());
        QTest::keyClick(menu, Qt::Key_Up);
        QTest::keyClick(menu, Qt::Key_Return);
        QVERIFY(window.canvas().canvas().figure() == NodeFigure::Parameters);
        QVERIFY(!window.document().isModified()); // looking changes nothing
        QVERIFY(window.canvas().rect().contains(window.figures().geometry()));
    }
    const MainWindow next;
    QVERIFY(next.canvas().canvas().figure() == NodeFigure::Parameters);
}

QTEST_MAIN(WidgetsFiguresTest)
#include "widgets_figures_test.moc"
