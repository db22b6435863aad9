#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDir>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSettings>
#include <QSpinBox>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWindow>

#include "widgets/canvas/choice_popup.h"
#include "widgets/data/tile_view.h"
#include "widgets/main_window.h"
#include "widgets/predictions/confusion_matrix.h"
#include "widgets/run_controller.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Dark and light squares of 8 x 8, which anyone learns at once.
void writePictures(const QString& folder)
{
    for (const auto& [label, grey] : {std::pair("dark", 0), std::pair("light", 200)}) {
        QDir().mkpath(folder + '/' + label);
        for (int i = 0; i < 400; ++i) {
            QImage picture(8, 8, QImage::Format_Grayscale8);
            picture.fill(grey + i % 20);
            picture.save(QString("%1/%2/%3.png").arg(folder, label).arg(i));
        }
    }
}

} // namespace

/// From an empty canvas to a trained model and its prediction: nothing but keys, sent as the platform sends them.
class AroundKeyboardTest : public QObject {
    Q_OBJECT

    MainWindow* m_window = nullptr;

    /// The window that has the keyboard: a pop-up, a dialog, or the Studio's own.
    QWindow* keyboard() const
    {
        QWidget* top = QApplication::activePopupWidget();
        top = top ? top : QApplication::activeModalWidget();
        return (top ? top : m_window)->windowHandle();
    }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(keyboard(), key, modifiers); }

    void type(const QString& text)
    {
        for (const QChar c : text)
            QTest::keyClick(keyboard(), c.toLatin1());
    }

    /// Tab until something of this name has the keyboard; false where it never does.
    bool tabTo(const QString& name)
    {
        for (int i = 0; i < 60; ++i) {
            for (const QWidget* at = QApplication::focusWidget(); at && at != m_window; at = at->parentWidget()) {
                if (at->objectName() == name)
                    return true;
            }
            press(Qt::Key_Tab);
        }
        return false;
    }

    /// F6 until the tab bar of these tabs has the keyboard, then arrows until this one is in front.
    bool goToTab(const QString& title)
    {
        for (int panels = 0; panels < 4; ++panels) {
            press(Qt::Key_F6);
            auto* bar = qobject_cast<QTabBar*>(QApplication::focusWidget());
            for (int i = 0; bar && i < 2 * bar->count(); ++i) {
                if (bar->tabText(bar->currentIndex()) == title)
                    return true;
                press(i < bar->count() ? Qt::Key_Right : Qt::Key_Left);
            }
        }
        return false;
    }

    /// Pastes a path into the file dialog that opens next, and takes it.
    void chooseInDialog(const QString& path)
    {
        auto* timer = new QTimer(this);
        timer->setInterval(5);
        connect(timer, &QTimer::timeout, this, [this, timer, path] {
            const QPointer<QWidget> dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            timer->deleteLater();
            timer->stop();
            QGuiApplication::clipboard()->setText(path); // letter by letter the dialog would go from folder to folder
            QTest::keyClick(dialog->windowHandle(), Qt::Key_A, Qt::ControlModifier);
            QTest::keyClick(dialog->windowHandle(), Qt::Key_V, Qt::ControlModifier);
            for (int i = 0; i < 3 && dialog && dialog->isVisible(); ++i) // the first may only close a list of proposals
                QTest::keyClick(dialog->windowHandle(), Qt::Key_Return);
        });
        timer->start();
    }

    /// Tab on the canvas, what is sought, Enter.
    void addLayer(const QString& typed)
    {
        press(Qt::Key_Tab);
        type(typed);
        press(Qt::Key_Return);
    }

    /// C on a layer, the name of another, Enter.
    void wireTo(const QString& typed)
    {
        press(Qt::Key_C);
        type(typed);
        press(Qt::Key_Return);
    }

    void command(const QString& typed)
    {
        press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        type(typed);
        press(Qt::Key_Return);
    }

    const Network& network() const { return m_window->document().project().network; }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-keyboard-test");
        QSettings().clear();
        Theme::instance().install(Theme::Choice::Light);
    }

    void fromAnEmptyCanvasToAPredictionWithoutAMouse()
    {
        QTemporaryDir dir;
        writePictures(dir.filePath("pictures"));
        MainWindow window;
        m_window = &window;
        window.resize(1280, 800);
        window.openAtStart();
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));

        press(Qt::Key_N, Qt::ControlModifier); // also leaves the start page
        QVERIFY(!window.isStartPageShown());
        QVERIFY(network().nodes.empty());
        addLayer("input");
        addLayer("flatten");
        wireTo("input");
        addLayer("dense");
        wireTo("flatten");
        addLayer("crossentropy");
        wireTo("dense");
        QCOMPARE(network().nodes.size(), std::size_t(4));
        QCOMPARE(network().wires.size(), std::size_t(3));

        press(Qt::Key_Up, Qt::ControlModifier); // from the loss to the layer above it
        QCOMPARE(window.canvas().canvas().selectedNodes(), std::vector<std::string>{network().nodes[2].id});
        QVERIFY(goToTab("Properties"));
        QVERIFY(tabTo("nodeName"));
        press(Qt::Key_A, Qt::ControlModifier);
        type("scores");
        press(Qt::Key_Tab); // the link to the help
        press(Qt::Key_Tab);
        QVERIFY(qobject_cast<QSpinBox*>(QApplication::focusWidget())); // the units come next, wherever the form was made
        press(Qt::Key_A, Qt::ControlModifier);
        type("2");
        press(Qt::Key_Return);
        QCOMPARE(network().nodes[2].name, std::string("scores"));
        QCOMPARE(network().nodes[2].params.find("units")->integer(), 2);

        chooseInDialog(dir.filePath("pictures"));
        command("folder of images");
        QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QWidget*>("offer")->isVisible(), 30000); // the shape of the pictures
        window.activateWindow(); // as a window manager does when the dialog is gone
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QVERIFY(goToTab("Data"));
        QVERIFY(tabTo("offer"));
        press(Qt::Key_Space);
        QVERIFY(window.document().analysis().diagnostics.empty());

        press(Qt::Key_Return, Qt::ControlModifier);
        using State = RunController::State;
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), State::Finished, 120000);

        QVERIFY(goToTab("Predictions"));
        auto* matrix = window.findChild<ConfusionMatrix*>();
        QTRY_VERIFY_WITH_TIMEOUT(matrix->isVisible(), 60000);
        chooseInDialog(dir.filePath("pictures/light/3.png"));
        QVERIFY(tabTo("image"));
        press(Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(window.findChild<QLabel*>("answer")->text(), QString("<b>light</b>"), 60000);
        window.document().discardChanges();
    }

    void tilesAndTheMatrixHaveKeys()
    {
        TileView tiles({60, 60}, [](QPainter&, const QRect&, qint64) {});
        tiles.resize(300, 150);
        tiles.setCount(100);
        tiles.show();
        QList<qint64> clicked;
        connect(&tiles, &TileView::clicked, this, [&](qint64 index) { clicked << index; });
        for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Left, Qt::Key_Return, Qt::Key_End, Qt::Key_Space, Qt::Key_Down, Qt::Key_Space,
                                  Qt::Key_Home, Qt::Key_Up, Qt::Key_Left, Qt::Key_Space})
            QTest::keyClick(&tiles, key);
        QCOMPARE(clicked, (QList<qint64>{1, 99, 99, 0}));
        QTest::keyClick(&tiles, Qt::Key_End);
        QVERIFY(tiles.viewport()->rect().contains(tiles.tileRect(99))); // what the keys reach is seen

        ConfusionMatrix matrix;
        matrix.setCounts({"a", "b"}, {3, 1, 0, 4});
        matrix.show();
        int told = 0;
        connect(&matrix, &ConfusionMatrix::chosen, this, [&] { ++told; });
        QTest::keyClick(&matrix, Qt::Key_Down);
        QCOMPARE(matrix.choice(), (ConfusionMatrix::Choice{0, 0}));
        QTest::keyClick(&matrix, Qt::Key_Right);
        QCOMPARE(matrix.choice(), (ConfusionMatrix::Choice{0, 1}));
        QTest::keyClick(&matrix, Qt::Key_Down);
        QTest::keyClick(&matrix, Qt::Key_Down);
        QCOMPARE(matrix.choice(), (ConfusionMatrix::Choice{1, 1}));
        QTest::keyClick(&matrix, Qt::Key_Escape);
        QCOMPARE(matrix.choice(), ConfusionMatrix::Choice{});
        QCOMPARE(told, 5);
    }

    void severalLayersAreSelectedByKeys()
    {
        CanvasFixture f;
        f.view.canvas().select({"flatten"});
        QTest::keyClick(&f.view, Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&f.view, Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(f.view.canvas().selectedNodes(), (std::vector<std::string>{"flatten", "dense", "loss"}));
        QTest::keyClick(&f.view, Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
    }

    void aCommentIsFoundAndWrittenByKeys()
    {
        CanvasFixture f;
        f.view.canvas().clearSelection();
        f.view.addNote();
        f.view.canvas().select({"dense"});
        f.view.find();
        auto* popup = f.view.findChild<ChoicePopup*>();
        QTest::keyClicks(popup->findChild<QLineEdit*>(), "comment");
        QTest::keyClick(popup->findChild<QLineEdit*>(), Qt::Key_Return);
        QCOMPARE(f.view.canvas().selectedNotes().size(), std::size_t(1));
        QVERIFY(f.view.canvas().selectedNodes().empty());
        QTimer::singleShot(0, this, [] {
            QWidget* dialog = QApplication::activeModalWidget();
            QTest::keyClicks(dialog->findChild<QPlainTextEdit*>(), "Here it ends");
            static_cast<QDialog*>(dialog)->accept();
        });
        QTest::keyClick(&f.view, Qt::Key_Return);
        QVERIFY(f.view.canvas().notes().begin()->second->note().text.contains("Here it ends"));
    }

    /// The menu key opens the menu of what is selected, wherever the mouse is.
    void theMenuKeyIsForTheSelection()
    {
        CanvasFixture f;
        f.view.canvas().select({"dense"});
        QStringList texts;
        QTimer::singleShot(0, this, [&] {
            QWidget* menu = QApplication::activePopupWidget();
            for (const QAction* action : menu->actions())
                texts << action->text();
            menu->close();
        });
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(900, 500), f.view.mapToGlobal(QPoint(900, 500)));
        QCoreApplication::sendEvent(f.view.viewport(), &event);
        QVERIFY2(texts.contains("Rename"), qPrintable(texts.join(", ")));
        QCOMPARE(f.view.canvas().selectedNodes(), std::vector<std::string>{"dense"});
    }
};

QTEST_MAIN(AroundKeyboardTest)
#include "around_keyboard_test.moc"
