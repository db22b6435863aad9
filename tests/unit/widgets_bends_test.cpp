#include "widgets_fixtures.h"

#include "widgets/canvas/wire_bends.h"

using namespace weft;
using namespace weft::test;

namespace {

const Wire first{{"image", "y"}, {"flatten", "x"}}; ///< of smallProject: at y = 30, from 180 to 300
const Wire second{{"flatten", "y"}, {"dense", "x"}}; ///< from 480 to 600

void drag(CanvasFixture& f, const QPointF& from, const QPointF& to)
{
    f.drag(f.at(from), f.at(to));
}

void doubleClick(CanvasFixture& f, const QPointF& point)
{
    f.press(f.at(point));
    f.release(f.at(point));
    f.send(QEvent::MouseButtonDblClick, f.at(point), Qt::LeftButton, Qt::LeftButton);
    f.release(f.at(point));
    QCoreApplication::processEvents();
}

Bends bends(CanvasFixture& f, const Wire& wire, const std::string& block = {})
{
    return bendsOf(bendsTree(f.document.project(), block), toString(wire));
}

} // namespace

/// Wires that are led through points by hand.
class WidgetsBendsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDraggedWireRunsThroughThePoint()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        QCOMPARE(bends(f, first), (Bends{{240, 160}}));
        QCOMPARE(f.document.undoStack()->undoText(), QStringLiteral("Bend the wire"));
        const WireItem* item = f.view.canvas().wire(first);
        QVERIFY(item->path().intersects(QRectF(235, 155, 10, 10)));
        QVERIFY(item->lineRect().adjusted(-1, -1, 1, 1).contains(item->path().boundingRect()));
        QVERIFY(f.view.canvas().contentRect().contains(QPointF(240, 160)));
        // It is there where it is seen, for a click and for a cut.
        QCOMPARE(f.view.canvas().wireAt({240, 160}), item);
        // The network is what it was.
        QVERIFY(f.hasWire({"image", "y"}, {"flatten", "x"}));
        f.document.undoStack()->undo();
        QVERIFY(bends(f, first).empty() && item->bends().empty());
        QCOMPARE(f.view.canvas().wireAt({240, 160}), nullptr);
        f.document.undoStack()->redo();
        QCOMPARE(item->bends(), (Bends{{240, 160}}));
    }

    void bendsKeepTheirOrderAndAreMoved()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        const WireItem* item = f.view.canvas().wire(first);
        // Beside the bend on either side: a bend before it and one behind.
        const QPointF before = item->path().pointAtPercent(0.2), behind = item->path().pointAtPercent(0.8);
        drag(f, before, {200, 240});
        drag(f, behind, {280, 240});
        QCOMPARE(bends(f, first), (Bends{{200, 240}, {240, 160}, {280, 240}}));
        drag(f, {240, 160}, {240, 300});
        QCOMPARE(bends(f, first), (Bends{{200, 240}, {240, 300}, {280, 240}}));
        QCOMPARE(f.document.undoStack()->count(), 4);
    }

    void aClickBendsNothingAndEscLeavesTheWire()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {241, 30});
        QCOMPARE(f.document.undoStack()->count(), 0);
        QVERIFY(f.view.canvas().wire(first)->isSelected());
        f.press(f.at({240, 30}));
        f.moveTo(f.at({240, 160}));
        QCOMPARE(f.view.canvas().wire(first)->bends().size(), std::size_t(1));
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QVERIFY(f.view.canvas().wire(first)->bends().empty());
        f.release(f.at({240, 160}));
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void aDoubleClickTakesABendAwayAndTheMenuAll()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        drag(f, f.view.canvas().wire(first)->path().pointAtPercent(0.8), {280, 240});
        doubleClick(f, {240, 160});
        QCOMPARE(bends(f, first), (Bends{{280, 240}}));
        f.view.canvas().wire(first)->setSelected(true);
        f.view.straighten();
        QVERIFY(bends(f, first).empty());
        // Nothing of it stays in the file.
        const Tree* all = bendsTree(f.document.project(), {});
        QVERIFY(!all || all->map().empty());
    }

    void bendsGoWithTheirWire()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        drag(f, {540, 30}, {540, 160});
        f.view.canvas().clearSelection();
        f.view.canvas().wire(first)->setSelected(true);
        f.view.deleteSelection();
        QVERIFY(bends(f, first).empty() && !bends(f, second).empty());
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().wire(first)->bends(), (Bends{{240, 160}}));
        f.view.canvas().select({"dense"});
        f.view.deleteSelection();
        QVERIFY(bends(f, second).empty());
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().wire(second)->bends(), (Bends{{540, 160}}));
    }

    void bendsBetweenMovedLayersMoveAlong()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        drag(f, {540, 30}, {540, 160});
        f.view.canvas().select({"image", "flatten"});
        const QPoint place = f.nodeAt("image");
        f.press(place);
        f.moveTo(place + QPoint(0, 60));
        const QPointF shown = f.view.canvas().wire(first)->bends().front();
        QVERIFY2(shown.y() > 160, "the bend stays behind while layers are dragged");
        f.release(place + QPoint(0, 60));
        QCoreApplication::processEvents();
        QCOMPARE(bends(f, first), (Bends{shown}));
        QCOMPARE(bends(f, second), (Bends{{540, 160}})); // dense stays where it is
    }

    void arrangedWiresRunStraight()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        f.view.arrange();
        QTRY_VERIFY(bends(f, first).empty());
        f.document.undoStack()->undo();
        QCOMPARE(bends(f, first), (Bends{{240, 160}}));
    }

    void wiresInsideABlockAreBentAsWell()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.group();
        f.view.enterBlock(f.view.canvas().selectedNodes().front());
        f.view.resetZoom();
        const WireItem* item = f.view.canvas().wire(second);
        const QPointF middle = (item->from() + item->to()) / 2;
        drag(f, middle, middle + QPointF(0, 120));
        const std::string block = f.document.project().network.blocks.front().id;
        QCOMPARE(bends(f, second, block).size(), std::size_t(1));
        QCOMPARE(f.view.canvas().wire(second)->bends().size(), std::size_t(1));
    }

    void aDamagedBendIsLeftOut()
    {
        Project project = smallProject();
        project.view["bends"] = Tree::Map{{toString(first), Tree::List{Tree("here"), Tree::List{Tree(240), Tree(160)}}}, {toString(second), Tree(1)}};
        CanvasFixture f(project);
        QCOMPARE(f.view.canvas().wire(first)->bends(), (Bends{{240, 160}}));
        QVERIFY(f.view.canvas().wire(second)->bends().empty());
    }

    void aSavedProjectHasItsBends()
    {
        CanvasFixture f;
        drag(f, {240, 30}, {240, 160});
        const Project read = parseProject(formatProject(f.document.project()), "p.weft");
        QCOMPARE(bendsOf(bendsTree(read, {}), toString(first)), (Bends{{240, 160}}));
    }
};

QTEST_MAIN(WidgetsBendsTest)
#include "widgets_bends_test.moc"
