// `weft train --ranks N`: real ranks under mpirun.
#include <csignal>

#include <QJsonDocument>

#include "tests/system/ranks_fixture.h"

using namespace weft;
using namespace weft::test;

class RanksTest : public RanksFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepare(); }
    void cleanup() { endRanks(); }
    void twoRanksTrainAsOneProcess();
    void aKilledRankIsNamedAndTheRunGoesOn();
    void aFrozenRankIsFoundByItsSilence();
    void stopLeavesNothingRunning();
    void theSaveSignalEndsWithItsCodeAndTheRunGoesOn_data();
    void theSaveSignalEndsWithItsCodeAndTheRunGoesOn();
    void everyRuleTrainsWithoutALoss_data();
    void everyRuleTrainsWithoutALoss();
    void replicasTrainAsRanksDo_data();
    void replicasTrainAsRanksDo();
    void whatWasNotSentIsInCheckpoints();
    void replicasObeySignals();
    void ranksOfAPlainMpirunTrainAlike();
    void aKilledRankEndsAPlainMpirun_data();
    void aKilledRankEndsAPlainMpirun();
    void aFaultOfTheUserIsToldOnce();
};

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
    for (const char* compression : {"none", "bfloat16", "float16", "topK"})
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

void RanksTest::whatWasNotSentIsInCheckpoints()
{
    const char* set = "--ranks 2 --set training.distributed.compression=topK --set training.distributed.topKPercent=5";
    QCOMPARE(weftRun(trainArguments(dir("sparse"), 4, set)).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("parts"), 2, set)).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("parts"), 4, (std::string(set) + " --resume").c_str())).code, 0);
    const TensorFile whole = lastOf(dir("sparse")), parts = lastOf(dir("parts"));
    bool isUnsent = false;
    for (const auto& [key, tensor] : whole.tensors) {
        QCOMPARE(parts.tensors.at(key).bytes, tensor.bytes);
        isUnsent = isUnsent || (key.starts_with("slot/residual/") && std::ranges::any_of(tensor.bytes, [](std::byte byte) { return byte != std::byte(0); }));
    }
    QVERIFY(isUnsent);
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

void RanksTest::aFaultOfTheUserIsToldOnce()
{
    const Outcome outcome = weftRun(trainArguments(dir("fault"), 1, "--ranks 2 --set data.path=/nowhere"));
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.count(QStringLiteral("/nowhere")), 1);
    QVERIFY2(!outcome.errors.contains(QStringLiteral("MPI_ABORT")), qPrintable(outcome.errors));
}

QTEST_GUILESS_MAIN(RanksTest)
#include "ranks_test.moc"
