// What is wrong with a network for its data: found by the worker, told on the canvas and in the list, mended by one key.
#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include "tests/unit/widgets_fixtures.h"
#include "widgets/canvas/layer_meter.h"
#include "widgets/canvas/network_insight.h"
#include "widgets/problems/data_check.h"
#include "widgets/problems/problems_panel.h"
#include "widgets/run_controller.h"
#include "widgets/worker_client.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr int patience = 60000;

/// Three made-up classes of 12 numbers, which an Input, a Dense and a loss take as they are.
Project tableProject()
{
    Project project;
    project.id = "problems";
    EditBatch batch(project);
    const Tree shape = Tree::List{12};
    batch.add(addNodeEdit(batch.network(), node("rows", "Input", Tree::Map{{"kind", "numbers"}, {"column", "features"}, {"shape", shape}})));
    batch.add(addNodeEdit(batch.network(), node("dense", "Dense", Tree::Map{{"units", 3}})));
    batch.add(addNodeEdit(batch.network(), node("loss", "CrossEntropy")));
    batch.addWire({"rows", "y"}, {"dense", "x"});
    batch.addWire({"dense", "y"}, {"loss", "prediction"});
    Project made = batch.project();
    made.data = Tree::Map{{"source", "generated"}, {"shape", shape}, {"classes", 3}, {"samples", 60}};
    return made;
}

struct ProblemFixture : CanvasFixture {
    RunController runs{&document};
    WorkerClient worker;
    NetworkInsight insight{&document, &runs, &worker};
    DataCheck check{&document, &worker, &insight};
    ProblemsPanel panel{&document};

    explicit ProblemFixture(const Project& project = tableProject()) : CanvasFixture(project) {}

    /// The codes of all problems once the data have been looked at.
    QStringList problems()
    {
        if (!QTest::qWaitFor([this] { return !check.isChecking(); }, patience))
            return {"no answer"};
        QStringList codes;
        for (const Diagnostic& problem : document.problems())
            codes << QString::fromStdString(problem.code);
        return codes;
    }
    void set(const char* node, const char* param, const Tree& value)
    {
        document.perform("set", {setParamEdit(document.project().network, node, param, value)});
    }
    std::int64_t units() const { return document.project().network.findNode("dense")->params.find("units")->integer(); }
};

} // namespace

class WidgetsProblemsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFaultThatShowsFurtherOnIsMendedWhereItBegins()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten"});
        f.view.deleteAndHeal();
        const Project before = f.document.project();
        f.view.canvas().select({"loss"}); // it gets pictures, because the Dense before it does
        f.view.applyFirstFix();
        const std::string added = f.document.project().network.nodes.back().id;
        QCOMPARE(f.document.project().network.findNode(added)->type, std::string("Flatten"));
        QVERIFY(f.hasWire({"image", "y"}, {added, "x"}) && f.hasWire({added, "y"}, {"dense", "x"}));
        QVERIFY(f.document.analysis().diagnostics.empty());
        // It lies between its neighbours, on no other layer, and stays there.
        const auto rectOf = [&](const std::string& id) {
            const NodeItem* item = f.view.canvas().node(id);
            return item->mapRectToScene(item->body());
        };
        for (const char* other : {"image", "dense", "loss"})
            QVERIFY(!rectOf(added).intersects(rectOf(other)));
        QCOMPARE(savedPosition(f.document.project(), added), std::optional(QPointF(300, 0)));
        f.document.undoStack()->undo();
        QVERIFY(f.document.project() == before);
    }

    void initTestCase() { Theme::instance().install(Theme::Choice::Light); }

    void whatFitsIsNoProblem();
    void theNumberOfClassesIsMendedByOneStep();
    void anotherShapeIsMendedByOneStep();
    void rareClassesAreWeighed();
    void aLargeNetworkIsToldToStopEarly();
    void aTableThatIsTooShortIsTold();
    void theGravestOfTheSelectedLayerComesFirst();
    void otherDataForgetWhatWasSaid();
    void faultsOfTheNetworkComeFirst();
    void dataThatCannotBeReadAreTold();
    void aLongRemedyDoesNotWidenItsPanel();
    void layersAreMeasuredOnceTheirDataFit();
};

void WidgetsProblemsTest::whatFitsIsNoProblem()
{
    ProblemFixture f;
    QVERIFY(f.check.isChecking());
    QCOMPARE(f.problems(), QStringList());
    QCOMPARE(f.panel.count(), 0);
    EditBatch batch(f.document.project());
    batch.setPosition("dense", {600, 200});
    f.document.perform("move", batch.edits());
    QVERIFY(!f.check.isChecking()); // nothing that the data know of
}

void WidgetsProblemsTest::theNumberOfClassesIsMendedByOneStep()
{
    ProblemFixture f;
    f.set("dense", "units", 2);
    QCOMPARE(f.problems(), QStringList("data.classes"));
    QCOMPARE(f.panel.count(), 1);
    QVERIFY(f.panel.hasErrors());
    QVERIFY(f.view.canvas().node("loss")->face().hasFault);
    QVERIFY(f.view.canvas().node("loss")->face().faultText.contains("3 classes"));
    const int steps = f.document.undoStack()->count();
    f.view.canvas().select({});
    f.view.applyFirstFix();
    QCOMPARE(f.document.undoStack()->count(), steps + 1);
    QCOMPARE(f.units(), 3);
    QCOMPARE(f.problems(), QStringList());
    QVERIFY(!f.view.canvas().node("loss")->face().hasFault);
    f.document.undoStack()->undo();
    QCOMPARE(f.units(), 2);
    QCOMPARE(f.problems(), QStringList("data.classes"));
    // The same by the link in the list.
    f.panel.findChild<QPushButton*>("fixLink")->click();
    QCOMPARE(f.units(), 3);
}

void WidgetsProblemsTest::anotherShapeIsMendedByOneStep()
{
    ProblemFixture f;
    f.document.perform("image", {setParamEdit(f.document.project().network, "rows", "kind", "tokens"),
                                 setParamEdit(f.document.project().network, "rows", "shape", Tree::List{5})});
    QVERIFY(f.problems().contains("data.input"));
    QVERIFY(f.problems().size() > 1); // a Dense takes no tokens: the Input is to blame for that too
    f.view.canvas().select({"rows"});
    const int steps = f.document.undoStack()->count();
    f.view.applyFirstFix();
    QCOMPARE(f.document.undoStack()->count(), steps + 1);
    QCOMPARE(f.problems(), QStringList());
    QVERIFY(f.document.project().network == tableProject().network);
}

void WidgetsProblemsTest::rareClassesAreWeighed()
{
    QTemporaryDir dir;
    QFile table(dir.filePath("table.csv"));
    QVERIFY(table.open(QFile::WriteOnly));
    table.write("a,b,kind\n");
    for (int i = 0; i < 200; ++i)
        table.write(QByteArray::number(i % 7) + ',' + QByteArray::number(i % 3) + (i % 20 ? ",often\n" : ",rare\n"));
    table.close();
    Project project = tableProject();
    project.network.findNode("rows")->params["shape"] = Tree::List{2};
    project.network.findNode("dense")->params["units"] = 2;
    project.data = Tree::Map{{"source", "csv"}, {"path", table.fileName().toStdString()}};
    ProblemFixture f(project);
    QCOMPARE(f.problems(), QStringList("data.imbalance"));
    QVERIFY(!f.panel.hasErrors());
    f.view.canvas().select({"loss"});
    f.view.applyFirstFix();
    QCOMPARE(f.problems(), QStringList());
    QCOMPARE(f.document.project().network.findNode("loss")->params.find("classWeights")->list().size(), std::size_t(2));
    QCOMPARE(f.document.undoStack()->count(), 1);
    f.document.undoStack()->undo();
    QVERIFY(f.document.project().network == project.network);
}

void WidgetsProblemsTest::aLargeNetworkIsToldToStopEarly()
{
    ProblemFixture f;
    f.document.perform("wide", insertNodeEdits(f.document.project().network, Wire{{"rows", "y"}, {"dense", "x"}},
                                               node("wide", "Dense", Tree::Map{{"units", 9000}}), "x", "y"));
    f.document.perform("bend", insertNodeEdits(f.document.project().network, Wire{{"wide", "y"}, {"dense", "x"}}, node("relu", "ReLU"), "x", "y"));
    QCOMPARE(f.problems(), QStringList("data.tooFew"));
    f.view.canvas().select({"dense"}); // whose problem it is not
    QSignalSpy said(&f.view, &CanvasView::message);
    f.view.applyFirstFix();
    QCOMPARE(said.count(), 1);
    f.view.canvas().select({});
    f.view.applyFirstFix();
    QVERIFY(f.document.project().training.find("earlyStopping"));
    QCOMPARE(f.problems(), QStringList());
}

void WidgetsProblemsTest::aTableThatIsTooShortIsTold()
{
    QTemporaryDir dir;
    for (const char* kind : {"sun", "rain"}) {
        QFile file(dir.filePath(QString("%1.txt").arg(kind))); // a class, with a text a line
        QVERIFY(file.open(QFile::WriteOnly));
        for (int i = 0; i < 20; ++i)
            file.write(QByteArray("the weather is ") + kind + " and then some more of it on day " + QByteArray::number(i) + '\n');
    }
    Project project = projectFromTemplate("text-lstm");
    project.data = Tree::Map{{"source", "text"}, {"path", dir.path().toStdString()}, {"maxLength", 16}};
    project.network.findNode("embedding")->params["vocabulary"] = 3;
    project.network.findNode("dense")->params["units"] = 2;
    ProblemFixture f(project);
    QVERIFY2(f.problems().contains("data.vocabulary"), qPrintable(f.problems().join(' ')));
    QVERIFY(f.panel.hasErrors());
    f.view.canvas().select({"embedding"});
    f.view.applyFirstFix();
    QVERIFY2(!f.problems().contains("data.vocabulary"), qPrintable(f.problems().join(' ')));
    QVERIFY(!f.panel.hasErrors());
    // Sequences that are longer than the Input takes are made to fit.
    f.set("text", "shape", Tree::List{4});
    QVERIFY2(f.problems().contains("data.input"), qPrintable(f.problems().join(' ')));
    f.view.canvas().select({"text"});
    f.view.applyFirstFix();
    QVERIFY2(!f.problems().contains("data.input"), qPrintable(f.problems().join(' ')));
    QVERIFY(!f.panel.hasErrors());
}

void WidgetsProblemsTest::theGravestOfTheSelectedLayerComesFirst()
{
    // Too few classes is an error; that nothing bends between two Dense layers a remark, though it stands before.
    ProblemFixture f;
    f.document.perform("second", insertNodeEdits(f.document.project().network, Wire{{"rows", "y"}, {"dense", "x"}},
                                                 node("first", "Dense", Tree::Map{{"units", 8}}), "x", "y"));
    f.set("dense", "units", 2);
    const QStringList codes = f.problems();
    QCOMPARE(codes.size(), 2);
    QCOMPARE(codes.last(), QString("data.classes"));
    const std::string remarked = f.document.problems().front().node;
    const std::size_t layers = f.document.project().network.nodes.size();
    f.view.canvas().select({});
    f.view.applyFirstFix();
    QCOMPARE(f.units(), 3);
    QCOMPARE(f.document.project().network.nodes.size(), layers);
    f.document.undoStack()->undo();
    QCOMPARE(f.problems().size(), 2);
    f.view.canvas().select({remarked});
    f.view.applyFirstFix();
    QCOMPARE(f.units(), 2);
    QCOMPARE(f.document.project().network.nodes.size(), layers + 1);
}

void WidgetsProblemsTest::otherDataForgetWhatWasSaid()
{
    ProblemFixture f;
    f.set("dense", "units", 2);
    QCOMPARE(f.problems().size(), 1);
    f.document.perform("two", {Edit{"data/classes", Tree(3), Tree(2)}});
    QVERIFY(f.document.problems().empty());
    QCOMPARE(f.problems(), QStringList());
    f.set("dense", "units", 1);
    QVERIFY(!f.problems().isEmpty());
    f.document.setProject(tableProject(), {});
    QVERIFY(f.document.problems().empty());
}

void WidgetsProblemsTest::faultsOfTheNetworkComeFirst()
{
    ProblemFixture f;
    f.set("dense", "units", 2);
    QCOMPARE(f.problems(), QStringList("data.classes"));
    f.set("dense", "units", -1);
    const QStringList codes = f.problems();
    QVERIFY(!codes.isEmpty() && !codes.contains("data.classes"));
    f.document.undoStack()->undo();
    QCOMPARE(f.problems(), QStringList("data.classes"));
}

void WidgetsProblemsTest::dataThatCannotBeReadAreTold()
{
    Project project = tableProject();
    project.data = Tree::Map{{"source", "csv"}, {"path", "/nowhere/at-all.csv"}};
    ProblemFixture f(project);
    QCOMPARE(f.problems(), QStringList("data.missing"));
    QVERIFY(!f.panel.hasErrors());
    QVERIFY(QString::fromStdString(f.document.problems().front().message.args.front()).contains("at-all.csv"));
}

void WidgetsProblemsTest::aLongRemedyDoesNotWidenItsPanel()
{
    ProblemFixture f;
    f.set("dense", "units", 2);
    QCOMPARE(f.problems(), QStringList("data.classes"));
    f.panel.resize(140, 300);
    f.panel.show();
    QCoreApplication::processEvents();
    QVERIFY(f.panel.widget()->width() <= f.panel.viewport()->width());
    auto* link = f.panel.findChild<QPushButton*>("fixLink");
    QVERIFY(link->fontMetrics().horizontalAdvance(link->text()) > link->width()); // so it takes several lines
    QVERIFY(link->height() > 2 * link->fontMetrics().height());
}

void WidgetsProblemsTest::layersAreMeasuredOnceTheirDataFit()
{
    ProblemFixture f;
    LayerMeter meter(&f.document, &f.runs, &f.worker, &f.insight, &f.view.canvas());
    f.set("dense", "units", 2);
    QCOMPARE(f.problems(), QStringList("data.classes"));
    f.view.canvas().setFigure(NodeFigure::Time);
    QTRY_VERIFY(!meter.isMeasuring());
    QVERIFY(!meter.problem().isEmpty());
    f.view.applyFirstFix();
    QTRY_VERIFY_WITH_TIMEOUT(!f.view.canvas().measured().nodes.empty(), patience);
    QVERIFY(meter.problem().isEmpty());
}

QTEST_MAIN(WidgetsProblemsTest)
#include "widgets_problems_test.moc"
