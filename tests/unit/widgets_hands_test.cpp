#include <algorithm>

#include <QClipboard>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QSignalSpy>
#include <QSpinBox>

#include "widgets/canvas/choice_popup.h"
#include "widgets/canvas/layer_search.h"
#include "widgets/canvas/minimap.h"
#include "widgets/canvas/note_item.h"
#include "widgets/properties/param_editor.h"
#include "widgets/properties/properties_panel.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// The texts that a popup lists.
QStringList listed(const QWidget* popup)
{
    QStringList texts;
    const auto* list = popup->findChild<QListWidget*>();
    for (int i = 0; i < list->count(); ++i)
        texts << list->item(i)->text();
    return texts;
}

void choose(QWidget* popup, const QString& typed)
{
    auto* field = popup->findChild<QLineEdit*>();
    QTest::keyClicks(field, typed);
    QTest::keyClick(field, Qt::Key_Return);
}

/// image → two layers → Concat, whose order of wires counts.
Project joined()
{
    EditBatch batch(smallProject());
    const std::string relu = batch.addNode(*findLayer("ReLU"), {300, 200});
    const std::string join = batch.addNode(*findLayer("Concat"), {600, 200});
    batch.addWire({"image", "y"}, {relu, "x"});
    batch.addWire({relu, "y"}, {join, findLayer("Concat")->inputs()[0].name});
    batch.addWire({"image", "y"}, {join, findLayer("Concat")->inputs()[0].name});
    return batch.project();
}

} // namespace

/// What people's hands expect of a canvas, beside what `widgets_canvas_test` holds.
class WidgetsHandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLooseLayerDroppedOnAWireGoesIntoIt()
    {
        CanvasFixture f;
        EditBatch batch(f.document.project());
        const std::string relu = batch.addNode(*findLayer("ReLU"), {160, 300});
        f.document.perform("Add", batch.edits());
        f.press(f.nodeAt(relu));
        f.moveTo(f.at({250, 100}));
        f.moveTo(f.at({250, 30}));
        QVERIFY(f.view.canvas().wires()[0]->isTargeted());
        f.release(f.at({250, 30}));
        QVERIFY(f.hasWire({"image", "y"}, {relu, "x"}));
        QVERIFY(f.hasWire({relu, "y"}, {"flatten", "x"}));
        QCOMPARE(f.document.undoStack()->count(), 2);
        f.document.undoStack()->undo();
        QVERIFY(f.hasWire({"image", "y"}, {"flatten", "x"}));
        QCOMPARE(f.view.canvas().node(relu)->pos(), QPointF(160, 300));
    }

    void insertingAndHealingKeepTheOrderOfAConcat()
    {
        const Project project = joined();
        EditBatch batch(project);
        const std::string dropout = batch.addNode(*findLayer("Dropout"), {0, 0});
        const Wire first
            = *std::find_if(batch.network().wires.begin(), batch.network().wires.end(), [](const Wire& wire) { return wire.from.node == "relu1"; });
        QVERIFY(insertInto(batch, first, dropout));
        const auto sources = [&] {
            std::vector<std::string> from;
            for (const Wire& wire : batch.network().wires) {
                if (wire.to.node == "concat1")
                    from.push_back(wire.from.node);
            }
            return from;
        };
        QCOMPARE(sources(), (std::vector<std::string>{dropout, "image"}));
        batch.removeAndHeal(dropout);
        QCOMPARE(sources(), (std::vector<std::string>{"relu1", "image"}));
    }

    void whatCannotTakeTheValueIsDimmedAndSaysWhy()
    {
        EditBatch batch(smallProject());
        const std::string conv = batch.addNode(*findLayer("Conv2D"), {300, 200});
        CanvasFixture f(batch.project());
        f.press(f.portAt("flatten", "y", false)); // a row of numbers, no image
        f.moveTo(f.nodeAt(conv));
        QCOMPARE(f.view.canvas().node(conv)->findPort("x", true)->look, CanvasPort::Look::Dim);
        QVERIFY(!f.view.canvas().node(conv)->toolTipAt({90, 30}).isEmpty());
        QCOMPARE(f.view.canvas().node("loss")->findPort("prediction", true)->look, CanvasPort::Look::Lit);
        QSignalSpy said(&f.view, &CanvasView::message);
        f.moveTo(f.nodeAt(conv) + QPoint(3, 3));
        QVERIFY(said.last().first().toString().contains("all the same"));
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QCOMPARE(f.view.canvas().node(conv)->findPort("x", true)->look, CanvasPort::Look::Normal);
    }

    void aWireInTheAirOffersOnlyWhatTakesItsValue()
    {
        CanvasFixture f;
        f.drag(f.portAt("flatten", "y", false), f.at({500, 250}));
        auto* search = f.view.findChild<LayerSearch*>();
        QVERIFY(search->isVisible());
        QVERIFY(listed(search).contains("Dense"));
        QVERIFY(!listed(search).contains("Conv2D")); // wants an image
        QVERIFY(!listed(search).contains("Input")); // takes nothing
        QTest::keyClick(search->findChild<QLineEdit*>(), Qt::Key_Escape);
        f.drag(f.portAt("image", "y", false), f.at({500, 250}));
        QVERIFY(listed(search).contains("Conv2D"));
        QTest::keyClick(search->findChild<QLineEdit*>(), Qt::Key_Escape);
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void shiftAndTabOpenTheSearch()
    {
        CanvasFixture f;
        QTest::keyClick(&f.view, Qt::Key_Tab);
        auto* search = f.view.findChild<LayerSearch*>();
        QVERIFY(search->isVisible());
        choose(search, "gelu");
        QCOMPARE(f.document.project().network.nodes.back().type, std::string("GELU"));
    }

    void aNetworkIsWiredByTheKeyboardAlone()
    {
        Project project = smallProject();
        project.network.wires.clear();
        CanvasFixture f(project);
        f.view.canvas().clearSelection();
        QTest::keyClick(&f.view, Qt::Key_Right); // nothing is selected: to the first layer
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"image"});
        f.view.connectByKeys();
        auto* popup = f.view.findChild<ChoicePopup*>();
        QVERIFY(popup->isVisible());
        choose(popup, "flatten");
        QVERIFY(f.hasWire({"image", "y"}, {"flatten", "x"}));
        QTest::keyClick(&f.view, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"flatten"});
        f.view.canvas().select({"dense", "flatten"}); // two: the left one to the right one
        f.view.connectByKeys();
        QVERIFY(f.hasWire({"flatten", "y"}, {"dense", "x"}));
        f.view.canvas().select({"loss"});
        f.view.connectByKeys();
        QVERIFY(listed(popup).contains(QStringLiteral("← dense.y")));
        choose(popup, "dense");
        QVERIFY(f.hasWire({"dense", "y"}, {"loss", "prediction"}));
        QVERIFY(f.document.analysis().diagnostics.empty());
        f.view.canvas().select({"dense"});
        f.view.connectByKeys();
        choose(popup, "remove flatten");
        QVERIFY(!f.hasWire({"flatten", "y"}, {"dense", "x"}));
        QCOMPARE(f.document.undoStack()->count(), 4);
        // A cycle is not on offer.
        f.view.canvas().select({"flatten"});
        f.view.connectByKeys();
        QVERIFY(!listed(popup).contains(QStringLiteral("← flatten.y")));
    }

    void findGoesToALayerEvenInsideABlock()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.group();
        f.view.find();
        auto* popup = f.view.findChild<ChoicePopup*>();
        QCOMPARE(listed(popup).size(), 7); // three outside, two layers and two ports inside
        choose(popup, "dense");
        QCOMPARE(f.view.canvas().place().size(), std::size_t(1));
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
    }

    void altArrowsMoveByOne()
    {
        CanvasFixture f;
        f.view.canvas().select({"dense"});
        QTest::keyClick(&f.view, Qt::Key_Right, Qt::AltModifier);
        QTest::keyClick(&f.view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(601, 100));
    }

    void layersOfDifferentTypesShareWhatTheyHaveInCommon()
    {
        EditBatch batch(smallProject());
        const std::string first = batch.addNode(*findLayer("Conv2D"), {0, 200});
        const std::string second = batch.addNode(*findLayer("MaxPool2D"), {300, 200});
        CanvasFixture f(batch.project());
        PropertiesPanel panel(&f.document, &f.view.canvas());
        f.view.canvas().select({first, second});
        auto* padding = panel.findChild<ParamEditor*>("param.padding");
        QVERIFY(padding);
        QVERIFY(!panel.findChild<ParamEditor*>("param.filters")); // the pool has none
        Q_EMIT padding->valueEdited(Tree("same"));
        for (const std::string& id : {first, second})
            QCOMPARE(f.document.project().network.findNode(id)->params.find("padding")->text(), std::string("same"));
        QCOMPARE(f.document.undoStack()->count(), 1);
    }

    void aFrameMovesWhatLiesOnIt()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.addNote();
        QCOMPARE(f.document.undoStack()->count(), 1);
        const NoteItem* note = f.view.canvas().notes().begin()->second;
        QVERIFY(note->rect().contains(QRectF(300, 0, 480, 60)));
        const QPoint grip = f.at(note->rect().topLeft() + QPointF(40, 12));
        f.drag(grip, grip + QPoint(40, 100));
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(640, 100));
        QCOMPARE(f.view.canvas().node("image")->pos(), QPointF(0, 0));
        QCOMPARE(f.document.undoStack()->count(), 2);
        const QRectF before = note->rect();
        const QPoint corner = f.at(before.bottomRight() - QPointF(5, 5));
        f.drag(corner, corner + QPoint(60, 40));
        QCOMPARE(f.view.canvas().notes().begin()->second->rect().size(), before.size() + QSizeF(60, 40));
        const Project saved = parseProject(formatProject(f.document.project()), "copy");
        QVERIFY(saved.view == f.document.project().view); // it is in the file
        f.view.deleteSelection();
        QVERIFY(f.view.canvas().notes().empty());
        for (int i = 0; i < 4; ++i)
            f.document.undoStack()->undo();
        QVERIFY(f.view.canvas().notes().empty());
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(600, 0));
    }

    void aFrameIsCopiedWithWhatLiesOnIt()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.addNote(); // the frame alone is selected now
        const Note frame = f.view.canvas().notes().begin()->second->note();
        f.view.duplicate();
        QCOMPARE(f.document.undoStack()->count(), 2);
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(6));
        QCOMPARE(f.wireCount(), std::size_t(4)); // with the wire between them
        QCOMPARE(f.view.canvas().notes().size(), std::size_t(2));
        const std::vector<std::string> notes = f.view.canvas().selectedNotes();
        QCOMPARE(notes.size(), std::size_t(1)); // the copy is selected
        const Note copy = f.view.canvas().note(notes.front())->note();
        QCOMPARE(copy.text, frame.text);
        QCOMPARE(copy.rect.size(), frame.rect.size());
        QVERIFY(!copy.rect.intersects(frame.rect));
        std::vector<std::string> inside = f.view.canvas().nodesOn(copy);
        std::vector<std::string> added = f.view.canvas().selectedNodes();
        std::sort(inside.begin(), inside.end());
        std::sort(added.begin(), added.end());
        QCOMPARE(inside, added);
        QCOMPARE(inside.size(), std::size_t(2));
        QCOMPARE(f.view.canvas().nodesOn(frame).size(), std::size_t(2));
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().notes().size(), std::size_t(1));
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(4));
    }

    void aFrameIsCutAndPastedElsewhere()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.addNote();
        f.view.cut();
        QCOMPARE(f.document.undoStack()->count(), 2);
        QVERIFY(f.view.canvas().notes().empty());
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(2));
        CanvasFixture other;
        other.view.paste();
        QCOMPARE(other.view.canvas().notes().size(), std::size_t(1));
        QCOMPARE(other.view.canvas().nodesOn(other.view.canvas().notes().begin()->second->note()).size(), std::size_t(2));
        QCOMPARE(other.document.project().network.nodes.size(), std::size_t(6));
        QCOMPARE(other.document.undoStack()->count(), 1);
    }

    void aCommentIsCopiedByItself()
    {
        CanvasFixture f;
        f.view.addNote();
        f.view.duplicate();
        QCOMPARE(f.view.canvas().notes().size(), std::size_t(2));
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(4));
        f.view.copy();
        f.view.paste();
        QCOMPARE(f.view.canvas().notes().size(), std::size_t(3));
    }

    void aBoxBeginsOnAFrameAsOnTheCanvas()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten", "dense"});
        f.view.addNote();
        f.drag(f.at({500, 70}), f.at({560, -5}));
        QVERIFY(f.view.canvas().selectedNodes().empty());
        QCOMPARE(f.document.undoStack()->count(), 1);
    }

    void arrangingCanBeGivenUpAndUndone()
    {
        CanvasFixture f;
        EditBatch batch(f.document.project());
        batch.setPosition("dense", {0, 400});
        f.document.perform("Move", batch.edits());
        f.view.arrange();
        QTest::keyClick(&f.view, Qt::Key_Escape);
        f.view.arrange();
        f.view.arrange(); // the second takes the place of the first
        QTRY_COMPARE(f.document.undoStack()->count(), 2);
        QVERIFY(f.view.canvas().node("dense")->pos() != QPointF(0, 400));
        f.document.undoStack()->undo();
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(0, 400));
        QCoreApplication::processEvents();
        QCOMPARE(f.document.undoStack()->index(), 1);
    }

    void copiesKeepSharedWeightsAndRateFactors()
    {
        Project project = smallProject();
        apply(project, rateFactorEdit(project.network, "dense", 0));
        CanvasFixture f(project);
        f.view.canvas().select({"dense"});
        f.view.duplicate();
        QCOMPARE(f.document.project().network.nodes.back().learningRateFactor, 0.0);
        f.view.pasteWithWires(); // nothing was copied yet, or something else lies there: nothing breaks
    }

    void theViewScrollsAtItsEdges()
    {
        CanvasFixture f;
        f.press(f.nodeAt("image"));
        f.moveTo(f.nodeAt("image") + QPoint(20, 20));
        const QPointF before = f.view.toScene({0, 0});
        f.moveTo({995, 300});
        QTRY_VERIFY(f.view.toScene({0, 0}).x() > before.x() + 20);
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QCOMPARE(f.document.undoStack()->count(), 0);
    }

    void farAwayTheNetworkIsPaintedAtOneGo()
    {
        CanvasFixture f;
        f.view.zoomAt({500, 300}, 0.1);
        QVERIFY(f.view.zoom() < 0.2);
        const QColor body = f.view.grab().toImage().pixelColor(f.nodeAt("dense"));
        QCOMPARE(body, themeColors().raised);
        f.view.canvas().select({"dense"});
        QCoreApplication::processEvents();
        const QRectF rect = f.view.canvas().node("dense")->sceneBoundingRect();
        const QImage picture = f.view.grab().toImage();
        bool isRinged = false;
        for (int x = f.at(rect.topLeft()).x() - 4; x < f.at(rect.bottomRight()).x() + 4; ++x)
            isRinged = isRinged || picture.pixelColor(x, f.nodeAt("dense").y()) == themeColors().accent;
        QVERIFY(isRinged);
    }

    void theMinimapLeadsToAPlace()
    {
        CanvasFixture f;
        f.view.panBy({3000, 2000});
        auto* map = f.view.findChild<Minimap*>();
        QVERIFY(map->isVisible());
        const QPointF before = f.view.toScene({500, 300});
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(140, 90));
        QVERIFY(f.view.toScene({500, 300}) != before);
        QCOMPARE(f.document.undoStack()->count(), 0);
    }
};

QTEST_MAIN(WidgetsHandsTest)
#include "widgets_hands_test.moc"
