#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTimer>

#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr Qt::MouseButton right = Qt::RightButton;

/// image → flatten → dense → relu → tanh → loss
Project withTwoLayers()
{
    EditBatch batch(smallProject());
    for (const auto& [id, type, x] : {std::tuple("relu", "ReLU", 300), std::tuple("tanh", "Tanh", 600)}) {
        batch.add(addNodeEdit(batch.network(), node(id, type)));
        batch.setPosition(id, QPointF(x, 200));
    }
    batch.addWire({"dense", "y"}, {"relu", "x"});
    batch.addWire({"relu", "y"}, {"tanh", "x"});
    batch.addWire({"tanh", "y"}, {"loss", "prediction"});
    return batch.project();
}

/// A drag with the right button and Ctrl, as far as before the release.
void beginCut(CanvasFixture& f, const QPoint& from, const QPoint& to)
{
    f.send(QEvent::MouseButtonPress, from, right, right, Qt::ControlModifier);
    f.send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, right, Qt::ControlModifier);
    f.send(QEvent::MouseMove, to, Qt::NoButton, right, Qt::ControlModifier);
}

void endCut(CanvasFixture& f, const QPoint& to)
{
    f.send(QEvent::MouseButtonRelease, to, right, {}, Qt::ControlModifier);
    QCoreApplication::processEvents();
}

void cut(CanvasFixture& f, const QPointF& from, const QPointF& to)
{
    beginCut(f, f.at(from), f.at(to));
    endCut(f, f.at(to));
}

/// Runs `work`, which opens a menu; the texts of what it offers.
QStringList offeredBy(const std::function<void()>& work)
{
    QStringList texts;
    QTimer::singleShot(0, qApp, [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        for (const QAction* action : menu ? menu->actions() : QList<QAction*>())
            texts << action->text();
        if (menu)
            menu->close();
    });
    work();
    QCoreApplication::processEvents();
    return texts;
}

} // namespace

/// Gestures that change several wires or layers at once.
class WidgetsGesturesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLineCutsTheWiresThatItCrosses()
    {
        CanvasFixture f; // wires at y = 30, from 180 to 300, 480 to 600, 780 to 900
        QSignalSpy said(&f.view, &CanvasView::message);
        cut(f, {480, -40}, {580, 100}); // over the second alone
        QVERIFY(f.hasWire({"image", "y"}, {"flatten", "x"}));
        QVERIFY(!f.hasWire({"flatten", "y"}, {"dense", "x"}));
        QVERIFY(f.hasWire({"dense", "y"}, {"loss", "prediction"}));
        QVERIFY2(said.last().first().toString().startsWith("1 wire"), qPrintable(said.last().first().toString()));
    }

    void severalWiresGoInOneStep()
    {
        EditBatch batch(smallProject());
        batch.setPosition("flatten", {300, 200}); // the wires to it and from it slope
        CanvasFixture f(batch.project());
        const std::vector<Wire> before = f.document.project().network.wires;
        QSignalSpy said(&f.view, &CanvasView::message);
        cut(f, {150, 130}, {640, 130});
        QCOMPARE(f.wireCount(), std::size_t(1));
        QCOMPARE(f.document.undoStack()->count(), 1);
        QVERIFY2(said.last().first().toString().startsWith("2 wire"), qPrintable(said.last().first().toString()));
        f.document.undoStack()->undo();
        QCOMPARE(f.document.project().network.wires, before);
    }

    void aLineThatCrossesNothingCutsNothing()
    {
        CanvasFixture f;
        cut(f, {240, 40}, {240, 200});
        QCOMPARE(f.wireCount(), std::size_t(3));
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void whatWillBeCutFadesUntilEscLeavesIt()
    {
        CanvasFixture f;
        beginCut(f, f.at({240, -40}), f.at({240, 80}));
        const Wire first{{"image", "y"}, {"flatten", "x"}};
        QVERIFY(f.view.canvas().wire(first)->isDetached());
        f.send(QEvent::MouseMove, f.at({240, 0}), Qt::NoButton, right, Qt::ControlModifier); // drawn back
        QVERIFY(!f.view.canvas().wire(first)->isDetached());
        f.send(QEvent::MouseMove, f.at({240, 80}), Qt::NoButton, right, Qt::ControlModifier);
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QVERIFY(!f.view.canvas().wire(first)->isDetached());
        endCut(f, f.at({240, 80}));
        QCOMPARE(f.wireCount(), std::size_t(3));
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void theLineIsDrawnInTheColourOfTheTheme()
    {
        CanvasFixture f;
        beginCut(f, f.at({240, 100}), f.at({240, 300}));
        QCoreApplication::processEvents();
        const QImage picture = f.view.grab().toImage();
        int drawn = 0;
        int bare = 0;
        for (int y = f.at({240, 100}).y(); y < f.at({240, 300}).y(); ++y)
            (picture.pixelColor(f.at({240, 0}).x(), y) == themeColors().error ? drawn : bare)++;
        QVERIFY2(drawn > 50 && bare > 30, qPrintable(QStringLiteral("%1 %2").arg(drawn).arg(bare))); // dashed
        endCut(f, f.at({240, 300}));
    }

    void wiresInsideABlockAreCutAsWell()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.group();
        f.view.enterBlock(f.view.canvas().selectedNodes().front());
        f.view.resetZoom();
        const Block& block = f.document.project().network.blocks.front();
        const Wire inner{{"flatten", "y"}, {"dense", "x"}};
        QVERIFY(wireIndex(block, inner) >= 0);
        const WireItem* item = f.view.canvas().wire(inner);
        const QPointF middle = (item->from() + item->to()) / 2;
        cut(f, middle - QPointF(0, 60), middle + QPointF(0, 60));
        QVERIFY(wireIndex(f.document.project().network.blocks.front(), inner) < 0);
        f.document.undoStack()->undo();
        QVERIFY(wireIndex(f.document.project().network.blocks.front(), inner) >= 0);
    }

    void aRightClickWithoutADragOpensTheMenu()
    {
        CanvasFixture f;
        const QPoint place = f.nodeAt("dense");
        const QStringList withCtrl = offeredBy([&] {
            f.send(QEvent::MouseButtonPress, place, right, right, Qt::ControlModifier);
            f.send(QEvent::MouseMove, place + QPoint(1, 1), Qt::NoButton, right, Qt::ControlModifier); // a hand that is not quite still
            f.send(QEvent::MouseButtonRelease, place + QPoint(1, 1), right, {}, Qt::ControlModifier);
        });
        QVERIFY(withCtrl.contains("Duplicate"));
        const QStringList plain = offeredBy([&] {
            f.press(place, right);
            QContextMenuEvent event(QContextMenuEvent::Mouse, place, f.view.viewport()->mapToGlobal(place));
            QCoreApplication::sendEvent(f.view.viewport(), &event);
        });
        QCOMPARE(plain, withCtrl);
        QCOMPARE(f.wireCount(), std::size_t(3));
    }

    void bypassTurnsTheSelectionOffAndOn()
    {
        CanvasFixture f(withTwoLayers());
        const auto isBypassed = [&](const char* id) { return f.document.project().network.findNode(id)->isBypassed; };
        const NodeItem* relu = f.view.canvas().node("relu");
        f.view.canvas().select({"relu"});
        f.view.toggleBypass();
        QVERIFY(isBypassed("relu") && relu->face().isBypassed);
        f.view.canvas().select({"relu", "tanh"}); // one is off: both are off
        f.view.toggleBypass();
        QVERIFY(isBypassed("relu") && isBypassed("tanh"));
        QCOMPARE(f.document.undoStack()->undoText(), QStringLiteral("Bypass 1 layer(s)"));
        f.view.toggleBypass(); // all are off: all are on
        QVERIFY(!isBypassed("relu") && !isBypassed("tanh") && !relu->face().isBypassed);
        QCOMPARE(f.document.undoStack()->count(), 3);
        f.document.undoStack()->undo();
        QVERIFY(isBypassed("relu") && isBypassed("tanh"));
        f.document.undoStack()->undo();
        QVERIFY(isBypassed("relu") && !isBypassed("tanh"));
    }

    void whatCannotBeBypassedSaysWhyAndTheRestIs()
    {
        CanvasFixture f(withTwoLayers());
        QSignalSpy said(&f.view, &CanvasView::message);
        f.view.canvas().clearSelection();
        f.view.toggleBypass();
        QVERIFY(said.last().first().toString().startsWith("Select"));
        f.view.canvas().select({"loss"});
        f.view.toggleBypass();
        QVERIFY2(said.last().first().toString().contains("is a loss"), qPrintable(said.last().first().toString()));
        QCOMPARE(f.document.undoStack()->count(), 0);
        f.view.canvas().select({"image", "relu"});
        f.view.toggleBypass();
        QVERIFY2(said.last().first().toString().contains("no input"), qPrintable(said.last().first().toString()));
        QVERIFY(f.document.project().network.findNode("relu")->isBypassed);
        QVERIFY(!f.document.project().network.findNode("image")->isBypassed);
    }

    void aBypassThatDoesNotFitIsAFaultOfTheLayer()
    {
        CanvasFixture f;
        f.view.canvas().select({"dense"}); // ten scores become 784, which is a question of the data, not of shapes
        f.view.toggleBypass();
        QVERIFY(!f.view.canvas().node("dense")->face().hasFault);
        f.view.canvas().select({"flatten"});
        f.view.toggleBypass();
        f.view.canvas().select({"dense"});
        f.view.toggleBypass();
        const NodeFace& face = f.view.canvas().node("flatten")->face();
        QVERIFY(face.hasFault && face.severity == Severity::Error);
        QVERIFY2(face.faultText.contains("cannot be bypassed"), qPrintable(face.faultText));
        f.view.canvas().select({"flatten"});
        f.view.applyFirstFix();
        QVERIFY(!f.document.project().network.findNode("flatten")->isBypassed);
    }

    void copiesAndBlocksKeepTheBypass()
    {
        CanvasFixture f(withTwoLayers());
        f.view.canvas().select({"relu"});
        f.view.toggleBypass();
        f.view.duplicate();
        QVERIFY(f.document.project().network.nodes.back().isBypassed);
        f.view.canvas().select({"relu", "tanh"});
        f.view.group();
        const Block& block = f.document.project().network.blocks.front();
        QVERIFY(block.findNode("relu")->isBypassed && !block.findNode("tanh")->isBypassed);
        f.view.enterBlock(f.view.canvas().selectedNodes().front());
        QVERIFY(f.view.canvas().node("relu")->face().isBypassed);
        f.view.canvas().select({"relu"});
        f.view.toggleBypass(); // inside the block as well
        QVERIFY(!f.document.project().network.blocks.front().findNode("relu")->isBypassed);
    }

    void aBypassedLayerIsFaintWithADashedWireThroughIt()
    {
        CanvasFixture f(withTwoLayers());
        f.view.canvas().select({"tanh"});
        const NodeItem* relu = f.view.canvas().node("relu");
        const QPoint ground = f.at(relu->mapToScene(QPointF(90, 8)));
        const QRect row(f.at(relu->mapToScene(QPointF(12, 30))), f.at(relu->mapToScene(QPointF(168, 30))));
        const auto dashes = [&] {
            const QImage picture = f.view.grab().toImage();
            int count = 0;
            for (int x = row.left(); x < row.right(); ++x)
                count += picture.pixelColor(x, row.top()) == themeColors().wire;
            return count;
        };
        QCoreApplication::processEvents();
        QCOMPARE(f.view.grab().toImage().pixelColor(ground), themeColors().raised);
        QCOMPARE(dashes(), 0);
        f.view.canvas().select({"relu"});
        f.view.toggleBypass();
        f.view.canvas().select({"tanh"});
        QCoreApplication::processEvents();
        const QColor faint = f.view.grab().toImage().pixelColor(ground);
        QVERIFY(faint != themeColors().raised && faint != themeColors().canvas);
        QVERIFY2(dashes() > 40 && dashes() < 130, qPrintable(QString::number(dashes())));
    }

    void theMenuOffersTheBypassAndItsEnd()
    {
        CanvasFixture f(withTwoLayers());
        const auto offers = [&] { return offeredBy([&] { f.view.openMenu(f.nodeAt("relu")); }); };
        QVERIFY(offers().contains("Bypass"));
        f.view.toggleBypass(); // the click selected it
        QVERIFY(f.document.project().network.findNode("relu")->isBypassed);
        QVERIFY(offers().contains("Use again"));
    }
};

QTEST_MAIN(WidgetsGesturesTest)
#include "widgets_gestures_test.moc"
