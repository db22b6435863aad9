#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTimer>

#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

constexpr Qt::MouseButton right = Qt::RightButton;

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
};

QTEST_MAIN(WidgetsGesturesTest)
#include "widgets_gestures_test.moc"
