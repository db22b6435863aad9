#include <csignal>

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/checkpoint.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

struct Outcome {
    int code = -1;
    QString output;
    QString errors;
};

Outcome weftRun(const QStringList& arguments)
{
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
    if (!process.waitForFinished(60000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

} // namespace

/// `weft train` as a process of its own: signals, sudden death, commands from other processes.
class TrainingProcessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void aKilledRunResumesWithTheSameLosses();
    void aSignalStopsInGoodOrder_data();
    void aSignalStopsInGoodOrder();
    void commandsAreAnsweredAndObeyed();
    void answeredCommandsAreNotRepeatedOnResume();
    void aDetachedRunOutlivesItsStarter();
    void aDetachedRunThatCannotStartSaysWhy();
    void followPrintsEveryEventToTheEnd();
    void runsAreListedShownComparedAndDeleted();
    void wrongUsageIsExitCodeTwo();
    void resumeKeepsToTheProject();
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

void TrainingProcessTest::aKilledRunResumesWithTheSameLosses()
{
    const QString run = dir("killed");
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(run, 40));
    QVERIFY(waitForEvent(run, "batch", 25));
    m_process->kill();
    QVERIFY(waitForEnd());
    QVERIFY(!RunLock::isHeld(RunPaths{run.toStdString()}.lock()));
    const Outcome outcome = weftRun({QStringLiteral("train"), QStringLiteral("--run-dir"), run, QStringLiteral("--resume")});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(m_whole.toStdString()));
}

void TrainingProcessTest::aSignalStopsInGoodOrder_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
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
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
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

void TrainingProcessTest::wrongUsageIsExitCodeTwo()
{
    const auto code = [&](const QStringList& words) { return weftRun(words).code; };
    QCOMPARE(code({QStringLiteral("train")}), 2);
    QCOMPARE(code({QStringLiteral("train"), m_project, QStringLiteral("--epochs"), QStringLiteral("0")}), 2);
    QCOMPARE(code({QStringLiteral("train"), m_project, QStringLiteral("--device"), QStringLiteral("tpu")}), 2);
    QCOMPARE(code({QStringLiteral("train"), m_project, QStringLiteral("--resume")}), 2);
    QCOMPARE(code({QStringLiteral("control"), m_whole, QStringLiteral("faster")}), 2);
    QCOMPARE(code({QStringLiteral("runs"), QStringLiteral("burn")}), 2);
    QCOMPARE(code({QStringLiteral("train"), m_project, QStringLiteral("--precision"), QStringLiteral("bf16")}), 1);
    QCOMPARE(code({QStringLiteral("train"), m_project, QStringLiteral("--run-dir"), m_whole}), 1);
    QCOMPARE(code({QStringLiteral("train"), dir("missing.weft")}), 1);
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
