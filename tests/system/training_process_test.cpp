#include <csignal>

#include <sys/resource.h>

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "core/device/cpu_info.h"
#include "core/training/checkpoint.h"
#include "tests/system/process_fixtures.h"
#include "tests/system/terminal.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

/// `weft train` as a process of its own: signals, sudden death, commands from other processes.
class TrainingProcessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theSameSeedGivesTheSameLosses();
    void batchEventsKeepToTheirSteps();
    void aKilledRunResumesWithTheSameLosses_data();
    void aKilledRunResumesWithTheSameLosses();
    void aRunKilledBeforeItBeganNeedsItsProject();
    void aCheckpointThatCannotBeWrittenLeavesTheOneBefore();
    void aTerminalShowsABarAndTakesControlC();
    void aBusyFolderIsRefused();
    void aSignalStopsInGoodOrder_data();
    void aSignalStopsInGoodOrder();
    void theSaveSignalEndsWithItsCodeAndTheRunGoesOn();
    void commandsAreAnsweredAndObeyed();
    void answeredCommandsAreNotRepeatedOnResume();
    void aDetachedRunOutlivesItsStarter();
    void aDetachedRunThatCannotStartSaysWhy();
    void followPrintsEveryEventToTheEnd();
    void runsAreListedShownComparedAndDeleted();
    void resumeKeepsToTheProject();
    void aRunKeepsItsPrecision();
    void evaluatePrintsJson();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList trainArguments(const QString& run, int epochs) const
    {
        return {QStringLiteral("train"), m_project, QStringLiteral("--run-dir"), run, QStringLiteral("--epochs"), QString::number(epochs)};
    }
    /// Starts a run that goes on until it is told to end, and waits for its first events.
    void startEndless(const QString& run);
    bool waitForEvent(const QString& run, const char* kind, int atLeastStep = 0) const;
    bool waitForEnd() { return m_process->state() == QProcess::NotRunning || m_process->waitForFinished(30000); }

    QTemporaryDir m_folder;
    QString m_project;
    QString m_whole;
    std::unique_ptr<QProcess> m_process;
};

void TrainingProcessTest::initTestCase()
{
    writePictures(dir("data"));
    m_project = dir("pictures.weft");
    writeFile(m_project, QByteArray::fromStdString(pictureProject(dir("data"))));
    m_whole = dir("whole");
    QCOMPARE(weftRun(trainArguments(m_whole, 40)).code, 0);
}

void TrainingProcessTest::init()
{
    m_process = std::make_unique<QProcess>();
}

void TrainingProcessTest::cleanup()
{
    if (m_process->state() != QProcess::NotRunning) {
        m_process->kill();
        m_process->waitForFinished();
    }
}

bool TrainingProcessTest::waitForEvent(const QString& run, const char* kind, int atLeastStep) const
{
    return QTest::qWaitFor(
        [&] {
            const std::vector<QJsonObject> events = eventsOf(run.toStdString(), kind);
            return !events.empty() && events.back().value(QStringLiteral("step")).toInt() >= atLeastStep;
        },
        30000);
}

void TrainingProcessTest::startEndless(const QString& run)
{
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(run, 1000000));
    QVERIFY(waitForEvent(run, "batch", 12));
}

void TrainingProcessTest::theSameSeedGivesTheSameLosses()
{
    QCOMPARE(weftRun(trainArguments(dir("again"), 40)).code, 0);
    QCOMPARE(lossesOf(dir("again").toStdString()), lossesOf(m_whole.toStdString()));
    QCOMPARE(weftRun(trainArguments(dir("other"), 40) + words("--seed 4")).code, 0);
    QVERIFY(lossesOf(dir("other").toStdString()) != lossesOf(m_whole.toStdString()));
}

void TrainingProcessTest::batchEventsKeepToTheirSteps()
{
    // 476 steps an epoch: after the first hundred every second one is reported.
    writePictures(dir("many"), QStringLiteral("train"), 1000);
    writePictures(dir("many"), QStringLiteral("t10k"), 4);
    writeFile(dir("many.weft"), QByteArray::fromStdString(pictureProject(dir("many"))));
    const Outcome outcome = weftRun(words("train --epochs 2 --batch-size 2 --run-dir") + QStringList{dir("steps"), dir("many.weft")});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    std::vector<int> expected;
    for (int step = 1; step <= 2 * 476; ++step) {
        if (step <= 100 || step % 2 == 0)
            expected.push_back(step);
    }
    std::vector<int> steps;
    double loss = 0;
    for (const QJsonObject& event : eventsOf(dir("steps").toStdString(), "batch")) {
        const int step = event.value(QStringLiteral("step")).toInt();
        steps.push_back(step);
        if (step <= 476)
            loss += event.value(QStringLiteral("loss")).toDouble() * (step <= 100 ? 1 : 2);
    }
    QCOMPARE(steps, expected);
    // Each event holds the mean since the one before, so that together they are the epoch.
    const QJsonObject epoch = eventsOf(dir("steps").toStdString(), "epoch").front();
    const double mean = epoch.value(QStringLiteral("train")).toObject().value(QStringLiteral("loss")).toDouble();
    QVERIFY(std::abs(loss / 476 - mean) < 1e-9);
}

void TrainingProcessTest::aKilledRunResumesWithTheSameLosses_data()
{
    QTest::addColumn<int>("step");
    QTest::newRow("in the first epoch") << 2;
    QTest::newRow("in the third epoch") << 25;
    QTest::newRow("later") << 120;
}

void TrainingProcessTest::aKilledRunResumesWithTheSameLosses()
{
    QFETCH(int, step);
    const QString run = dir("killed") + QString::number(step);
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(run, 40));
    QVERIFY(waitForEvent(run, "batch", step));
    m_process->kill();
    QVERIFY(waitForEnd());
    QVERIFY(!RunLock::isHeld(RunPaths{run.toStdString()}.lock()));
    // Death in the middle of a line leaves the line torn.
    QFile events(run + QStringLiteral("/events.jsonl"));
    QVERIFY(events.open(QIODevice::Append));
    events.write("{\"event\":\"batch\",\"lo");
    events.close();
    QCOMPARE(weftRun({QStringLiteral("runs"), QStringLiteral("show"), run}).code, 0);
    const Outcome outcome = weftRun({QStringLiteral("train"), QStringLiteral("--run-dir"), run, QStringLiteral("--resume")});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
    qint64 seq = 0;
    for (const QJsonObject& event : EventReader(RunPaths{run.toStdString()}.events()).poll())
        QCOMPARE(event.value(QStringLiteral("seq")).toInteger(), ++seq);
}

void TrainingProcessTest::aRunKilledBeforeItBeganNeedsItsProject()
{
    // The snapshot stands, the record that tells where the data are does not.
    const QString run = dir("unborn");
    writeFile(run + QStringLiteral("/project.weft"), QByteArray::fromStdString(pictureProject(dir("data"))));
    writeFile(run + QStringLiteral("/control.jsonl"), {});
    const Outcome alone = weftRun({QStringLiteral("train"), QStringLiteral("--resume"), QStringLiteral("--run-dir"), run});
    QCOMPARE(alone.code, 1);
    QVERIFY2(alone.errors.contains(QStringLiteral("Name the project")), qPrintable(alone.errors));
    QCOMPARE(weftRun(trainArguments(run, 40) + words("--resume")).code, 0);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
}

void TrainingProcessTest::aCheckpointThatCannotBeWrittenLeavesTheOneBefore()
{
    // A limit on the size of files stands for the full disk: checkpoints are larger, the other files smaller.
    std::string text = pictureProject(dir("data"));
    const std::string filters = "\"filters\": 6";
    text.replace(text.find(filters), filters.size(), "\"filters\": 60");
    writeFile(dir("large.weft"), QByteArray::fromStdString(text));
    const auto arguments = [&](const QString& run, int epochs) {
        return words("train --run-dir") + QStringList{run, dir("large.weft"), QStringLiteral("--epochs"), QString::number(epochs)};
    };
    QCOMPARE(weftRun(arguments(dir("roomy"), 2)).code, 0);
    const QString run = dir("full");
    QCOMPARE(weftRun(arguments(run, 1)).code, 0);
    const Outcome outcome = weftRun(arguments(run, 2) + words("--resume"), [] {
        const rlimit small{20'000, 20'000};
        ::setrlimit(RLIMIT_FSIZE, &small);
    });
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(QStringLiteral("20.safetensors could not be written")), qPrintable(outcome.errors));
    QVERIFY2(outcome.errors.contains(QStringLiteral("The checkpoint of step 10 is whole")), qPrintable(outcome.errors));
    QCOMPARE(checkpointSteps({run.toStdString()}), std::vector<std::int64_t>{10});
    QCOMPARE(weftRun({QStringLiteral("evaluate"), run}).code, 0);
    QCOMPARE(weftRun(arguments(run, 2) + words("--resume")).code, 0);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(dir("roomy").toStdString()));
}

void TrainingProcessTest::aTerminalShowsABarAndTakesControlC()
{
    const QString run = dir("terminal");
    Terminal terminal(trainArguments(run, 9999));
    if (!terminal.isOpen())
        QSKIP("not run: this machine gives no pseudo-terminals (is /dev/pts mounted?)");
    QVERIFY2(terminal.waitFor("\\repoch \\d+/9999 \\[=+ *\\].* loss [\\d.]+ +accuracy [\\d.]+ +\\d+ samples/s +[\\d:]+ left"),
             qPrintable(terminal.screen()));
    terminal.type('\x03');
    QVERIFY2(terminal.waitFor("stopped at step \\d+; weft train --resume"), qPrintable(terminal.screen()));
    QCOMPARE(terminal.close(), 0);
    // A bar that is longer than the terminal would leave a line behind at each step.
    // The terminal itself adds ^C.
    QString screen = terminal.screen();
    screen.remove(QStringLiteral("^C"));
    for (const QString& line : screen.remove(QStringLiteral("\x1b[K")).split(QRegularExpression(QStringLiteral("[\r\n]")))) {
        if (line.contains(QStringLiteral("samples/s")))
            QVERIFY2(line.size() < terminalColumns, qPrintable(line));
    }
}

void TrainingProcessTest::aBusyFolderIsRefused()
{
    const QString run = dir("busy");
    startEndless(run);
    for (const QStringList& arguments : {words("train --resume --run-dir") + QStringList{run}, trainArguments(run, 3)}) {
        const Outcome outcome = weftRun(arguments);
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.errors.count(QLatin1Char('\n')), 1);
    }
    const Outcome second = weftRun(words("train --resume --run-dir") + QStringList{run});
    QVERIFY2(second.errors.contains(QStringLiteral("process %1").arg(m_process->processId())), qPrintable(second.errors));
    QCOMPARE(weftRun(words("runs delete") + QStringList{run}).code, 1);
}

void TrainingProcessTest::aSignalStopsInGoodOrder_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TrainingProcessTest::aSignalStopsInGoodOrder()
{
    QFETCH(int, signal);
    const QString run = dir(QTest::currentDataTag());
    startEndless(run);
    ::kill(static_cast<pid_t>(m_process->processId()), signal);
    QVERIFY(waitForEnd());
    QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_process->exitCode(), 0);
    QVERIFY(m_process->readAllStandardOutput().contains("stopped"));
    const QJsonObject stopped = eventsOf(run.toStdString(), "stopped").front();
    const TensorFile checkpoint = readTensorFile(resolveCheckpoint({run.toStdString()}, "last"));
    QCOMPARE(checkpoint.metadata.at("step"), stopped.value(QStringLiteral("step")).toVariant().toString().toStdString());
}

void TrainingProcessTest::theSaveSignalEndsWithItsCodeAndTheRunGoesOn()
{
    const QString run = dir("saved");
    startEndless(run);
    const auto pid = static_cast<pid_t>(m_process->processId());
    ::kill(pid, SIGUSR1);
    QVERIFY(waitForEnd());
    QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_process->exitCode(), 75);
    const QJsonObject stopped = eventsOf(run.toStdString(), "stopped").front();
    const int step = stopped.value(QStringLiteral("step")).toInt();
    QCOMPARE(readTensorFile(resolveCheckpoint({run.toStdString()}, "last")).metadata.at("step"), std::to_string(step));

    const Outcome again = weftRun(words("train --resume --epochs") + QStringList{QString::number(step / 10 + 2), QStringLiteral("--run-dir"), run});
    QVERIFY2(again.code == 0, qPrintable(again.errors));
    QCOMPARE(eventsOf(run.toStdString(), "resumed").front().value(QStringLiteral("step")).toInt(), step);
    const QStringList saved = lossesOf(run.toStdString()).filter(QStringLiteral(":"));
    const QStringList whole = lossesOf(m_whole.toStdString()).filter(QStringLiteral(":"));
    const qsizetype common = std::min(saved.size(), whole.size());
    QVERIFY(common > 12);
    QCOMPARE(saved.first(common), whole.first(common));
}

void TrainingProcessTest::commandsAreAnsweredAndObeyed()
{
    const QString run = dir("controlled");
    startEndless(run);
    const auto control = [&](const QStringList& words) { return weftRun(QStringList{QStringLiteral("control"), run} + words); };

    // The answer comes within 200 ms of the command, whatever the process does; the rest is starting weft.
    EventReader reader(RunPaths{run.toStdString()}.events());
    reader.poll();
    QElapsedTimer timer;
    timer.start();
    sendControl({run.toStdString()}, QStringLiteral("pause"));
    QVERIFY(waitForEvent(run, "control"));
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr qint64 limit = 2000;
#else
    constexpr qint64 limit = 200;
#endif
    QVERIFY2(timer.elapsed() < limit, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(waitForEvent(run, "paused"));
    QCOMPARE(control({QStringLiteral("pause")}).code, 1);
    const int pausedAt = eventsOf(run.toStdString(), "paused").back().value(QStringLiteral("step")).toInt();

    QCOMPARE(control({QStringLiteral("set"), QStringLiteral("training.optimizer.learningRate=0.0005")}).code, 0);
    const Outcome refused = control({QStringLiteral("set"), QStringLiteral("training.batchSize=5")});
    QCOMPARE(refused.code, 1);
    QVERIFY(refused.errors.contains(QStringLiteral("training.batchSize")));
    QCOMPARE(control({QStringLiteral("set"), QStringLiteral("training.optimizer.learningRate=-1")}).code, 1);

    QCOMPARE(eventsOf(run.toStdString(), "batch").back().value(QStringLiteral("step")).toInt(), pausedAt);
    QCOMPARE(control({QStringLiteral("resume")}).code, 0);
    QVERIFY(waitForEvent(run, "resumed", pausedAt));
    QVERIFY(waitForEvent(run, "batch", pausedAt + 1));
    QVERIFY(QTest::qWaitFor([&] { return eventsOf(run.toStdString(), "batch").back().value(QStringLiteral("learning_rate")).toDouble() == 0.0005; },
                            10000));

    QCOMPARE(control({QStringLiteral("checkpoint")}).code, 0);
    QCOMPARE(control({QStringLiteral("stop")}).code, 0);
    QVERIFY(waitForEnd());
    QCOMPARE(m_process->exitCode(), 0);
    QVERIFY(!eventsOf(run.toStdString(), "stopped").empty());
    QCOMPARE(control({QStringLiteral("stop")}).code, 1);
}

void TrainingProcessTest::answeredCommandsAreNotRepeatedOnResume()
{
    const QString run = dir("answered");
    startEndless(run);
    const Outcome set = weftRun({QStringLiteral("control"), run, QStringLiteral("set"), QStringLiteral("training.epochs=1000001")});
    QCOMPARE(set.code, 0);
    sendControl({run.toStdString()}, QStringLiteral("stop"));
    QVERIFY(waitForEnd());
    const int stoppedAt = eventsOf(run.toStdString(), "stopped").back().value(QStringLiteral("step")).toInt();

    init();
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), {QStringLiteral("train"), QStringLiteral("--run-dir"), run, QStringLiteral("--resume")});
    QVERIFY(waitForEvent(run, "batch", stoppedAt + 20));
    // The changed number of epochs came back with the checkpoint.
    QCOMPARE(eventsOf(run.toStdString(), "started").back().value(QStringLiteral("epochs")).toInt(), 1000001);
    QCOMPARE(eventsOf(run.toStdString(), "control").size(), 2u);
}

void TrainingProcessTest::aDetachedRunOutlivesItsStarter()
{
    const Outcome outcome
        = weftRun({QStringLiteral("train"), m_project, QStringLiteral("--detach"), QStringLiteral("--epochs"), QStringLiteral("1000000")});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QString run = outcome.output.trimmed();
    QVERIFY(run.contains(QStringLiteral("/weft/runs/pictures/")));
    QVERIFY(RunLock::isHeld(RunPaths{run.toStdString()}.lock()));
    QVERIFY(waitForEvent(run, "batch", 12));
    QCOMPARE(weftRun({QStringLiteral("control"), run, QStringLiteral("stop")}).code, 0);
    QVERIFY(QTest::qWaitFor([&] { return !RunLock::isHeld(RunPaths{run.toStdString()}.lock()); }, 20000));
    QVERIFY(!eventsOf(run.toStdString(), "stopped").empty());
}

void TrainingProcessTest::aDetachedRunThatCannotStartSaysWhy()
{
    const QString project = dir("three.weft");
    writeFile(project, QByteArray::fromStdString(pictureProject(dir("data"), 3)));
    const Outcome outcome = weftRun({QStringLiteral("train"), project, QStringLiteral("--detach"), QStringLiteral("--run-dir"), dir("three")});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.errors.contains(QStringLiteral("3 units")));
    QVERIFY(outcome.output.isEmpty());
}

void TrainingProcessTest::followPrintsEveryEventToTheEnd()
{
    const Outcome all = weftRun({QStringLiteral("follow"), m_whole});
    QCOMPARE(all.code, 0);
    const QStringList lines = all.output.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), EventReader(RunPaths{m_whole.toStdString()}.events()).poll().size());
    QVERIFY(lines.back().contains(QStringLiteral("\"finished\"")));
    const Outcome some = weftRun({QStringLiteral("follow"), m_whole, QStringLiteral("--from"), QString::number(lines.size() - 1)});
    QCOMPARE(some.output.count(QLatin1Char('\n')), 2);
    QCOMPARE(weftRun({QStringLiteral("follow"), dir("data")}).code, 1);
}

void TrainingProcessTest::runsAreListedShownComparedAndDeleted()
{
    const QJsonArray list
        = QJsonDocument::fromJson(weftRun({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")}).output.toUtf8()).array();
    const bool isListed = std::any_of(list.begin(), list.end(),
                                      [&](const QJsonValue& run) { return run.toObject().value(QStringLiteral("run")).toString() == m_whole; });
    QVERIFY(isListed);
    const QJsonObject shown
        = QJsonDocument::fromJson(weftRun({QStringLiteral("runs"), QStringLiteral("show"), m_whole, QStringLiteral("--json")}).output.toUtf8())
              .object();
    QCOMPARE(shown.value(QStringLiteral("state")).toString(), QStringLiteral("finished"));
    QCOMPARE(shown.value(QStringLiteral("epoch_metrics")).toArray().size(), 40);

    const QString run = dir("short");
    QCOMPARE(weftRun(trainArguments(run, 1)).code, 0);
    const Outcome compared = weftRun({QStringLiteral("runs"), QStringLiteral("compare"), m_whole, run});
    QCOMPARE(compared.code, 0);
    QVERIFY(compared.output.contains(QStringLiteral("40/40")) && compared.output.contains(QStringLiteral("1/1")));
    writeFile(run + QStringLiteral("/notes.txt"), "mine");
    QCOMPARE(weftRun({QStringLiteral("runs"), QStringLiteral("delete"), run}).code, 0);
    QCOMPARE(QDir(run).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{QStringLiteral("notes.txt")});
    QCOMPARE(weftRun({QStringLiteral("runs"), QStringLiteral("delete"), dir("data")}).code, 1);
}

void TrainingProcessTest::resumeKeepsToTheProject()
{
    const QString run = dir("kept");
    QCOMPARE(weftRun(trainArguments(run, 1)).code, 0);
    const Outcome differing
        = weftRun(trainArguments(run, 2) + QStringList{QStringLiteral("--resume"), QStringLiteral("--batch-size"), QStringLiteral("8")});
    QCOMPARE(differing.code, 1);
    QVERIFY(differing.errors.contains(QStringLiteral("training")));
    const Outcome same = weftRun(trainArguments(run, 2) + QStringList{QStringLiteral("--resume")});
    QVERIFY2(same.code == 0, qPrintable(same.errors));
    QCOMPARE(eventsOf(run.toStdString(), "epoch").size(), 2u);
}

void TrainingProcessTest::aRunKeepsItsPrecision()
{
    const auto withPrecision = [&](const QString& run, int epochs, const char* precision) {
        return trainArguments(run, epochs) + QStringList{QStringLiteral("--precision"), QLatin1String(precision)};
    };
    const auto record = [&](const QString& run) { return readJsonObject(RunPaths{run.toStdString()}.runJson()); };
    const QString chosen = dir("chosen");
    QCOMPARE(weftRun(withPrecision(chosen, 1, "auto")).code, 0);
    const QString precision = record(chosen).value(QStringLiteral("settings")).toObject().value(QStringLiteral("precision")).toString();
    // Where there is a choice, what it was made by stays in the record.
    QCOMPARE(record(chosen).value(QStringLiteral("measured")).toObject().contains(QStringLiteral("precision")), cpuMultipliesBFloat16());
    QCOMPARE(weftRun(withPrecision(chosen, 2, "auto") + QStringList{QStringLiteral("--resume")}).code, 0);
    QCOMPARE(record(chosen).value(QStringLiteral("settings")).toObject().value(QStringLiteral("precision")).toString(), precision);

    const QString rounded = dir("rounded");
    const Outcome outcome = weftRun(withPrecision(rounded, 1, "bf16"));
    if (!cpuMultipliesBFloat16()) {
        QCOMPARE(outcome.code, 1);
        QVERIFY(outcome.errors.contains(QStringLiteral("AVX512_BF16")));
        return;
    }
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const Outcome changed = weftRun(withPrecision(rounded, 2, "fp32") + QStringList{QStringLiteral("--resume")});
    QCOMPARE(changed.code, 1);
    QVERIFY(changed.errors.contains(QStringLiteral("bf16")));
    QCOMPARE(weftRun(trainArguments(rounded, 2) + QStringList{QStringLiteral("--resume")}).code, 0);
    QCOMPARE(record(rounded).value(QStringLiteral("settings")).toObject().value(QStringLiteral("precision")).toString(), QStringLiteral("bf16"));
}

void TrainingProcessTest::evaluatePrintsJson()
{
    const Outcome outcome = weftRun({QStringLiteral("evaluate"), m_whole, QStringLiteral("--json")});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QJsonObject result = QJsonDocument::fromJson(outcome.output.toUtf8()).object();
    QCOMPARE(result.value(QStringLiteral("samples")).toInt(), 40);
    QVERIFY(result.value(QStringLiteral("accuracy")).toDouble() > 0.9);
    QVERIFY(result.value(QStringLiteral("loss")).isDouble());
    QCOMPARE(weftRun({QStringLiteral("evaluate"), m_whole, QStringLiteral("--checkpoint"), QStringLiteral("7")}).code, 1);
}

QTEST_GUILESS_MAIN(TrainingProcessTest)
#include "training_process_test.moc"
