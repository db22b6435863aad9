#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>
#include <QUndoStack>

#include "widgets/actions.h"
#include "widgets/canvas/layer_search.h"
#include "widgets/canvas/note_item.h"
#include "widgets/main_window.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

/// Commands of the canvas as a user gives them: keys sent to the window, and entries of menus.
class AroundActionsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> m_window;

    CanvasScene& scene() const { return m_window->canvas().canvas(); }
    ProjectDocument& document() const { return m_window->document(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(m_window->windowHandle(), key, modifiers); }
    void choose(const char* action) { m_window->actions()[action]->trigger(); }
    QPointF placeOf(const std::string& node) const { return scene().node(node)->pos(); }
    int steps() const { return document().undoStack()->count(); }
    QString lastStep() const { return document().undoStack()->undoText(); }

    /// The layers at these places, as hands that drag them freely leave them.
    void put(const std::vector<std::pair<std::string, QPointF>>& places)
    {
        EditBatch batch = scene().batch();
        for (const auto& [node, place] : places)
            batch.setPosition(node, place);
        document().perform("Move", batch.edits());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-actions-test");
        QSettings().clear();
        Theme::instance().install(Theme::Choice::Light);
    }

    void init()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        m_window->openLastOrExample();
        document().setProject(smallProject(), {});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->canvas().setFocus();
    }

    void cleanup()
    {
        document().discardChanges();
        m_window.reset();
    }

    void alignedEdgesAreOneStepAndAgainNone()
    {
        put({{"image", {0, 0}}, {"flatten", {300, 40}}, {"dense", {620, -80}}});
        scene().select({"image", "flatten", "dense"});
        const int before = steps();
        choose("view.alignTop");
        for (const char* node : {"image", "flatten", "dense"})
            QCOMPARE(placeOf(node).y(), -80.0);
        QCOMPARE(placeOf("flatten").x(), 300.0);
        QCOMPARE(steps(), before + 1);
        QCOMPARE(lastStep(), QString("Align"));
        choose("view.alignTop"); // nothing to do: no step
        QCOMPARE(steps(), before + 1);
        choose("view.alignLeft");
        QCOMPARE(placeOf("dense").x(), 0.0);
        press(Qt::Key_Z, Qt::ControlModifier);
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(placeOf("flatten"), QPointF(300, 40));
        QCOMPARE(placeOf("dense"), QPointF(620, -80));
    }

    void distributedLayersHaveEqualGaps()
    {
        put({{"image", {0, 0}}, {"flatten", {100, 0}}, {"dense", {640, 0}}, {"loss", {900, 0}}});
        scene().select({"image", "flatten", "dense", "loss"});
        const int before = steps();
        choose("view.distributeAcross");
        QCOMPARE(placeOf("image").x(), 0.0);
        QCOMPARE(placeOf("flatten").x(), 300.0);
        QCOMPARE(placeOf("dense").x(), 600.0);
        QCOMPARE(placeOf("loss").x(), 900.0);
        QCOMPARE(steps(), before + 1);
        choose("view.distributeAcross");
        QCOMPARE(steps(), before + 1);
        scene().select({"image", "loss"}); // two have one gap
        choose("view.distributeDown");
        QCOMPARE(steps(), before + 1);
    }

    void pastingWithWiresKeepsWhatComesIn()
    {
        scene().select({"flatten", "dense"});
        press(Qt::Key_C, Qt::ControlModifier);
        const std::size_t wires = document().project().network.wires.size();
        press(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(document().project().network.wires.size(), wires + 1); // the one between the two
        press(Qt::Key_Z, Qt::ControlModifier);
        press(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
        const Network& network = document().project().network;
        QCOMPARE(network.wires.size(), wires + 2);
        const std::vector<std::string> pasted = scene().selectedNodes();
        QCOMPARE(pasted.size(), std::size_t(2));
        QVERIFY(std::any_of(pasted.begin(), pasted.end(),
                            [&](const std::string& id) { return wireIndex(network, Wire{{"image", "y"}, {id, "x"}}) >= 0; }));
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(document().project().network.wires.size(), wires);
        scene().select({"flatten", "dense"});
        press(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(document().project().network.nodes.size(), std::size_t(6));
    }

    void keysShowTheSelectionAndActualSize()
    {
        CanvasView& view = m_window->canvas();
        put({{"loss", {5000, 3000}}});
        scene().select({"loss"});
        press(Qt::Key_Period);
        const QRectF seen = view.mapToScene(view.viewport()->rect()).boundingRect();
        QVERIFY(seen.contains(scene().node("loss")->mapRectToScene(scene().node("loss")->body())));
        QVERIFY(!seen.contains(placeOf("image")));
        press(Qt::Key_F);
        QVERIFY(view.mapToScene(view.viewport()->rect()).boundingRect().contains(placeOf("image")));
        QVERIFY(view.zoom() < 0.5);
        press(Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(view.zoom(), 1.0);
    }

    void arrowsMoveTheSelectionAndAltMovesItByOne()
    {
        scene().select({"dense"});
        const QPointF start = placeOf("dense");
        press(Qt::Key_Right);
        QVERIFY(placeOf("dense").x() > start.x() + 1);
        const double far = placeOf("dense").x();
        press(Qt::Key_Right, Qt::AltModifier);
        QCOMPARE(placeOf("dense").x(), far + 1);
        press(Qt::Key_Z, Qt::ControlModifier); // moves that follow each other are one step
        QCOMPARE(placeOf("dense"), start);
    }

    void whatIsUsedMostIsOfferedFirst()
    {
        for (int i = 0; i < 3; ++i)
            m_window->canvas().appendLayer("GELU");
        scene().clearSelection();
        press(Qt::Key_A, Qt::ShiftModifier);
        auto* search = m_window->canvas().findChild<LayerSearch*>();
        QVERIFY(search->isVisible());
        QVERIFY(search->findChild<QListWidget*>()->item(0)->text().startsWith("GELU"));
        QTest::keyClick(search->findChild<QLineEdit*>(), Qt::Key_Escape);
    }

    void aWireIsHitFromBesideIt()
    {
        press(Qt::Key_0, Qt::ControlModifier);
        CanvasView& view = m_window->canvas();
        const WireItem* wire = scene().wires()[1];
        const QPoint middle = view.mapFromScene((wire->from() + wire->to()) / 2);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, middle + QPoint(0, 6));
        QCOMPARE(scene().selectedWires(), std::vector<Wire>{wire->wire()});
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, middle + QPoint(0, 60));
        QVERIFY(scene().selectedWires().empty());
    }

    void f2RenamesALayer()
    {
        scene().select({"dense"});
        press(Qt::Key_F2);
        auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(field);
        QCOMPARE(field->selectedText(), QString("dense")); // typing replaces the name
        for (const char c : {'h', 'e', 'a', 'd'})
            QTest::keyClick(m_window->windowHandle(), c);
        press(Qt::Key_Return);
        QCOMPARE(document().project().network.findNode("dense")->name, std::string("head"));
        QCOMPARE(lastStep(), QString("Rename"));
    }

    void f2WritesAComment()
    {
        scene().clearSelection();
        press(Qt::Key_C, Qt::ShiftModifier);
        QCOMPARE(scene().selectedNotes().size(), std::size_t(1));
        QTimer::singleShot(0, this, [] {
            auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
            QTest::keyClicks(dialog->findChild<QPlainTextEdit*>(), "Two thirds of the time");
            dialog->accept();
        });
        press(Qt::Key_F2);
        QVERIFY(scene().notes().begin()->second->note().text.contains("Two thirds"));
        document().undoStack()->undo();
        QVERIFY(!scene().notes().begin()->second->note().text.contains("Two thirds"));
    }

    void aProjectThatWasNeverSavedIsSavedWhereDocumentsBelong()
    {
        document().setProject(smallProject(), {});
        QString folder;
        QTimer whenOpen;
        connect(&whenOpen, &QTimer::timeout, this, [&] {
            if (auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
                folder = dialog->directory().absolutePath();
                dialog->reject();
            }
        });
        whenOpen.start(5);
        press(Qt::Key_S, Qt::ControlModifier);
        const QStringList places{QDir::homePath(), QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)};
        QVERIFY2(places.contains(folder), qPrintable(folder));
    }
};

QTEST_MAIN(AroundActionsTest)
#include "around_actions_test.moc"
