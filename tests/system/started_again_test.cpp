// Jobs that schedulers end and start again: `weft train --continue`.
#include <csignal>

#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/launch/job_report.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

class StartedAgainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup() { m_process.reset(); }
    void aHeldRunIsWaitedFor();
    void aRunThatStaysHeldIsTriedAgain_data();
    void aRunThatStaysHeldIsTriedAgain();
    void aPlaceThatIsTakenAwaySavesAndTheRunGoesOn_data();
    void aPlaceThatIsTakenAwaySavesAndTheRunGoesOn();
    void ranksOfThisMachineAreReported();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList train(const QString& run, int epochs, const QString& more) const
    {
        return QStringList{QStringLiteral("train"),    dir("pictures.weft"),           QStringLiteral("--continue"),
                           QStringLiteral("--run-dir"), run,                            QStringLiteral("--epochs"),
                           QString::number(epochs)}
        + more.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    void start(const QStringList& arguments)
    {
        m_process = std::make_unique<Process>();
        m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), arguments);
        QVERIFY(m_process->waitForStarted());
    }
    bool waitForEvents(const QString& run, const char* kind, std::size_t count) const
    {
        return QTest::qWaitFor([&] { return eventsOf(run.toStdString(), kind).size() >= count; }, 60000);
    }
    bool waitForReport(const QString& run, const std::function<bool(const JobReport&)>& fits) const
    {
        const auto isThere = [&] {
            const std::optional<JobReport> report = readJobReport({run.toStdString()});
            return report && fits(*report);
        };
        return QTest::qWaitFor(isThere, 60000);
    }

    /// Ends with its holder.
    struct Process : QProcess {
        ~Process() override
        {
            terminate();
            if (!waitForFinished(20000))
                kill();
            waitForFinished();
        }
    };

    QTemporaryDir m_folder;
    std::unique_ptr<Process> m_process;
};

void StartedAgainTest::initTestCase()
{
    writePictures(dir("data"));
    writeFile(dir("pictures.weft"), QByteArray::fromStdString(pictureProject(dir("data"))));
}

void StartedAgainTest::aHeldRunIsWaitedFor()
{
    const QString run = dir("held");
    QVERIFY(QDir().mkpath(run));
    auto lock = std::make_unique<RunLock>(RunPaths{run.toStdString()}.lock());
    start(train(run, 1, {}));
    QByteArray said;
    QVERIFY(QTest::qWaitFor([&] { return (said += m_process->readAllStandardError()).contains("still held"); }, 30000));
    QVERIFY2(said.contains(QByteArray::number(::getpid())), said);
    QVERIFY(!QFile::exists(run + QStringLiteral("/events.jsonl")));
    lock.reset();
    QVERIFY(m_process->waitForFinished(60000));
    QCOMPARE(m_process->exitCode(), 0);
    QCOMPARE(eventsOf(run.toStdString(), "finished").size(), std::size_t{1});
}

void StartedAgainTest::aRunThatStaysHeldIsTriedAgain_data()
{
    QTest::addColumn<QString>("options");
    QTest::newRow("one process") << QString();
    if (!QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QTest::newRow("ranks") << QStringLiteral("--ranks 2");
}

void StartedAgainTest::aRunThatStaysHeldIsTriedAgain()
{
    QFETCH(QString, options);
    const QString run = dir(QTest::currentDataTag());
    QVERIFY(QDir().mkpath(run));
    const RunLock lock(RunPaths{run.toStdString()}.lock());
    const Outcome outcome = weftRun(train(run, 1, QStringLiteral("--lock-wait 0 ") + options));
    QVERIFY2(outcome.code == 75, qPrintable(outcome.errors));
    QVERIFY2(outcome.errors.contains(QStringLiteral("still held by another process")), qPrintable(outcome.errors));
    QVERIFY(!QFile::exists(run + QStringLiteral("/events.jsonl")));
}

void StartedAgainTest::aPlaceThatIsTakenAwaySavesAndTheRunGoesOn_data()
{
    aRunThatStaysHeldIsTriedAgain_data();
}

/// A scheduler that wants the place for others sends SIGTERM. What it starts later must not take that for a command.
void StartedAgainTest::aPlaceThatIsTakenAwaySavesAndTheRunGoesOn()
{
    QFETCH(QString, options);
    const QString run = dir("taken away from ") + QLatin1String(QTest::currentDataTag());
    start(train(run, 1000000, options));
    QVERIFY(waitForEvents(run, "epoch", 1));
    ::kill(static_cast<pid_t>(m_process->processId()), SIGTERM);
    QVERIFY(m_process->waitForFinished(30000));
    QCOMPARE(m_process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_process->exitCode(), 75);
    const qint64 step = eventsOf(run.toStdString(), "stopped").front().value(QStringLiteral("step")).toInteger();
    QVERIFY(LineReader(RunPaths{run.toStdString()}.control()).poll().empty());

    const Outcome again = weftRun(train(run, static_cast<int>(step / 10 + 2), options));
    QVERIFY2(again.code == 0, qPrintable(again.errors));
    QCOMPARE(eventsOf(run.toStdString(), "resumed").front().value(QStringLiteral("step")).toInteger(), step);
    QCOMPARE(eventsOf(run.toStdString(), "finished").size(), std::size_t{1});
}

void StartedAgainTest::ranksOfThisMachineAreReported()
{
    if (QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QSKIP("not run: Open MPI is not installed (Debian's openmpi-bin)");
    const QString run = dir("reported");
    start(train(run, 1000000, QStringLiteral("--ranks 2")));
    const auto restarts = [](int count) {
        return [count](const JobReport& report) {
            return report.phase == JobPhase::Running && report.parts.size() == 2 && report.parts[1].name == "rank-1" && report.parts[1].state == "running"
                && report.parts[1].restarts == count;
        };
    };
    QVERIFY(waitForReport(run, restarts(0)));
    QCOMPARE(readJobReport({run.toStdString()})->processId, m_process->processId());
    const QJsonArray ranks = eventsOf(run.toStdString(), "started").front().value(QStringLiteral("ranks")).toArray();
    ::kill(static_cast<pid_t>(ranks.at(1).toObject().value(QStringLiteral("pid")).toInteger()), SIGKILL);
    QVERIFY(waitForReport(run, [](const JobReport& report) { return report.parts[1].state == "lost"; }));
    const JobPart lost = readJobReport({run.toStdString()})->parts[1];
    if (lost.state == "lost")
        QVERIFY2(lost.message.find("signal 9") != std::string::npos && lost.isOver, lost.message.c_str());
    QVERIFY(waitForReport(run, restarts(1)));
    m_process->terminate();
    QVERIFY(m_process->waitForFinished(30000));
    const std::optional<JobReport> end = readJobReport({run.toStdString()});
    QCOMPARE(end->phase, JobPhase::Succeeded);
    QVERIFY(end->parts[0].isOver && end->parts[0].state == "ended");
}

QTEST_GUILESS_MAIN(StartedAgainTest)
#include "started_again_test.moc"
