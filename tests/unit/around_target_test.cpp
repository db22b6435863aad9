#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/launch/mpi_job.h"
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
        TrainingPlaces places = devicePlaces(weft.readAllStandardOutput());
        QVERIFY(!places.empty());
        for (const TrainingPlace& place : rankPlacesHere())
            places.push_back(place);
        QAction copy;
        TargetButton button(&copy);
        QTRY_VERIFY(entry(button, "cpu"));
        for (const TrainingPlace& place : places) {
            QAction* action = entry(button, place.id);
            QVERIFY2(action, qPrintable(place.id));
            QCOMPARE(action->isEnabled(), place.reason.isEmpty());
            const QList<QLabel*> sentences = button.menu()->findChildren<QLabel*>();
            const bool saysWhy = std::any_of(sentences.begin(), sentences.end(), [&](const QLabel* label) { return label->text() == place.reason; });
            QVERIFY2(place.reason.isEmpty() || saysWhy, qPrintable(place.reason));
        }
    }

    void theChoiceIsRememberedAndAMissingCardGivesWay()
    {
        const QByteArray json = R"([{"id":"cpu","name":"x","available":true,"memory_bytes":16000000000,"threads":2},
            {"id":"cuda:0","name":"Card","available":true,"memory_bytes":80000000000,"driver":"580.65.06"},{"id":"cuda:1","name":"Other","available":false,"reason":"Too old."}])";
        QAction copy;
        TargetButton button(&copy);
        QSignalSpy chosen(&button, &TargetButton::placeChosen);
        QCOMPARE(devicePlaces(json)[1].detail, QString("80.0 GB of memory, driver 580.65.06"));
        button.setPlaces(devicePlaces(json));
        QCOMPARE(button.chosen().id, QString("cuda:0")); // the card, until someone says otherwise
        QVERIFY(!entry(button, "cuda:1")->isEnabled());
        const qsizetype before = chosen.size();
        entry(button, "cpu")->trigger();
        QCOMPARE(chosen.size(), before + 1);
        QCOMPARE(button.chosen().arguments, QStringList({"--device", "cpu"}));
        QVERIFY(button.text().contains("2 core"));
        entry(button, "cuda:0")->trigger();
        QAction copy2;
        TargetButton next(&copy2);
        QCOMPARE(next.chosen().device, QString("cuda:0")); // remembered, while the machine has not answered
        next.setPlaces(devicePlaces(
            R"([{"id":"cpu","name":"x","available":true,"threads":2},{"id":"cuda","name":"CUDA","available":false,"reason":"No driver."}])"));
        QCOMPARE(next.chosen().id, QString("cpu"));
        QVERIFY(devicePlaces("nonsense").empty());
    }

    /// Of several cards, which may be alike, each has its number; one that does not answer is that alone.
    void severalCardsAreToldApart()
    {
        const TrainingPlaces places = devicePlaces(R"([{"id":"cpu","name":"x","available":true},{"id":"cuda:0","name":"Card","available":true},
            {"id":"cuda:1","name":"Card","available":true},{"id":"cuda:2","name":"","available":false,"reason":"Busy."}])");
        QCOMPARE(places[1].name, QString("Card (cuda:0)"));
        QCOMPARE(places[2].name, QString("Card (cuda:1)"));
        QCOMPARE(places[3].name, QString("cuda:2"));
        QCOMPARE(devicePlaces(R"([{"id":"cuda:0","name":"Card","available":true}])")[0].name, QString("Card"));
    }

    void ranksAreOfferedUpToOneForEachCore()
    {
        const auto ids = [](const TrainingPlaces& places) {
            QStringList list;
            for (const TrainingPlace& place : places)
                list << place.id;
            return list;
        };
        QCOMPARE(ids(rankPlaces(2, {})), QStringList({"ranks:2"}));
        QCOMPARE(ids(rankPlaces(12, {})), QStringList({"ranks:2", "ranks:4", "ranks:8", "ranks:12"}));
        const TrainingPlace four = rankPlaces(4, {}).back();
        QCOMPARE(four.arguments, QStringList({"--ranks", "4", "--device", "cpu"}));
        QCOMPARE(four.device, QString("cpu")); // what the forecast is made for
        const TrainingPlaces missing = rankPlaces(12, "Open MPI is not installed.");
        QCOMPARE(missing.size(), std::size_t(1));
        QCOMPARE(missing[0].reason, QString("Open MPI is not installed."));
        QVERIFY(!rankPlaces(1, {}).front().isUsable());
        // Without mpirun on PATH this machine says so.
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        const std::optional<Message> problem = localRanksProblem();
        qputenv("PATH", path);
        QVERIFY(problem && QString::fromStdString(english(*problem)).contains("openmpi-bin"));
    }

    void theCopiedCommandRunsInAShell()
    {
        QTemporaryDir dir;
        writeTable(dir.filePath("points.csv"));
        MainWindow window;
        window.document().setProject(tableProject(dir.filePath("points.csv")), {});
        window.show();
        const QString path = dir.filePath("my $net's.weft");
        QVERIFY(window.saveTo(path));
        QTRY_VERIFY(entry(window.target(), "cpu"));
        entry(window.target(), "cpu")->trigger();
        Q_EMIT window.target().aboutToShow();
        const QString command = window.target().menu()->findChild<QLabel*>("commandLine")->text();
        QVERIFY2(command.endsWith(" --device cpu"), qPrintable(command));
        window.actions()["run.copyCommand"]->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), command);
        QProcess shell;
        shell.setWorkingDirectory("/");
        shell.start("/bin/sh", {"-c", command + " --run-dir \"$0\"", dir.filePath("run")});
        QVERIFY(shell.waitForFinished(60000));
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError());
        QVERIFY(QFile::exists(dir.filePath("run/events.jsonl")));
    }

    void ranksTrainPauseAndStop()
    {
        QTemporaryDir dir;
        writeTable(dir.filePath("points.csv"));
        Project project = tableProject(dir.filePath("points.csv"));
        project.training["epochs"] = 100000;
        MainWindow window;
        window.document().setProject(project, {});
        window.show();
        QTRY_VERIFY(entry(window.target(), "cpu"));
        QAction* two = entry(window.target(), "ranks:2");
        if (!two) {
            QVERIFY(entry(window.target(), "ranks") && !entry(window.target(), "ranks")->isEnabled());
            QSKIP("This machine cannot start ranks; the chooser says why.");
        }
        two->trigger();
        QJsonObject started;
        connect(&window.runs(), &RunController::eventRead, this, [&](const QJsonObject& event) {
            if (event.value("event") == QLatin1String("started"))
                started = event;
        });
        QString fault;
        window.runs().disconnect(&window);
        connect(&window.runs(), &RunController::failed, this, [&](const QString& text) { fault = text; });
        window.runs().train();
        QTRY_VERIFY2_WITH_TIMEOUT(window.runs().state() == RunController::State::Running && window.runs().epochsDone() > 0, qPrintable(fault), 60000);
        QCOMPARE(started.value("ranks").toArray().size(), 2);
        window.runs().pause();
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Paused, 30000);
        window.runs().resume();
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Running, 30000);
        window.runs().stop();
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Finished, 30000);
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
    }

    void trainRunsWhereTheChooserSays()
    {
        QTemporaryDir dir;
        writeTable(dir.filePath("points.csv"));
        MainWindow window;
        window.document().setProject(tableProject(dir.filePath("points.csv")), {});
        window.show();
        window.runs().setPlace({"--device", "cuda:99"}); // no machine has it: the process says so
        QString why;
        window.runs().disconnect(&window);
        connect(&window.runs(), &RunController::failed, this, [&](const QString& text) { why = text; });
        window.runs().train();
        QTRY_VERIFY_WITH_TIMEOUT(!why.isEmpty(), 60000);
        QVERIFY2(why.contains("cuda", Qt::CaseInsensitive), qPrintable(why));
        window.runs().setPlace({"--device", "cpu"});
        window.runs().train();
        QTRY_COMPARE_WITH_TIMEOUT(window.runs().state(), RunController::State::Finished, 60000);
    }
};

QTEST_MAIN(AroundTargetTest)
#include "around_target_test.moc"
