#include <QClipboard>
#include <QFrame>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QSignalSpy>

#include "widgets/canvas/layer_search.h"
#include "widgets/canvas/minimap.h"
#include "widgets/palette/layer_palette.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

class WidgetsCanvasTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWireShowsItsShapeAndEveryNodeItsLine()
    {
        CanvasFixture f;
        QCOMPARE(f.view.canvas().wires()[0]->shapeText(), QString("N×1×28×28"));
        QCOMPARE(f.view.canvas().wires()[1]->shapeText(), QString("N×784"));
        QCOMPARE(f.view.canvas().node("dense")->face().line, QString("7,850 parameters"));
        // From near with type and bytes of a sample.
        QCOMPARE(f.view.canvas().wires()[0]->typeText(), QString("float32 · 3.1 kB"));
        const QPointF below = f.view.canvas().wires()[0]->nearPillRect().center() + QPointF(0, 8);
        const auto looks = [&] { return f.view.viewport()->grab(QRect(f.at(below) - QPoint(20, 4), QSize(40, 8))).toImage(); };
        const QImage near = looks();
        f.view.zoomAt(QPointF(f.at(below)), 0.9);
        QVERIFY(looks() != near);
    }

    void aPillThatDoesNotFitBetweenItsNodesStandsAboveThem()
    {
        CanvasFixture f;
        const QRectF roomy = f.view.canvas().wires()[0]->pillRect();
        QVERIFY(!roomy.isEmpty());
        for (const double x : {300.0, 240.0}) {
            EditBatch batch(f.document.project());
            batch.setPosition("flatten", {x, 0});
            f.document.perform("Move", batch.edits());
            const WireItem* wire = f.view.canvas().wires()[0];
            for (const char* id : {"image", "flatten"}) {
                const NodeItem* node = f.view.canvas().node(id);
                QVERIFY(!wire->pillRect().intersects(node->mapRectToScene(node->body())));
                QVERIFY(!wire->nearPillRect().intersects(node->mapRectToScene(node->body())));
            }
        }
    }

    void aParameterEditChangesThePillAfterIt()
    {
        CanvasFixture f;
        f.document.perform("Set units", {setParamEdit(f.document.project().network, "dense", "units", Tree(25))});
        QTRY_COMPARE(f.view.canvas().wires()[2]->shapeText(), QString("N×25"));
    }

    void aLayerDroppedFromThePaletteLiesUnderTheMouse()
    {
        CanvasFixture f;
        QMimeData data;
        data.setData(layerMimeType, "ReLU");
        const QPoint point = f.at({200, 200});
        QDragEnterEvent enter(point, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(f.view.viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(point), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(f.view.viewport(), &drop);
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(5));
        const std::string id = f.document.project().network.nodes.back().id;
        QVERIFY(f.view.canvas().node(id)->mapRectToScene(f.view.canvas().node(id)->body()).contains(200, 200));
        QCOMPARE(f.document.undoStack()->count(), 1);
        f.document.undoStack()->undo();
        QVERIFY(!f.view.canvas().node(id));
    }

    void aLayerStaysWhereItWasDroppedWhenTheWindowChanges()
    {
        CanvasFixture f;
        f.view.fitAll(); // from here on the view follows the window
        f.view.dropLayer("CrossEntropy", f.view.viewportTransform().inverted().map(QPointF(120, 80)));
        const std::string id = f.document.project().network.nodes.back().id;
        QCOMPARE(id, std::string("loss1"));
        const QPoint before = f.nodeAt(id);
        f.view.resize(900, 560);
        QCoreApplication::processEvents();
        QCOMPARE(f.nodeAt(id), before);
    }

    void showingEverythingKeepsClearOfWhatLiesOverTheCorner()
    {
        CanvasFixture f;
        f.view.fitAll();
        const double zoom = f.view.zoom();
        QFrame corner(&f.view);
        f.view.setCorner(&corner);
        corner.setGeometry(700, 12, 280, 40);
        f.view.fitAll();
        QCOMPARE(f.view.zoom(), zoom); // it hides nothing
        corner.setGeometry(600, 12, 380, 320);
        f.view.fitAll();
        for (const auto& [id, item] : f.view.canvas().nodes())
            QVERIFY(!f.view.mapFromScene(item->mapRectToScene(item->body())).boundingRect().intersects(corner.geometry()));
    }

    void aLayerThatIsShownIsNotHiddenByTheOverview()
    {
        CanvasFixture f;
        auto* overview = f.view.findChild<Minimap*>();
        EditBatch batch = f.view.canvas().batch();
        batch.setPosition("dense", f.view.viewportTransform().inverted().map(QPointF(overview->geometry().center())));
        f.document.perform("Move", batch.edits());
        f.view.panBy({60, 0}); // the last layer leaves the view, so that the overview is there
        f.view.showNode("dense");
        QVERIFY(overview->isVisible());
        const NodeItem* item = f.view.canvas().node("dense");
        QVERIFY(!f.view.mapFromScene(item->mapRectToScene(item->body())).boundingRect().intersects(overview->geometry()));
    }

    void whatUndoBringsBackIsSelected()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.deleteSelection();
        QVERIFY(f.view.canvas().selectedNodes().empty());
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().selectedNodes(), (std::vector<std::string>{"flatten", "dense"}));
        f.view.canvas().select({"image"});
        f.document.undoStack()->redo(); // what goes leaves the rest as it was
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"image"});
    }

    void anEmptyProjectIsShownAtActualSize()
    {
        CanvasFixture f;
        f.view.zoomOut();
        f.document.setProject({}, {});
        QCOMPARE(f.view.zoom(), 1.0);
    }

    void aLayerDroppedOnAWireIsPutIntoIt()
    {
        CanvasFixture f;
        f.view.dropLayer("ReLU", {240, 30});
        const std::string id = f.document.project().network.nodes.back().id;
        QVERIFY(f.hasWire({"image", "y"}, {id, "x"}));
        QVERIFY(f.hasWire({id, "y"}, {"flatten", "x"}));
        QCOMPARE(f.wireCount(), std::size_t(4));
        f.document.undoStack()->undo();
        QVERIFY(f.hasWire({"image", "y"}, {"flatten", "x"}));
    }

    void doubleClickInThePaletteAppendsAndWires()
    {
        CanvasFixture f;
        LayerPalette palette;
        connect(&palette, &LayerPalette::layerActivated, &f.view, &CanvasView::appendLayer);
        f.view.canvas().select({"flatten"});
        palette.filter()->setText("relu");
        QTest::keyClick(palette.filter(), Qt::Key_Return);
        const Node& added = f.document.project().network.nodes.back();
        QCOMPARE(added.type, std::string("ReLU"));
        QVERIFY(f.hasWire({"flatten", "y"}, {added.id, "x"}));
    }

    void draggingFromAnOutputToAnInputWires()
    {
        CanvasFixture f;
        f.drag(f.portAt("image", "y", false), f.portAt("dense", "x", true));
        QVERIFY(f.hasWire({"image", "y"}, {"dense", "x"}));
        QVERIFY(!f.hasWire({"flatten", "y"}, {"dense", "x"})); // a single input replaces
        QCOMPARE(f.document.undoStack()->count(), 1);
        f.document.undoStack()->undo();
        QVERIFY(f.hasWire({"flatten", "y"}, {"dense", "x"}));
        f.document.undoStack()->redo();
        QVERIFY(f.hasWire({"image", "y"}, {"dense", "x"}));
    }

    void draggingFromAFreeInputToAnOutputWires()
    {
        Project project = smallProject();
        apply(project, removeWireEdit(project.network, Wire{{"flatten", "y"}, {"dense", "x"}}));
        CanvasFixture f(project);
        f.drag(f.portAt("dense", "x", true), f.portAt("flatten", "y", false));
        QVERIFY(f.hasWire({"flatten", "y"}, {"dense", "x"}));
    }

    void releasingAWireAnywhereOnANodeTakesTheBestPort()
    {
        CanvasFixture f;
        f.drag(f.portAt("image", "y", false), f.nodeAt("dense"));
        QVERIFY(f.hasWire({"image", "y"}, {"dense", "x"}));
    }

    void draggingOffAnInputDetaches()
    {
        CanvasFixture f;
        f.drag(f.portAt("dense", "x", true), f.at({500, 250}));
        QVERIFY(!f.hasWire({"flatten", "y"}, {"dense", "x"}));
        QCOMPARE(f.wireCount(), std::size_t(2));
        f.document.undoStack()->undo();
        QCOMPARE(f.wireCount(), std::size_t(3));
    }

    void aWireCannotCloseACycleAndItsNodeIsDimmed()
    {
        CanvasFixture f;
        f.press(f.portAt("dense", "y", false));
        f.moveTo(f.nodeAt("flatten"));
        QVERIFY(!f.view.canvas().node("flatten")->toolTipAt({90, 30}).isEmpty());
        QCOMPARE(f.view.canvas().node("loss")->findPort("target", true)->look, CanvasPort::Look::Dim); // scores are no classes
        f.release(f.nodeAt("flatten"));
        QCOMPARE(f.wireCount(), std::size_t(3));
        QCOMPARE(f.view.canvas().node("loss")->findPort("target", true)->look, CanvasPort::Look::Normal);
    }

    void escapeCancelsAWire()
    {
        CanvasFixture f;
        f.press(f.portAt("image", "y", false));
        f.moveTo(f.nodeAt("dense"));
        QTest::keyClick(&f.view, Qt::Key_Escape);
        f.release(f.nodeAt("dense"));
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void aWireDroppedOnEmptyCanvasSearchesAndWires()
    {
        CanvasFixture f;
        f.drag(f.portAt("flatten", "y", false), f.at({500, 250}));
        auto* search = f.view.findChild<LayerSearch*>();
        QVERIFY(search->isVisible());
        auto* field = search->findChild<QLineEdit*>();
        QTest::keyClicks(field, "softm");
        QCOMPARE(search->findChild<QListWidget*>()->currentItem()->text(), QString("Softmax"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!search->isVisible());
        QVERIFY(f.hasWire({"flatten", "y"}, {f.document.project().network.nodes.back().id, "x"}));
    }

    void doubleClickOnEmptyCanvasOpensTheSearch()
    {
        CanvasFixture f;
        f.send(QEvent::MouseButtonDblClick, f.at({500, 250}), Qt::LeftButton, Qt::LeftButton);
        QVERIFY(f.view.findChild<LayerSearch*>()->isVisible());
    }

    void movingSnapsAndIsOneStep()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        const QPoint from = f.nodeAt("flatten");
        f.drag(from, from + QPoint(47, 93));
        QCOMPARE(f.view.canvas().node("flatten")->pos(), QPointF(340, 100));
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(640, 100));
        QCOMPARE(f.document.undoStack()->count(), 1);
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().node("flatten")->pos(), QPointF(300, 0));
    }

    void aClickWithoutMovingMakesNoStep()
    {
        CanvasFixture f;
        f.press(f.nodeAt("dense"));
        f.release(f.nodeAt("dense"));
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void aBoxSelectsWhatItTouches()
    {
        CanvasFixture f;
        f.drag(f.at({280, -60}), f.at({700, 120}));
        QCOMPARE(f.view.canvas().selectedNodes(), (std::vector<std::string>{"flatten", "dense"}));
    }

    void deleteRemovesNodesAndTheirWiresAndUndoBringsThemBack()
    {
        CanvasFixture f;
        const Project before = f.document.project();
        f.view.canvas().select({"flatten"});
        f.view.deleteSelection();
        QCOMPARE(f.wireCount(), std::size_t(1));
        QVERIFY(!f.view.canvas().node("flatten"));
        f.document.undoStack()->undo();
        QVERIFY(f.document.project().network == before.network);
        QVERIFY(f.view.canvas().node("flatten"));
        f.document.undoStack()->redo();
        QVERIFY(!f.view.canvas().node("flatten"));
    }

    void copyAndPasteThroughTheClipboard()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.copy();
        QVERIFY(QGuiApplication::clipboard()->text().contains("Dense"));
        f.view.paste();
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(6));
        QCOMPARE(f.view.canvas().selectedNodes().size(), std::size_t(2));
        QGuiApplication::clipboard()->setText("nonsense");
        QSignalSpy said(&f.view, &CanvasView::message);
        f.view.paste();
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(6));
        QCOMPARE(said.count(), 1);
    }

    void arrowsNudgeAsOneStep()
    {
        CanvasFixture f;
        f.view.canvas().select({"dense"});
        QTest::keyClick(&f.view, Qt::Key_Right);
        QTest::keyClick(&f.view, Qt::Key_Right);
        QTest::keyClick(&f.view, Qt::Key_Down);
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(640, 20));
        QCOMPARE(f.document.undoStack()->count(), 1);
    }

    void theWheelZoomsAtTheCursor()
    {
        CanvasFixture f;
        const QPoint cursor(730, 210);
        for (const int delta : {120, 120, -120, -360, 240}) {
            const QPointF before = f.view.toScene(cursor);
            const double zoom = f.view.zoom();
            f.wheel(cursor, delta);
            const QPointF shift = f.view.toScene(cursor) - before;
            QVERIFY2(shift.manhattanLength() < 0.01, qPrintable(QString::number(shift.manhattanLength())));
            QVERIFY(delta > 0 ? f.view.zoom() > zoom : f.view.zoom() < zoom);
        }
    }

    void middleDragAndSpaceDragPan()
    {
        CanvasFixture f;
        const QPointF before = f.view.toScene({0, 0});
        f.drag({500, 400}, {560, 430}, Qt::MiddleButton);
        QCOMPARE(f.view.toScene({0, 0}), before - QPointF(60, 30));
        QTest::keyPress(&f.view, Qt::Key_Space);
        f.drag({500, 400}, {440, 370});
        QTest::keyRelease(&f.view, Qt::Key_Space);
        QCOMPARE(f.view.toScene({0, 0}), before);
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void fitShowsEverything()
    {
        CanvasFixture f;
        f.view.panBy({5000, 3000});
        QVERIFY(f.view.findChild<Minimap*>()->isVisible());
        f.view.fitAll();
        const QRectF visible = f.view.viewportTransform().inverted().mapRect(QRectF(f.view.viewport()->rect()));
        QVERIFY(visible.contains(f.view.canvas().contentRect()));
        QVERIFY(!f.view.findChild<Minimap*>()->isVisible());
    }

    void faultsMarkTheirNodeWithTheReason()
    {
        CanvasFixture f;
        QVERIFY(!f.view.canvas().node("dense")->face().hasFault);
        f.drag(f.portAt("flatten", "x", true), f.at({500, 250}));
        QTRY_VERIFY(f.view.canvas().node("flatten")->face().hasFault);
        QCOMPARE(f.view.canvas().node("flatten")->face().severity, Severity::Error);
        QVERIFY(f.view.canvas().node("flatten")->face().line.contains("Nothing is wired"));
        QVERIFY(!f.view.canvas().node("flatten")->toolTipAt({180, 0}).isEmpty());
        QVERIFY(f.view.canvas().wires().front()->shapeText().isEmpty());
        f.document.undoStack()->undo();
        QTRY_VERIFY(!f.view.canvas().node("flatten")->face().hasFault);
    }

    void aQuickFixMendsAndUndoTakesItBack()
    {
        Project project = smallProject();
        EditBatch batch(project);
        batch.removeAndHeal("flatten"); // Dense on an image
        CanvasFixture f(batch.project());
        QVERIFY(f.view.canvas().node("dense")->face().hasFault);
        f.view.canvas().select({"dense"});
        f.view.applyFirstFix();
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(4));
        QVERIFY(f.document.analysis().diagnostics.empty());
        f.document.undoStack()->undo();
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(3));
    }

    void arrangeIsOneStep()
    {
        CanvasFixture f(projectFromTemplate("lenet"));
        f.view.arrange();
        QVERIFY(f.document.undoStack()->count() <= 1);
        const QPointF at = f.view.canvas().node("loss")->pos();
        QCOMPARE(*savedPosition(f.document.project(), "loss"), at);
    }

    void aNetworkWithoutPositionsIsLaidOutWithoutAnEdit()
    {
        Project project = smallProject();
        project.view = Tree::Map{};
        CanvasFixture f(project);
        QVERIFY(f.view.canvas().node("loss")->x() > f.view.canvas().node("image")->x());
        QVERIFY(!f.document.isModified());
    }

    void aThousandLayersOpenInUnderHalfASecond()
    {
        Project project;
        project.id = "big";
        project.network.nodes.push_back(node("n0", "Input"));
        for (int i = 1; i < 1000; ++i) {
            project.network.nodes.push_back(node("n" + std::to_string(i), "ReLU"));
            project.network.wires.push_back({{"n" + std::to_string(i - 1), "y"}, {"n" + std::to_string(i), "x"}});
        }
        ProjectDocument document;
        CanvasView view(&document);
        view.resize(1000, 600);
        view.show();
        QElapsedTimer timer;
        timer.start();
        document.setProject(project, {});
        view.viewport()->repaint();
        const qint64 opening = timer.elapsed();
        qInfo("1,000 layers: open %lld ms", opening);
        QVERIFY2(opening < 1500, qPrintable(QString::number(opening))); // three times the promise: tests share their machine
    }

    /// The rectangle is known without the path, and holds it.
    void aWireLiesInItsRectangle()
    {
        for (const QPointF& to : {QPointF(300, 0), QPointF(300, 240), QPointF(20, -90), QPointF(0, 50), QPointF(-300, 200), QPointF(-300, 10),
                                  QPointF(-40, -400), QPointF(-1200, 0)}) {
            const QRectF path = wirePath({0, 0}, to).boundingRect(), rect = wireRect({0, 0}, to);
            QVERIFY(rect.left() <= path.left() + 0.01 && rect.right() >= path.right() - 0.01);
            QVERIFY(rect.top() <= path.top() + 0.01 && rect.bottom() >= path.bottom() - 0.01);
            QVERIFY(rect.width() < path.width() + 128 && rect.height() <= path.height() + 1);
        }
    }
};

QTEST_MAIN(WidgetsCanvasTest)
#include "widgets_canvas_test.moc"
