#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QToolButton>

#include "widgets/canvas/block_library.h"
#include "widgets/canvas/block_trail.h"
#include "widgets/palette/layer_delegate.h"
#include "widgets/palette/layer_palette.h"
#include "widgets/properties/param_editor.h"
#include "widgets/properties/properties_panel.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// flatten and dense as a block, selected.
struct BlockFixture : CanvasFixture {
    std::string instance;
    std::string block;

    BlockFixture()
    {
        view.canvas().select({"flatten", "dense"});
        view.group();
        instance = view.canvas().selectedNodes().front();
        block = document.project().network.findNode(instance)->type;
    }
    const Block& definition() const { return *document.project().network.findBlock(block); }
    void doubleClick(const std::string& id) { send(QEvent::MouseButtonDblClick, nodeAt(id), Qt::LeftButton, Qt::LeftButton); }
};

} // namespace

class WidgetsBlocksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void cleanup() { QDir(BlockLibrary::folder()).removeRecursively(); }

    void groupingIsOneStepThatUndoTakesBack()
    {
        CanvasFixture f;
        const Project before = f.document.project();
        f.view.canvas().select({"flatten", "dense"});
        f.view.group();
        QCOMPARE(f.document.undoStack()->count(), 1);
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(3));
        QVERIFY(f.document.analysis().diagnostics.empty());
        const std::string id = f.view.canvas().selectedNodes().front();
        const NodeItem* item = f.view.canvas().node(id);
        QCOMPARE(item->pos(), QPointF(460, 0)); // the middle of the two, on the grid
        f.document.undoStack()->undo();
        QVERIFY(f.document.project() == before);
        f.document.undoStack()->redo();
        QVERIFY(f.view.canvas().node(id));
    }

    void doubleClickEntersAndEscLeaves()
    {
        BlockFixture f;
        f.doubleClick(f.instance);
        QCOMPARE(f.view.canvas().place(), std::vector<std::string>{f.instance});
        QVERIFY(f.view.canvas().node("dense"));
        QVERIFY(!f.view.canvas().node("image"));
        QVERIFY(f.view.findChild<BlockTrail*>()->isVisible());
        // Inside, shapes and costs are those of the instance.
        QCOMPARE(f.view.canvas().node("dense")->face().line, QString("7,850 parameters"));
        QCOMPARE(f.view.canvas().node("dense")->pos(), QPointF(600, 0));
        QTest::keyClick(&f.view, Qt::Key_Escape);
        QVERIFY(f.view.canvas().place().empty());
        QVERIFY(!f.view.findChild<BlockTrail*>()->isVisible());
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{f.instance});
        QTest::keyClick(&f.view, Qt::Key_Return); // and the keyboard enters
        QCOMPARE(f.view.canvas().place().size(), std::size_t(1));
        f.view.findChild<BlockTrail*>()->findChild<QPushButton*>()->click();
        QVERIFY(f.view.canvas().place().empty());
        QCOMPARE(f.document.undoStack()->count(), 1); // looking is no step
    }

    void editsInsideAreUndoneAndShowOnEveryInstance()
    {
        BlockFixture f;
        f.doubleClick(f.instance);
        const Project before = f.document.project();
        f.view.canvas().select({"flatten"});
        f.view.appendLayer("ReLU");
        QCOMPARE(f.definition().nodes.size(), std::size_t(5));
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(3));
        f.drag(f.portAt("dense", "x", true), f.at({700, 250})); // detaches
        f.view.canvas().select({"dense"});
        QTest::keyClick(&f.view, Qt::Key_Right);
        f.view.deleteSelection();
        QVERIFY(!f.definition().findNode("dense"));
        for (int i = 0; i < 4; ++i)
            f.document.undoStack()->undo();
        QVERIFY(f.document.project() == before);
    }

    void undoingTheGroupWhileInsideLeavesIt()
    {
        BlockFixture f;
        f.doubleClick(f.instance);
        f.document.undoStack()->undo();
        QVERIFY(f.view.canvas().place().empty());
        QVERIFY(f.view.canvas().node("image"));
        QVERIFY(f.view.canvas().node("dense"));
    }

    void ungroupPutsTheLayersBackWhereTheyWere()
    {
        CanvasFixture start;
        const Project before = start.document.project();
        BlockFixture f;
        f.view.ungroup();
        QVERIFY(f.document.project().network.blocks.empty());
        QVERIFY(f.document.project().network.nodes == before.network.nodes);
        QCOMPARE(*savedPosition(f.document.project(), "dense"), QPointF(600, 0));
        QCOMPARE(f.view.canvas().selectedNodes(), (std::vector<std::string>{"flatten", "dense"}));
        QVERIFY(f.document.analysis().diagnostics.empty());
        QCOMPARE(f.document.undoStack()->count(), 2);
        QSignalSpy said(&f.view, &CanvasView::message);
        f.view.ungroup(); // layers are no blocks
        QCOMPARE(said.count(), 1);
        QCOMPARE(f.document.undoStack()->count(), 2);
    }

    void aParameterOfTheBlockIsSetFromOutside()
    {
        BlockFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        panel.show();
        f.doubleClick(f.instance);
        f.view.canvas().select({"dense"});
        auto* promote = panel.findChild<QAction*>("promote.units");
        QVERIFY(promote);
        promote->trigger();
        QCOMPARE(f.definition().params.size(), std::size_t(1));
        QCOMPARE(f.definition().findNode("dense")->params.find("units")->text(), std::string("units"));
        QVERIFY(f.document.analysis().diagnostics.empty());
        // Expressions are typed where numbers were.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // the form that is gone
        auto* field = panel.findChild<QWidget*>("param.units")->findChild<QLineEdit*>();
        field->clear();
        QTest::keyClicks(field, "units * 2");
        QCOMPARE(f.definition().findNode("dense")->params.find("units")->text(), std::string("units * 2"));
        QCOMPARE(f.document.analysis().find(f.instance + "/dense")->parameters, 784 * 20 + 20);
        field->clear();
        QTest::keyClicks(field, "unit * 2"); // an unknown name is no value
        QCOMPARE(f.definition().findNode("dense")->params.find("units")->text(), std::string("units * 2"));

        f.view.leaveBlock();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        auto* outside = panel.findChild<QWidget*>("param.units");
        QVERIFY(outside);
        Q_EMIT qobject_cast<ParamEditor*>(outside)->valueEdited(Tree(7));
        QCOMPARE(f.document.project().network.findNode(f.instance)->params.find("units")->integer(), 7);
        QCOMPARE(f.document.analysis().find(f.instance + "/dense")->parameters, 784 * 14 + 14);
    }

    void aNumberBecomesAParameterByTheMenuKeyOfItsField()
    {
        BlockFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        panel.show();
        f.doubleClick(f.instance);
        f.view.canvas().select({"dense"});
        QWidget* field = panel.findChild<QWidget*>("param.units")->focusProxy();
        field->setFocus();
        QContextMenuEvent menuKey(QContextMenuEvent::Keyboard, field->rect().center(), field->mapToGlobal(field->rect().center()));
        QCoreApplication::sendEvent(field, &menuKey);
        QWidget* menu = QApplication::activePopupWidget();
        QVERIFY(menu);
        QVERIFY(qobject_cast<QMenu*>(menu)->actions().size() > 5); // what the field offers anyway is there too
        QTest::keyClick(menu, Qt::Key_Return);
        QCOMPARE(f.definition().params.size(), std::size_t(1));
        QCOMPARE(f.definition().findNode("dense")->params.find("units")->text(), std::string("units"));
        // What is an expression already cannot become another parameter.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!panel.findChild<QAction*>("promote.units")->isEnabled());
    }

    void aNumberBecomesAParameterByTheListOfCommands()
    {
        BlockFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        panel.show();
        QSignalSpy said(&panel, &PropertiesPanel::message);
        panel.offerPromotion(); // nothing is selected, and no block is open
        QCOMPARE(said.count(), 1);
        f.doubleClick(f.instance);
        f.view.canvas().select({"dense"});
        panel.offerPromotion();
        auto* popup = panel.findChild<QWidget*>("promotion");
        QVERIFY(popup && popup->isVisible());
        auto* line = popup->findChild<QLineEdit*>();
        QTest::keyClicks(line, "units");
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(f.definition().params.size(), std::size_t(1));
        QCOMPARE(f.definition().params.front().key, std::string("units"));
        QCOMPARE(said.count(), 2);
    }

    void theFormOfTheBlockNamesItAndItsParameters()
    {
        BlockFixture f;
        PropertiesPanel panel(&f.document, &f.view.canvas());
        panel.show();
        f.doubleClick(f.instance);
        auto* name = panel.findChild<QLineEdit*>("blockName");
        QVERIFY(name);
        name->setText("Head");
        Q_EMIT name->editingFinished();
        QCOMPARE(f.definition().name, std::string("Head"));
        auto* key = panel.findChild<QLineEdit*>("newParameter");
        key->setText("7x");
        QTest::keyClick(key, Qt::Key_Return);
        QVERIFY(f.definition().params.empty());
        key->setText("width");
        QTest::keyClick(key, Qt::Key_Return);
        QCOMPARE(f.definition().params.size(), std::size_t(1));
        auto* value = panel.findChild<QLineEdit*>("width.0");
        value->setText("12");
        Q_EMIT value->editingFinished();
        QCOMPARE(f.definition().params[0].defaultValue, 12);
        panel.findChild<QToolButton*>("remove.width")->click();
        QVERIFY(f.definition().params.empty());
        const int count = f.document.undoStack()->count();
        Q_EMIT name->editingFinished(); // nothing has changed
        QCOMPARE(f.document.undoStack()->count(), count);
    }

    void aBlockGoesThroughTheClipboardToAnotherWindow()
    {
        BlockFixture f;
        f.view.copy();
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.contains("definitions"));
        CanvasFixture other;
        other.view.paste();
        QCOMPARE(other.document.undoStack()->count(), 1);
        QCOMPARE(other.document.project().network.blocks.size(), std::size_t(1));
        const std::string id = other.view.canvas().selectedNodes().front();
        QVERIFY(other.document.project().network.findBlock(other.document.project().network.findNode(id)->type));
        QCOMPARE(*savedPosition(other.document.project(), "dense", f.block), QPointF(600, 0));
        other.view.paste(); // the same definition serves twice
        QCOMPARE(other.document.project().network.blocks.size(), std::size_t(1));
        other.document.undoStack()->undo();
        other.document.undoStack()->undo();
        QVERIFY(other.document.project().network.blocks.empty());
    }

    void anotherBlockOfTheSameIdGetsANewOne()
    {
        BlockFixture f;
        f.view.copy();
        BlockFixture other;
        other.document.perform("Rename", {{"blocks/" + other.block + "/name", other.block, "Mine"}});
        other.view.paste();
        QCOMPARE(other.document.project().network.blocks.size(), std::size_t(2));
        const std::string id = other.view.canvas().selectedNodes().front();
        QVERIFY(other.document.project().network.findNode(id)->type != other.block);
    }

    void aBlockCannotGoIntoItself()
    {
        BlockFixture f;
        f.view.copy();
        f.view.enterBlock(f.instance);
        QSignalSpy said(&f.view, &CanvasView::message);
        const int count = f.document.undoStack()->count();
        f.view.paste();
        f.view.appendLayer(QString::fromStdString(f.block));
        QCOMPARE(said.count(), 2);
        QCOMPARE(f.document.undoStack()->count(), count);
        QVERIFY(!hasErrors(f.document.analysis().diagnostics));
    }

    void aSavedBlockIsInThePaletteOfEveryProject()
    {
        {
            BlockFixture f;
            LayerPalette palette;
            palette.follow(&f.view);
            QVERIFY(!palette.tree()->findItems(QString::fromStdString(f.block), Qt::MatchRecursive).isEmpty()); // the project's own
            f.document.perform("Rename", {{"blocks/" + f.block + "/name", f.block, "Head/2"}});
            f.view.saveBlock();
        }
        CanvasFixture f;
        LayerPalette palette;
        palette.follow(&f.view);
        connect(&palette, &LayerPalette::layerActivated, &f.view, &CanvasView::appendLayer);
        const QList<QTreeWidgetItem*> items = palette.tree()->findItems("Head/2", Qt::MatchRecursive);
        QCOMPARE(items.size(), 1);
        Q_EMIT palette.tree()->itemDoubleClicked(items.first(), 0);
        QCOMPARE(f.document.project().network.blocks.size(), std::size_t(1));
        QCOMPARE(f.document.project().network.nodes.size(), std::size_t(5));
        QCOMPARE(f.document.undoStack()->count(), 1);
        f.document.undoStack()->undo();
        QVERIFY(f.document.project().network.blocks.empty());
    }

    void damagedSavedBlocksArePassedOver()
    {
        QVERIFY(QDir().mkpath(BlockLibrary::folder()));
        int number = 0;
        for (const char* text : {"", "{", "[]", "{\"definitions\": 3}", "{\"definitions\": [{\"id\": 7}]}", "{\"definitions\": [{\"id\": \"a\"}]}"}) {
            QFile file(BlockLibrary::folder() + QString("/%1.json").arg(number++));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        }
        QVERIFY(BlockLibrary::entries().empty());
    }

    void faultsInsideAreShownThereAndLedTo()
    {
        BlockFixture f;
        f.document.perform("Break", insideBlock(f.block, {removeWireEdit(f.definition(), {{"flatten", "y"}, {"dense", "x"}})}));
        QTRY_VERIFY(f.view.canvas().node(f.instance)->face().hasFault);
        f.view.showNode(f.instance + "/dense");
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
        QVERIFY(f.view.canvas().node("dense")->face().hasFault);
        f.view.applyFirstFix();
        QTRY_VERIFY(!f.view.canvas().node("dense")->face().hasFault);
    }
};

QTEST_MAIN(WidgetsBlocksTest)
#include "widgets_blocks_test.moc"
