// `weft train --ranks N`: real ranks under mpirun.
#include <csignal>

#include <QDir>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/device/plugin.h"
#include "core/training/checkpoint.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

pid_t parentOf(pid_t pid)
{
    QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    // The name in brackets may hold spaces.
    const QByteArray text = status.readAll();
    return static_cast<pid_t>(text.mid(text.lastIndexOf(')') + 2).split(' ').at(1).toInt());
}

/// Processes that have `text` in their command line: what a job has left.
QStringList processesWith(const QString& text)
{
    QStringList found;
    for (const QString& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile line(QStringLiteral("/proc/%1/cmdline").arg(pid));
        const QByteArray words = line.open(QIODevice::ReadOnly) ? line.readAll() : QByteArray();
        if (words.contains(text.toUtf8()))
            found << pid + QLatin1Char(' ') + QString::fromUtf8(words).replace(QChar(), QLatin1Char(' '));
    }
    return found;
}

/// A process and all that it has started.
std::vector<pid_t> familyOf(pid_t pid)
{
    std::vector<pid_t> family{pid};
    const QStringList all = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (std::size_t i = 0; i < family.size(); ++i) {
        for (const QString& other : all) {
            if (other.toInt() > 0 && parentOf(other.toInt()) == family[i])
                family.push_back(other.toInt());
        }
    }
    return family;
}

/// The addresses, as /proc/net writes them, on which processes listen.
QStringList listeningAddresses(const std::vector<pid_t>& pids)
{
    QStringList sockets;
    for (const pid_t pid : pids) {
        for (const QFileInfo& link : QDir(QStringLiteral("/proc/%1/fd").arg(pid)).entryInfoList(QDir::System | QDir::Files | QDir::NoDotAndDotDot)) {
            // A link of this kind names nothing in the file system.
            char text[64] = {};
            if (::readlink(QFile::encodeName(link.absoluteFilePath()).constData(), text, sizeof text - 1) > 0)
                sockets << QString::fromLatin1(text);
        }
    }
    QStringList addresses;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        QFile file(QString::fromLatin1(table));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& line : file.readAll().split('\n')) {
            const QList<QByteArray> fields = line.simplified().split(' ');
            // 0A: listens.
            if (fields.size() > 9 && fields[3] == "0A" && sockets.contains(QStringLiteral("socket:[%1]").arg(QString::fromLatin1(fields[9]))))
                addresses << QString::fromLatin1(fields[1].split(':').front());
        }
    }
    return addresses;
}

} // namespace

class RanksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void twoRanksTrainAsOneProcess();
    void nobodyListensOutsideTheMachine();
    void aKilledRankIsNamedAndTheRunGoesOn();
    void aFrozenRankIsFoundByItsSilence();
    void stopLeavesNothingRunning();
    void theSaveSignalEndsWithItsCodeAndTheRunGoesOn_data();
    void theSaveSignalEndsWithItsCodeAndTheRunGoesOn();
    void everyRuleTrainsWithoutALoss_data();
    void everyRuleTrainsWithoutALoss();
    void replicasTrainAsRanksDo_data();
    void replicasTrainAsRanksDo();
    void replicasObeySignals();
    void aBatchForEachRankScalesTheRate();
    void ranksKeepTheirSamplesAsReplicasDo();
    void theLinkBetweenRanksIsMeasured();
    void ranksForecastTheirOwnSteps();
    void ranksOfAPlainMpirunTrainAlike();
    void aKilledRankEndsAPlainMpirun_data();
    void aKilledRankEndsAPlainMpirun();
    void tasksWithoutMpiNeverTrain_data();
    void tasksWithoutMpiNeverTrain();
    void anotherNumberOfRanksNeverTrains();
    void aFaultOfTheUserIsToldOnce();
    void aMissingPluginIsToldOnce();
    void wrongUseIsRefused();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList trainArguments(const QString& run, int epochs, const char* more = "") const
    {
        return QStringList{QStringLiteral("train"), m_project, QStringLiteral("--run-dir"), run, QStringLiteral("--epochs"), QString::number(epochs)}
        + words(more);
    }
    void start(const QString& run, int epochs, const char* more);
    /// mpirun as a user types it.
    void startPlainMpirun(const QStringList& arguments);
    bool waitForEvents(const QString& run, const char* kind, std::size_t count) const
    {
        return QTest::qWaitFor([&] { return eventsOf(run.toStdString(), kind).size() >= count; }, 60000);
    }
    /// The pids that the newest `started` event lists, in the order of the ranks.
    std::vector<pid_t> pidsOf(const QString& run) const;
    bool areGone(const std::vector<pid_t>& pids) const
    {
        return QTest::qWaitFor([&] { return std::none_of(pids.begin(), pids.end(), [](pid_t pid) { return ::kill(pid, 0) == 0; }); }, 5000);
    }
    TensorFile lastOf(const QString& run) const { return readTensorFile(newestCheckpoint({run.toStdString()})); }

    QTemporaryDir m_folder;
    QString m_project;
    std::unique_ptr<QProcess> m_process;
};

void RanksTest::initTestCase()
{
    if (QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QSKIP("not run: Open MPI is not installed (Debian's openmpi-bin)");
    writePictures(dir("data"));
    m_project = dir("pictures.weft");
    QString project = QString::fromStdString(pictureProject(dir("data")));
    // The gradient of a bias before BatchNorm is rounding alone, which Adam would make steps of.
    project.replace(QStringLiteral("\"filters\": 6,"), QStringLiteral("\"filters\": 6, \"useBias\": false,"));
    project.replace(QStringLiteral("\"epochs\": 4"), QStringLiteral("\"distributed\": {\"synchronisedBatchNorm\": true}, \"epochs\": 4"));
    writeFile(m_project, QByteArray::fromStdString(project.toStdString()));
}

void RanksTest::cleanup()
{
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->terminate();
        if (!m_process->waitForFinished(20000))
            m_process->kill();
    }
    m_process.reset();
    QVERIFY2(QTest::qWaitFor([&] { return processesWith(m_folder.path()).isEmpty(); }, 5000),
             qPrintable(processesWith(m_folder.path()).join(QLatin1Char('\n'))));
}

void RanksTest::startPlainMpirun(const QStringList& arguments)
{
    QStringList line = words("-np 2 --oversubscribe --bind-to none");
    if (::geteuid() == 0)
        line << QStringLiteral("--allow-run-as-root");
    m_process = std::make_unique<QProcess>();
    m_process->start(QStringLiteral("mpirun"), line << qEnvironmentVariable("WEFT_PROGRAM") << arguments);
}

void RanksTest::start(const QString& run, int epochs, const char* more)
{
    m_process = std::make_unique<QProcess>();
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(run, epochs, more));
    QVERIFY(waitForEvents(run, "epoch", 1));
}

std::vector<pid_t> RanksTest::pidsOf(const QString& run) const
{
    std::vector<pid_t> pids;
    const QJsonArray ranks = eventsOf(run.toStdString(), "started").back().value(QStringLiteral("ranks")).toArray();
    for (const QJsonValue& rank : ranks)
        pids.push_back(static_cast<pid_t>(rank.toObject().value(QStringLiteral("pid")).toInt()));
    return pids;
}

void RanksTest::twoRanksTrainAsOneProcess()
{
    QCOMPARE(weftRun(trainArguments(dir("alone"), 5)).code, 0);
    const Outcome outcome = weftRun(trainArguments(dir("two"), 5, "--ranks 2"));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QStringList alone = lossesOf(dir("alone").toStdString());
    const QStringList shared = lossesOf(dir("two").toStdString());
    QCOMPARE(shared.size(), alone.size());
    const auto lossIn = [](const QString& line) { return line.section(QLatin1Char(':'), -1).toDouble(); };
    for (qsizetype i = 0; i < alone.size() && alone[i].contains(QLatin1Char(':')); ++i) {
        QVERIFY(lossIn(alone[i]) > 0);
        QVERIFY2(std::abs(lossIn(shared[i]) - lossIn(alone[i])) <= 1e-5 * lossIn(alone[i]), qPrintable(alone[i] + QLatin1Char(' ') + shared[i]));
    }

    const QJsonArray ranks = eventsOf(dir("two").toStdString(), "started").front().value(QStringLiteral("ranks")).toArray();
    QCOMPARE(ranks.size(), 2);
    QCOMPARE(ranks[1].toObject().value(QStringLiteral("rank")).toInt(), 1);
    QCOMPARE(ranks[1].toObject().value(QStringLiteral("shard")).toArray(), (QJsonArray{8, 16}));
    QVERIFY(areGone(pidsOf(dir("two"))));

    QCOMPARE(weftRun(trainArguments(dir("again"), 5, "--ranks 2")).code, 0);
    QCOMPARE(lossesOf(dir("again").toStdString()), shared);
}

void RanksTest::nobodyListensOutsideTheMachine()
{
    if (!QFile::exists(QString::fromStdString(pluginPath("listening"))))
        QSKIP("not run: builds with sanitizers load nothing before mpirun");
    start(dir("heard"), 100000, "--ranks 2");
    const std::vector<pid_t> family = familyOf(static_cast<pid_t>(m_process->processId()));
    // weft, mpirun and two ranks.
    QVERIFY(family.size() >= 4);
    const QStringList addresses = listeningAddresses(family);
    // mpirun has ports of its own, of which this machine's programs alone can know.
    QVERIFY(!addresses.isEmpty());
    for (const QString& address : addresses)
        QVERIFY2(address == QLatin1String("0100007F") || address == QLatin1String("00000000000000000000000001000000"), qPrintable(address));
}

void RanksTest::aKilledRankIsNamedAndTheRunGoesOn()
{
    QCOMPARE(weftRun(trainArguments(dir("whole"), 60, "--ranks 2")).code, 0);
    const QString run = dir("killed");
    start(run, 60, "--ranks 2");
    const std::vector<pid_t> pids = pidsOf(run);
    QCOMPARE(::kill(pids[1], SIGKILL), 0);
    QVERIFY(waitForEvents(run, "failed", 1));
    const QString reason = eventsOf(run.toStdString(), "failed").front().value(QStringLiteral("message")).toString();
    QVERIFY2(reason.contains(QStringLiteral("rank 1")) && reason.contains(QStringLiteral("signal 9")), qPrintable(reason));
    QVERIFY(m_process->waitForFinished(120000));
    QVERIFY2(m_process->exitCode() == 0, m_process->readAllStandardError());
    QVERIFY(areGone(pids));
    QCOMPARE(eventsOf(run.toStdString(), "resumed").size(), std::size_t{1});
    // Each start of a rank is in its log.
    QFile log(run + QStringLiteral("/logs/rank-1.log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray lines = log.readAll();
    QVERIFY2(lines.count("rank 1 of 2") == 2 && lines.contains(QByteArray::number(pids[1])), lines);
    const TensorFile whole = lastOf(dir("whole"));
    const TensorFile resumed = lastOf(run);
    QCOMPARE(resumed.tensors.size(), whole.tensors.size());
    for (const auto& [name, tensor] : whole.tensors)
        QVERIFY2(resumed.tensors.at(name).bytes == tensor.bytes, name.c_str());
}

void RanksTest::aFrozenRankIsFoundByItsSilence()
{
    const QString run = dir("frozen");
    start(run, 1000000, "--ranks 2 --stall-limit 4");
    const std::vector<pid_t> pids = pidsOf(run);
    QCOMPARE(::kill(pids[1], SIGSTOP), 0);
    QVERIFY(waitForEvents(run, "failed", 1));
    const QString reason = eventsOf(run.toStdString(), "failed").front().value(QStringLiteral("message")).toString();
    QVERIFY2(reason.startsWith(QStringLiteral("Rank 1 on ")) && reason.contains(QStringLiteral("no sign of life")), qPrintable(reason));
    QVERIFY(waitForEvents(run, "resumed", 1));
    QVERIFY(areGone(pids));
    QVERIFY(!eventsOf(run.toStdString(), "warning").empty());
}

void RanksTest::stopLeavesNothingRunning()
{
    const QString run = dir("stopped");
    start(run, 1000000, "--ranks 3");
    const std::vector<pid_t> pids = pidsOf(run);
    QCOMPARE(pids.size(), std::size_t{3});
    QCOMPARE(weftRun({QStringLiteral("control"), run, QStringLiteral("stop")}).code, 0);
    QVERIFY(m_process->waitForFinished(30000));
    QCOMPARE(m_process->exitCode(), 0);
    QCOMPARE(eventsOf(run.toStdString(), "stopped").size(), std::size_t{1});
    QVERIFY(areGone(pids));

    // The signal of a terminal's Ctrl+C does the same; sudden death of the launcher ends the ranks too.
    const QString signalled = dir("signalled");
    start(signalled, 1000000, "--ranks 2");
    ::kill(static_cast<pid_t>(m_process->processId()), SIGINT);
    QVERIFY(m_process->waitForFinished(30000));
    QCOMPARE(eventsOf(signalled.toStdString(), "stopped").size(), std::size_t{1});

    const QString orphaned = dir("orphaned");
    start(orphaned, 1000000, "--ranks 2");
    const std::vector<pid_t> orphans = pidsOf(orphaned);
    m_process->kill();
    QVERIFY(m_process->waitForFinished(30000));
    QVERIFY(areGone(orphans));
}

void RanksTest::theSaveSignalEndsWithItsCodeAndTheRunGoesOn_data()
{
    QTest::addColumn<bool>("toMpirun");
    QTest::newRow("to the launcher") << false;
    QTest::newRow("to mpirun") << true;
}

void RanksTest::theSaveSignalEndsWithItsCodeAndTheRunGoesOn()
{
    QFETCH(bool, toMpirun);
    const QString run = dir(QTest::currentDataTag());
    start(run, 1000000, "--ranks 2");
    const std::vector<pid_t> pids = pidsOf(run);
    QCOMPARE(::kill(toMpirun ? parentOf(pids[0]) : static_cast<pid_t>(m_process->processId()), SIGUSR1), 0);
    QVERIFY(m_process->waitForFinished(30000));
    QVERIFY2(m_process->exitCode() == 75, m_process->readAllStandardError());
    QVERIFY(areGone(pids));
    // No loss: nothing was started again.
    QCOMPARE(eventsOf(run.toStdString(), "failed").size(), std::size_t{0});
    QCOMPARE(eventsOf(run.toStdString(), "started").size(), std::size_t{1});
    const int step = eventsOf(run.toStdString(), "stopped").front().value(QStringLiteral("step")).toInt();
    QCOMPARE(lastOf(run).metadata.at("step"), std::to_string(step));

    const Outcome again
        = weftRun(words("train --ranks 2 --resume --epochs") + QStringList{QString::number(step / 10 + 2), QStringLiteral("--run-dir"), run});
    QVERIFY2(again.code == 0, qPrintable(again.errors));
    QCOMPARE(eventsOf(run.toStdString(), "resumed").front().value(QStringLiteral("step")).toInt(), step);
}

void RanksTest::everyRuleTrainsWithoutALoss_data()
{
    QTest::addColumn<QString>("update");
    for (const char* update : {"allReduce", "parameterServer", "staleSynchronous", "asynchronous"})
        QTest::newRow(update) << QString::fromLatin1(update);
}

/// A launcher that starts lost ranks again would hide that they fail.
void RanksTest::everyRuleTrainsWithoutALoss()
{
    QFETCH(QString, update);
    const QString run = dir("rule-") + update;
    const Outcome outcome = weftRun(trainArguments(run, 4, "--ranks 3 --set training.distributed.synchronisedBatchNorm=false --set")
                                    << QStringLiteral("training.distributed.update=") + update);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(run.toStdString(), "started").size(), std::size_t{1});
    QVERIFY2(outcome.errors.isEmpty(), qPrintable(outcome.errors));
    const auto lossOf
        = [](const QJsonObject& epoch) { return epoch.value(QStringLiteral("validation")).toObject().value(QStringLiteral("loss")).toDouble(); };
    const std::vector<QJsonObject> epochs = eventsOf(run.toStdString(), "epoch");
    QCOMPARE(epochs.size(), std::size_t{4});
    QVERIFY(lossOf(epochs.back()) < lossOf(epochs.front()));
}

void RanksTest::replicasTrainAsRanksDo_data()
{
    QTest::addColumn<QString>("compression");
    for (const char* compression : {"none", "bfloat16", "float16"})
        QTest::newRow(compression) << QString::fromLatin1(compression);
}

/// To the bit: both add the gradients of two in the same order, with the same threads.
void RanksTest::replicasTrainAsRanksDo()
{
    QFETCH(QString, compression);
    const QStringList set{QStringLiteral("--set"), QStringLiteral("training.distributed.compression=") + compression};
    const QString replicas = dir("replicas-") + compression;
    const QString ranks = dir("ranks-") + compression;
    const Outcome outcome = weftRun(trainArguments(replicas, 3, "--replicas 2") + set);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(weftRun(trainArguments(ranks, 3, "--ranks 2") + set).code, 0);
    QCOMPARE(lossesOf(replicas.toStdString()), lossesOf(ranks.toStdString()));
    if (compression != QStringLiteral("none"))
        QVERIFY(lossesOf(replicas.toStdString()) != lossesOf(dir("replicas-none").toStdString()));

    const std::vector<pid_t> pids = pidsOf(replicas);
    QCOMPARE(pids.size(), std::size_t{2});
    QCOMPARE(pids[0], pids[1]);
}

void RanksTest::replicasObeySignals()
{
    const QString run = dir("replicas-saved");
    start(run, 1000000, "--replicas 3");
    ::kill(static_cast<pid_t>(m_process->processId()), SIGUSR1);
    QVERIFY(m_process->waitForFinished(30000));
    QCOMPARE(m_process->exitCode(), 75);
    const int step = eventsOf(run.toStdString(), "stopped").front().value(QStringLiteral("step")).toInt();
    const Outcome again
        = weftRun(words("train --replicas 3 --resume --epochs") + QStringList{QString::number(step / 10 + 2), QStringLiteral("--run-dir"), run});
    QVERIFY2(again.code == 0, qPrintable(again.errors));

    const Outcome fault = weftRun(trainArguments(dir("replicas-fault"), 1,
                                                 "--replicas 2 --set training.distributed.update=asynchronous "
                                                 "--set training.distributed.synchronisedBatchNorm=false "
                                                 "--set training.distributed.backupWorkers=2"));
    QCOMPARE(fault.code, 1);
    QCOMPARE(fault.errors.count(QStringLiteral("need at least 4 ranks")), 1);
}

void RanksTest::ranksKeepTheirSamplesAsReplicasDo()
{
    const QString kept = QStringLiteral("--set training.distributed.shuffle=perRank");
    QCOMPARE(weftRun(trainArguments(dir("kept"), 3, qPrintable("--ranks 2 " + kept))).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("kept-replicas"), 3, qPrintable("--replicas 2 " + kept))).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("kept-not"), 3, "--ranks 2")).code, 0);
    QCOMPARE(lossesOf(dir("kept").toStdString()), lossesOf(dir("kept-replicas").toStdString()));
    QVERIFY(lossesOf(dir("kept").toStdString()) != lossesOf(dir("kept-not").toStdString()));
    const Outcome others = weftRun(words("train --ranks 3 --resume --epochs 5 --run-dir") << dir("kept"));
    QVERIFY2(others.code == 1 && others.errors.contains(QStringLiteral("samples of its own")), qPrintable(others.errors));
    const Outcome server = weftRun(trainArguments(dir("kept-server"), 1, qPrintable("--ranks 3 --set training.distributed.update=asynchronous "
                                                                                    "--set training.distributed.synchronisedBatchNorm=false " + kept)));
    QVERIFY2(server.code != 0 && server.errors.contains(QStringLiteral("no samples stay")), qPrintable(server.errors));
}

void RanksTest::theLinkBetweenRanksIsMeasured()
{
    const Outcome outcome = weftRun(words("link --json"));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QJsonObject link = QJsonDocument::fromJson(outcome.output.toUtf8()).object();
    QCOMPARE(link.value(QStringLiteral("ranks")).toInt(), 2);
    QVERIFY(link.value(QStringLiteral("bytes_per_second")).toDouble() > 1e6 && link.value(QStringLiteral("latency_us")).toDouble() > 0);
    const Outcome forecast = weftRun(words("forecast --workers 1..4 --step 280ms --link measured") << m_project);
    QVERIFY2(forecast.code == 0, qPrintable(forecast.errors));
    QVERIFY2(forecast.output.contains(QStringLiteral("between the 2 ranks that were measured")), qPrintable(forecast.output));
    QCOMPARE(weftRun(words("forecast --workers 1..4 --step 280ms --link 1Gbit --target pair") << m_project).code, 2);
}

void RanksTest::aBatchForEachRankScalesTheRate()
{
    const QString run = dir("scaled");
    const Outcome outcome
        = weftRun(trainArguments(run, 2, "--ranks 2 --set training.distributed.batch=perRank --set training.distributed.warmupEpochs=1"));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const QJsonObject started = eventsOf(run.toStdString(), "started").front();
    QCOMPARE(started.value(QStringLiteral("batch_size")).toInt(), 32);
    QCOMPARE(started.value(QStringLiteral("steps_per_epoch")).toInt(), 5);
    std::vector<double> rates;
    for (const QJsonObject& batch : eventsOf(run.toStdString(), "batch"))
        rates.push_back(batch.value(QStringLiteral("learning_rate")).toDouble());
    // Twice the rate after the five steps of the first epoch.
    QCOMPARE(rates.size(), std::size_t{10});
    for (std::size_t i = 0; i < rates.size(); ++i)
        QCOMPARE(rates[i], 0.01 + 0.002 * static_cast<double>(std::min<std::size_t>(i + 1, 5)));

    const Outcome other = weftRun(words("train --ranks 3 --resume --epochs 3 --run-dir") + QStringList{run});
    QCOMPARE(other.code, 1);
    QVERIFY2(other.errors.contains(QStringLiteral("began with 2 ranks")), qPrintable(other.errors));
    QCOMPARE(weftRun(words("train --ranks 2 --resume --epochs 3 --run-dir") + QStringList{run}).code, 0);
}

void RanksTest::ranksForecastTheirOwnSteps()
{
    const Outcome told = weftRun({QStringLiteral("forecast"), m_project, QStringLiteral("--ranks=2"), QStringLiteral("--device=cpu"), QStringLiteral("--json")});
    QVERIFY2(told.code == 0, qPrintable(told.errors));
    const QJsonObject ranks = QJsonDocument::fromJson(told.output.toUtf8()).object().value(QStringLiteral("ranks")).toObject();
    const auto number = [&](const char* name) { return ranks.value(QLatin1String(name)).toDouble(); };
    QCOMPARE(number("ranks"), 2.0);
    // Half of the project's batch of 16.
    QCOMPARE(number("batch_of_rank"), 8.0);
    QVERIFY(number("alone_ms") > 0 && number("together_ms") > 0);
    // Sums of gradients come on top.
    QVERIFY(number("step_ms") > number("together_ms"));
    QVERIFY(std::abs(number("samples_per_second") - 16e3 / number("step_ms")) < 1e-6 * number("samples_per_second"));

    const Outcome refused = weftRun({QStringLiteral("forecast"), m_project, QStringLiteral("--ranks=2"), QStringLiteral("--device=cpu"),
                                     QStringLiteral("--set=training.distributed.update=asynchronous"),
                                     QStringLiteral("--set=training.distributed.synchronisedBatchNorm=false")});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.errors.contains(QStringLiteral("not for asynchronous: see --workers")), qPrintable(refused.errors));
}

void RanksTest::ranksOfAPlainMpirunTrainAlike()
{
    startPlainMpirun(trainArguments(dir("plain"), 3, "--expect-world 2"));
    QVERIFY(m_process->waitForFinished(60000));
    QVERIFY2(m_process->exitCode() == 0, m_process->readAllStandardError());
    QCOMPARE(weftRun(trainArguments(dir("launched"), 3, "--ranks 2")).code, 0);
    QCOMPARE(lossesOf(dir("plain").toStdString()), lossesOf(dir("launched").toStdString()));
    QCOMPARE(pidsOf(dir("plain")).size(), std::size_t{2});
}

void RanksTest::aKilledRankEndsAPlainMpirun_data()
{
    QTest::addColumn<int>("rank");
    QTest::newRow("rank-0") << 0;
    QTest::newRow("rank-1") << 1;
}

/// Any of the pids that `started` lists is enough to end the job.
void RanksTest::aKilledRankEndsAPlainMpirun()
{
    QFETCH(int, rank);
    const QString run = dir(QTest::currentDataTag());
    startPlainMpirun(trainArguments(run, 1000000));
    QVERIFY(waitForEvents(run, "epoch", 1));
    const std::vector<pid_t> pids = pidsOf(run);
    QCOMPARE(::kill(pids[static_cast<std::size_t>(rank)], SIGKILL), 0);
    QVERIFY(m_process->waitForFinished(10000));
    QVERIFY(m_process->exitCode() != 0);
    QVERIFY(areGone(pids));
}

void RanksTest::tasksWithoutMpiNeverTrain_data()
{
    QTest::addColumn<QString>("size");
    QTest::newRow("srun without MPI") << QStringLiteral("SLURM_STEP_NUM_TASKS");
    QTest::newRow("another MPI") << QStringLiteral("PMI_SIZE");
}

/// They would be two runs in one folder.
void RanksTest::tasksWithoutMpiNeverTrain()
{
    QFETCH(QString, size);
    m_process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(size, QStringLiteral("2"));
    m_process->setProcessEnvironment(environment);
    m_process->start(qEnvironmentVariable("WEFT_PROGRAM"), trainArguments(dir("tasks"), 1));
    QVERIFY(m_process->waitForFinished(30000));
    const QByteArray errors = m_process->readAllStandardError();
    QVERIFY2(m_process->exitCode() == 1 && errors.contains("srun --mpi=pmix"), errors);
    QVERIFY(!QFile::exists(dir("tasks")));
}

void RanksTest::anotherNumberOfRanksNeverTrains()
{
    startPlainMpirun(trainArguments(dir("world"), 1, "--expect-world 3"));
    QVERIFY(m_process->waitForFinished(30000));
    QVERIFY(m_process->exitCode() != 0);
    QVERIFY(m_process->readAllStandardError().contains("The run needs 3 ranks, but 2 were started. Nothing was trained."));
    QVERIFY(eventsOf(dir("world").toStdString(), "started").empty());
}

void RanksTest::aFaultOfTheUserIsToldOnce()
{
    const Outcome outcome = weftRun(trainArguments(dir("fault"), 1, "--ranks 2 --set data.path=/nowhere"));
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.count(QStringLiteral("/nowhere")), 1);
    QVERIFY2(!outcome.errors.contains(QStringLiteral("MPI_ABORT")), qPrintable(outcome.errors));
}

void RanksTest::aMissingPluginIsToldOnce()
{
    qputenv("WEFT_PLUGIN_DIR", m_folder.path().toUtf8());
    const Outcome outcome = weftRun(trainArguments(dir("bare"), 1, "--ranks 2"));
    qunsetenv("WEFT_PLUGIN_DIR");
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.count(QStringLiteral("libweft_mpi.so")), 1);
    QVERIFY2(outcome.errors.contains(QStringLiteral("Open MPI's headers")), qPrintable(outcome.errors));
    QVERIFY(!QFile::exists(dir("bare")));
}

void RanksTest::wrongUseIsRefused()
{
    QCOMPARE(weftRun(trainArguments(dir("usage"), 1, "--ranks 0")).code, 2);
    QCOMPARE(weftRun(trainArguments(dir("usage"), 1, "--ranks two")).code, 2);
    QCOMPARE(weftRun(trainArguments(dir("usage"), 1, "--ranks 2 --precision auto")).code, 1);
    QCOMPARE(weftRun(trainArguments(dir("usage"), 1, "--ranks 2 --replicas 2")).code, 2);
    QCOMPARE(weftRun(trainArguments(dir("usage"), 1, "--replicas 0")).code, 2);
    startPlainMpirun(trainArguments(dir("usage"), 1, "--ranks 2"));
    QVERIFY(m_process->waitForFinished(30000));
    QCOMPARE(m_process->exitCode(), 2);
    QVERIFY(!QFile::exists(dir("usage")));
}

QTEST_GUILESS_MAIN(RanksTest)
#include "ranks_test.moc"
