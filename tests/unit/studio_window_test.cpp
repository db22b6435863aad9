#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "widgets/actions.h"
#include "widgets/data/data_panel.h"
#include "widgets/main_window.h"
#include "widgets/predictions/drawing_pad.h"
#include "widgets/predictions/predictions_panel.h"
#include "widgets/predictions/try_pane.h"
#include "widgets/properties/properties_panel.h"
#include "widgets/run_controller.h"
#include "widgets/theme/icons.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

class StudioWindowTest : public QObject {
    Q_OBJECT

    /// Presses a button of the next message box; `asked` counts.
    void answerNext(QMessageBox::StandardButton button)
    {
        auto* timer = new QTimer(this);
        timer->setInterval(5);
        connect(timer, &QTimer::timeout, this, [this, timer, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (!box)
                return;
            timer->deleteLater();
            ++m_asked;
            m_text = box->text();
            if (box->button(button))
                box->button(button)->click();
            else
                box->reject();
        });
        timer->start();
    }

    static void edit(MainWindow& window)
    {
        ProjectDocument& document = window.document();
        document.perform("Rename", {renameEdit(document.project().network, document.project().network.nodes.front().id, "renamed")});
    }

    int m_asked = 0;
    QString m_text;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("studio-test");
        QSettings().clear();
        Theme::instance().install(Theme::Choice::Light);
    }

    void init()
    {
        m_asked = 0;
        QSettings().clear();
        QDir(qEnvironmentVariable("XDG_STATE_HOME") + "/weft").removeRecursively(); // what an earlier test left unsaved
    }

    void opensTheExampleWhenThereIsNoLastProject()
    {
        MainWindow window;
        window.openLastOrExample();
        window.show();
        QCOMPARE(window.document().project().network.nodes.size(), projectFromTemplate("lenet").network.nodes.size());
        QVERIFY(window.document().analysis().diagnostics.empty());
        QVERIFY(!window.document().isModified());
        QVERIFY(window.close());
    }

    void actionsAreDeclaredOnceAndKeysDoNotCollide()
    {
        MainWindow window;
        QSet<QString> ids;
        QHash<QString, QString> keys;
        for (const ActionSpec& spec : Actions::specs()) {
            QVERIFY2(!ids.contains(spec.id), spec.id);
            ids.insert(spec.id);
            for (const QKeySequence& sequence : window.actions()[spec.id]->shortcuts()) {
                QVERIFY2(!sequence.isEmpty(), spec.id);
                QVERIFY2(!keys.contains(sequence.toString()), qPrintable(sequence.toString() + " " + spec.id));
                keys[sequence.toString()] = spec.id;
            }
            if (spec.icon[0])
                QVERIFY2(QFile::exists(QString(":/icons/%1.svg").arg(spec.icon)), spec.icon);
        }
    }

    void anotherProjectOpensWhileALayerInsideABlockIsSelected()
    {
        MainWindow window;
        window.openLastOrExample();
        window.show();
        CanvasScene& scene = window.canvas().canvas();
        scene.select({"conv1", "relu1"});
        window.canvas().group();
        window.canvas().enterSelected();
        QVERIFY(!scene.block().empty());
        scene.select({"conv1"});
        QCOMPARE(scene.selectedNodes(), std::vector<std::string>{"conv1"});
        window.document().discardChanges();
        window.document().setProject(Project{}, {}); // the block is gone, and what shows the layer must not ask for it
        QVERIFY(scene.block().empty());
        QVERIFY(scene.nodes().empty());
    }

    void unsavedChangesAreAskedFor()
    {
        QTemporaryDir dir;
        MainWindow window;
        window.openLastOrExample();
        window.show();
        edit(window);
        QVERIFY(window.windowTitle().contains("edited"));

        answerNext(QMessageBox::Cancel);
        QVERIFY(!window.close());
        QCOMPARE(m_asked, 1);
        QVERIFY(window.isVisible());

        QVERIFY(window.saveTo(dir.filePath("mine.weft")));
        QVERIFY(window.windowTitle().startsWith("mine — saved"));
        edit(window); // the same name again changes nothing
        QVERIFY(!window.document().isModified());
        window.document().undoStack()->undo();
        answerNext(QMessageBox::Save);
        QVERIFY(window.close());
        QCOMPARE(m_asked, 2);
        QVERIFY(readProject(dir.filePath("mine.weft").toStdString()).network.nodes.front().name != "renamed");
    }

    void discardingClosesAndForgets()
    {
        QTemporaryDir dir;
        {
            MainWindow window;
            window.openLastOrExample();
            QVERIFY(window.saveTo(dir.filePath("mine.weft")));
            window.show();
            edit(window);
            answerNext(QMessageBox::Discard);
            QVERIFY(window.close());
        }
        MainWindow window;
        window.openLastOrExample(); // the last project
        QCOMPARE(window.document().path(), dir.filePath("mine.weft"));
        QVERIFY(!window.document().isModified());
        QVERIFY(window.document().project().network.nodes.front().name != "renamed");
    }

    void aDamagedFileSaysWhyAndKeepsTheProject()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("broken.weft"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"weft\": 1,\n\"nodez\": []}");
        file.close();
        MainWindow window;
        window.openLastOrExample();
        answerNext(QMessageBox::Ok);
        QVERIFY(!window.openFile(file.fileName()));
        QCOMPARE(m_asked, 1);
        QVERIFY2(m_text.contains("nodez"), qPrintable(m_text));
        QVERIFY(!window.document().project().network.nodes.empty());
    }

    void aProjectThatWasNeverSavedComesBackAfterACrash()
    {
        {
            MainWindow window;
            window.openLastOrExample();
            edit(window);
            QVERIFY(window.document().isModified());
            // Nobody saves, nobody is asked: the program is gone.
        }
        {
            MainWindow window;
            window.openLastOrExample();
            QVERIFY(window.document().isModified());
            QVERIFY(window.document().path().isEmpty());
            QCOMPARE(window.document().project().network.nodes.front().name, std::string("renamed"));
            MainWindow second; // does not take what the first has open
            second.openLastOrExample();
            QVERIFY(!second.document().isModified());
            window.document().undoStack()->undo();
            QVERIFY(!window.document().isModified());
        }
        MainWindow window;
        window.openLastOrExample();
        QVERIFY(!window.document().isModified());
    }

    void twoWindowsOnOneProjectWarn()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("shared.weft");
        MainWindow first;
        first.openLastOrExample();
        QVERIFY(first.saveTo(path));
        MainWindow second;
        answerNext(QMessageBox::Ok);
        QVERIFY(second.openFile(path));
        QCOMPARE(m_asked, 1);
        QVERIFY2(m_text.contains("another window"), qPrintable(m_text));
        edit(second);
        QVERIFY(!second.document().isModified()); // it is only looked at
        QVERIFY(second.windowTitle().contains("read-only"));
        QVERIFY(second.saveTo(dir.filePath("copy.weft"))); // a copy is one's own
        edit(second);
        QVERIFY(second.document().isModified());
        second.document().undoStack()->undo();
        MainWindow third;
        answerNext(QMessageBox::Ignore);
        QVERIFY(third.openFile(path));
        edit(third);
        QVERIFY(third.document().isModified());
        third.document().discardChanges();
    }

    void aProjectOfANewerVersionIsOnlyLookedAt()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("newer.weft");
        MainWindow window;
        window.openLastOrExample();
        QVERIFY(window.saveTo(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        text.replace("\"weft\": 1", "\"weft\": 99");
        text.replace("\"Conv2D\"", "\"Conv9D\"");
        file.seek(0);
        file.write(text);
        file.resize(text.size());
        file.close();
        answerNext(QMessageBox::Ok);
        QVERIFY(window.openFile(path));
        QVERIFY2(m_text.contains("99"), qPrintable(m_text));
        QVERIFY(window.windowTitle().contains("read-only"));
        edit(window);
        QVERIFY(!window.document().isModified());
        answerNext(QMessageBox::Ok);
        QVERIFY(!window.saveTo(dir.filePath("copy.weft")));
        QVERIFY(!QFile::exists(dir.filePath("copy.weft")));
        QVERIFY(window.document().project().network.findNode("conv1")); // the unknown layer is there
    }

    void aDroppedImageIsPredictedAndADroppedProjectOpens()
    {
        QTemporaryDir dir;
        QImage picture(28, 28, QImage::Format_Grayscale8);
        picture.fill(90);
        QVERIFY(picture.save(dir.filePath("digit.png")));
        MainWindow window;
        window.openLastOrExample();
        window.show();
        QVERIFY(window.saveTo(dir.filePath("mine.weft")));
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        Q_EMIT window.canvas().fileDropped(dir.filePath("digit.png"));
        QCOMPARE(tabs->currentWidget(), window.findChild<PredictionsPanel*>());
        QVERIFY(!window.findChild<PredictionsPanel*>()->tryPane()->pad()->isBlank());
        window.newFromTemplate("mlp");
        Q_EMIT window.canvas().fileDropped(dir.filePath("mine.weft"));
        QCOMPARE(window.document().displayName(), QString("mine"));
    }

    void keysOfTheCanvasWorkThroughTheWindow()
    {
        MainWindow window;
        window.openLastOrExample();
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.canvas().setFocus();
        const std::size_t count = window.document().project().network.nodes.size();
        window.canvas().canvas().select({"relu1"});
        QTest::keyClick(&window.canvas(), Qt::Key_Backspace);
        QCOMPARE(window.document().project().network.nodes.size(), count - 1);
        QVERIFY(wireIndex(window.document().project().network, Wire{{"conv1", "y"}, {"pool1", "x"}}) >= 0);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(window.document().project().network.nodes.size(), count);
        QTest::keyClick(&window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(window.document().project().network.nodes.size(), count - 1);
        window.document().undoStack()->undo();
        QTest::keyClick(&window.canvas(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(window.canvas().canvas().selectedNodes().size(), count);
    }

    void theMenuBarKeepsItsHeight()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCoreApplication::processEvents();
        const int height = window.menuBar()->height();
        for (int i = 0; i < 3; ++i) {
            edit(window);
            QCoreApplication::processEvents();
            window.document().undoStack()->undo();
            QCoreApplication::processEvents();
        }
        QCOMPARE(window.menuBar()->height(), height);
    }

    void aMessageBeforeTheFirstPictureTakesTheTextsPlace()
    {
        MainWindow window;
        window.openLastOrExample();
        Q_EMIT window.document().warning("Edits are back.");
        window.show();
        QTRY_COMPARE(window.statusBar()->currentMessage(), QString("Edits are back."));
        QVERIFY(!window.findChild<QLabel*>("runText")->isVisible());
        window.statusBar()->clearMessage();
        QVERIFY(window.findChild<QLabel*>("runText")->isVisible());
    }

    void trainingWithoutDataAsksForThem()
    {
        MainWindow window;
        window.openLastOrExample();
        Project project = window.document().project();
        project.data = {};
        window.document().setProject(project, {});
        window.show();
        window.actions()["run.train"]->trigger();
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        QCOMPARE(tabs->currentWidget(), window.findChild<DataPanel*>());
        QCOMPARE(window.runs().state(), RunController::State::Idle);
    }

    void theResultsGrowOverTheCanvasAndBack()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCoreApplication::processEvents();
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        const int height = tabs->height();
        const int width = window.properties().width();
        const double zoom = window.canvas().zoom();
        window.actions()["view.growResults"]->trigger();
        QCoreApplication::processEvents();
        QVERIFY(window.canvas().zoom() == zoom);
        QVERIFY(window.canvas().height() < 10);
        QCOMPARE(window.properties().width(), width);
        QVERIFY(tabs->height() > height + 200);
        Q_EMIT window.properties().nodeActivated("conv1"); // going to a layer brings the canvas back
        QCoreApplication::processEvents();
        QVERIFY(window.canvas().height() > 200);
        QVERIFY(std::abs(tabs->height() - height) <= 2);
    }

    void panelsDoNotPushTheirNeighbours()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCoreApplication::processEvents();
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        const int width = window.properties().width();
        for (int i = 0; i < tabs->count(); ++i) {
            tabs->widget(i)->setMinimumWidth(2000);
            tabs->setCurrentIndex(i);
            QCoreApplication::processEvents();
            QVERIFY2(window.properties().width() == width,
                     qPrintable(QString("tab %1: %2 instead of %3").arg(i).arg(window.properties().width()).arg(width)));
        }
    }

    void messagesCarryTheStudiosSigns()
    {
        QMessageBox box(QMessageBox::Question, "t", "q", QMessageBox::Yes | QMessageBox::No);
        const QImage sign = box.iconPixmap().toImage();
        QCOMPARE(sign, icon("help", themeColors().accent).pixmap(sign.size()).toImage());
        QVERIFY(box.button(QMessageBox::Yes)->icon().isNull());
    }

    void theProgramAnswersWithoutADisplay()
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(name);
        const QString program = QFileInfo(qEnvironmentVariable("WEFT_PROGRAM")).absolutePath() + "/weft-studio";
        const auto start = [&](const QStringList& arguments) {
            QProcess process;
            process.setProcessEnvironment(environment);
            process.start(program, arguments);
            const bool hasEnded = process.waitForFinished(20000);
            return std::pair(hasEnded && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardError());
        };
        const auto [window, why] = start({});
        QCOMPARE(window, 1);
        QVERIFY2(why.contains("no display"), why.constData());
        QCOMPARE(start({"--version"}).first, 0);
        const auto [render, missing] = start({"--render", "/nowhere", "-o", QDir::tempPath()});
        QCOMPARE(render, 1);
        QVERIFY2(missing.contains("/nowhere"), missing.constData());
    }

    void themesChangeWhileRunning()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        const QColor light = window.grab().toImage().pixelColor(640, 790);
        Theme::instance().choose(Theme::Choice::Dark);
        QCoreApplication::processEvents();
        const QColor dark = window.grab().toImage().pixelColor(640, 790);
        Theme::instance().choose(Theme::Choice::Light);
        QVERIFY(light.lightness() > 200);
        QVERIFY(dark.lightness() < 60);
    }

    void iconsFollowTheTheme()
    {
        const QIcon sample = icon("delete");
        const auto brightest = [&] {
            const QImage image = sample.pixmap(24, 24).toImage();
            int best = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixelColor(x, y).alpha() > 200)
                        best = std::max(best, image.pixelColor(x, y).lightness());
                }
            }
            return best;
        };
        Theme::instance().choose(Theme::Choice::Dark);
        QVERIFY(brightest() > 200);
        Theme::instance().choose(Theme::Choice::Light);
        QVERIFY(brightest() < 80);
    }
};

QTEST_MAIN(StudioWindowTest)
#include "studio_window_test.moc"
