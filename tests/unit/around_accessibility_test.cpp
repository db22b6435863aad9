#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include "core/translation.h"
#include "docks_fixtures.h"
#include "interface_walk.h"
#include "widgets/actions.h"
#include "widgets/command_palette.h"
#include "widgets/export_dialog.h"
#include "widgets/help/layer_help.h"
#include "widgets/main_window.h"
#include "widgets/run_controller.h"
#include "widgets/shortcuts_dialog.h"
#include "widgets/start/start_page.h"
#include "widgets/tour/tour.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

/// Walks what screen readers see of every window and dialog, in both languages.
class AroundAccessibilityTest : public QObject {
    Q_OBJECT

    static void check(QWidget* window, const char* what)
    {
        const QStringList faults = unnamed(window);
        QVERIFY2(faults.isEmpty(), qPrintable(QString(what) + ":\n" + faults.join('\n')));
    }

    static void checkWindow()
    {
        MainWindow window;
        window.openLastOrExample();
        window.resize(1280, 800);
        window.show();
        auto* tabs = window.findChild<QTabWidget*>("resultTabs");
        window.canvas().canvas().select({"conv1"});
        LiveRun run;
        run.start();
        run.batch(1, 2.3);
        window.runs().show(run.dir());
        for (int i = 0; i < tabs->count(); ++i) {
            tabs->setCurrentIndex(i);
            QCoreApplication::processEvents();
            check(&window, qPrintable(tabs->tabText(i)));
        }
        for (const char* layer : {"image", "loss"}) { // forms with columns, shapes, choices
            window.canvas().canvas().select({layer});
            QCoreApplication::processEvents();
            check(&window, layer);
        }
        window.actions()["run.settings"]->trigger();
        QCoreApplication::processEvents();
        check(&window, "training settings");
        window.showStartPage();
        QCoreApplication::processEvents();
        check(&window, "start page");
        window.startTour();
        QCoreApplication::processEvents();
        check(&window, "tour");
    }

    static void checkDialogs()
    {
        MainWindow window;
        window.openLastOrExample();
        window.show();
        LayerHelp help(*findLayer("Conv2D"), &window);
        help.setAttribute(Qt::WA_DeleteOnClose, false);
        help.show();
        check(&help, "help");
        Actions actions(&window);
        ShortcutsDialog shortcuts(actions, &window);
        shortcuts.show();
        check(&shortcuts, "shortcuts");
        QTemporaryDir dir;
        ExportDialog dialog(dir.path(), dir.filePath("model.onnx"), &window);
        dialog.show();
        check(&dialog, "export");
        window.actions()["help.commands"]->trigger();
        QCoreApplication::processEvents();
        check(window.findChild<QWidget*>("commandPalette"), "command palette");
        window.findChild<QWidget*>("commandPalette")->hide();
        window.actions()["insert.search"]->trigger();
        QCoreApplication::processEvents();
        check(window.findChild<QWidget*>("layerSearch"), "layer search");
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-accessibility-test");
        QSettings().clear();
        Theme::instance().install(Theme::Choice::Light);
    }

    void cleanup() { loadTranslation(QStringLiteral("en")); }

    void nothingIsUnnamed_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << "en";
        QTest::newRow("Chinese") << "zh_CN";
    }

    void nothingIsUnnamed()
    {
        QFETCH(QString, language);
        loadTranslation(language);
        checkWindow();
        checkDialogs();
    }

    void theWalkFindsWhatHasNoName()
    {
        QWidget window;
        window.setWindowTitle("window");
        auto* button = new QPushButton(&window);
        window.show();
        QCOMPARE(unnamed(&window).size(), 1);
        button->setAccessibleName("a name");
        QVERIFY(unnamed(&window).isEmpty());
    }
};

QTEST_MAIN(AroundAccessibilityTest)
#include "around_accessibility_test.moc"
