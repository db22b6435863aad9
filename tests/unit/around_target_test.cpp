#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "docks_fixtures.h"
#include "widgets/actions.h"
#include "widgets/main_window.h"
#include "widgets/run_controller.h"
#include "widgets/target_button.h"
#include "widgets_fixtures.h"

using namespace weft;
using namespace weft::test;

/// The chooser of where training runs.
class AroundTargetTest : public QObject {
    Q_OBJECT

    static QAction* entry(TargetButton& button, const QString& id)
    {
        for (QAction* action : button.menu()->actions()) {
            if (action->objectName() == id)
                return action;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName("weft");
        QCoreApplication::setApplicationName("around-target-test");
        Theme::instance().install(Theme::Choice::Light);
    }

    void init() { QSettings().clear(); }

    void itListsWhatThisMachineOffers()
    {
        QProcess weft;
        weft.start(qEnvironmentVariable("WEFT_PROGRAM"), {"devices", "--json"});
        QVERIFY(weft.waitForFinished());
        const std::vector<OfferedDevice> targets = parseTargets(weft.readAllStandardOutput());
        QVERIFY(!targets.empty());
        QAction copy;
        TargetButton button(&copy);
        QTRY_VERIFY(entry(button, "cpu"));
        for (const OfferedDevice& target : targets) {
            const QAction* action = entry(button, target.id);
            QVERIFY2(action, qPrintable(target.id));
            QCOMPARE(action->isEnabled(), target.reason.isEmpty());
            const QList<QLabel*> sentences = button.menu()->findChildren<QLabel*>();
            const bool saysWhy = std::any_of(sentences.begin(), sentences.end(), [&](const QLabel* label) { return label->text() == target.reason; });
            QVERIFY2(target.reason.isEmpty() || saysWhy, qPrintable(target.reason));
        }
    }

    void theChoiceIsRememberedAndAMissingCardGivesWay()
    {
        const QByteArray json = R"([{"id":"cpu","name":"x","available":true,"memory_bytes":16000000000,"threads":2},
            {"id":"cuda:0","name":"Card","available":true,"memory_bytes":80000000000},{"id":"cuda:1","name":"Other","available":false,"reason":"Too old."}])";
        QAction copy;
        TargetButton button(&copy);
        QSignalSpy chosen(&button, &TargetButton::deviceChosen);
        button.setTargets(parseTargets(json));
        QCOMPARE(button.device(), QString("cuda:0")); // the card, until someone says otherwise
        QVERIFY(!entry(button, "cuda:1")->isEnabled());
        entry(button, "cpu")->trigger();
        QCOMPARE(chosen.last().first().toString(), QString("cpu"));
        QVERIFY(button.text().contains("2 core"));
        entry(button, "cuda:0")->trigger();
        QAction copy2;
        TargetButton next(&copy2);
        next.setTargets(parseTargets(
            R"([{"id":"cpu","name":"x","available":true,"threads":2},{"id":"cuda","name":"CUDA","available":false,"reason":"No driver."}])"));
        QCOMPARE(next.device(), QString("cpu"));
        QVERIFY(parseTargets("nonsense").empty());
    }

    void theCommandLineIsShownQuotedAndCopied()
    {
        QCOMPARE(shellCommand({"weft", "train", "a b.weft", "it's", "--device", "cuda:0"}),
                 QString("weft train 'a b.weft' 'it'\\''s' --device cuda:0"));
        QTemporaryDir dir;
        MainWindow window;
        window.openLastOrExample();
        window.show();
        const QString path = dir.filePath("my $net.weft");
        QVERIFY(window.saveTo(path));
        QTRY_VERIFY(entry(window.target(), "cpu"));
        entry(window.target(), "cpu")->trigger();
        Q_EMIT window.target().aboutToShow();
        const QString command = "weft train '" + path + "' --device cpu";
        QCOMPARE(window.target().menu()->findChild<QLabel*>("commandLine")->text(), command);
        window.actions()["run.copyCommand"]->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), command);
    }

    void trainRunsWhereTheChooserSays()
    {
        QTemporaryDir dir;
        writeTable(dir.filePath("points.csv"));
        MainWindow window;
        window.document().setProject(tableProject(dir.filePath("points.csv")), {});
        window.show();
        window.runs().setDevice("cuda:99"); // no machine has it: the process says so
        QString why;
        window.runs().disconnect(&window);
        connect(&window.runs(), &RunController::failed, this, [&](const QString& text) { why = text; });
        window.runs().train();
        QTRY_VERIFY_WITH_TIMEOUT(!why.isEmpty(), 60000);
        QVERIFY2(why.contains("cuda", Qt::CaseInsensitive), qPrintable(why));
        window.runs().setDevice("cpu");
        window.runs().train();
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Finished, 60000);
    }
};

QTEST_MAIN(AroundTargetTest)
#include "around_target_test.moc"
