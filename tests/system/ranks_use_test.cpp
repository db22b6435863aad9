// What is told of ranks, measured between them and refused; who can reach them.
#include <csignal>

#include <QJsonDocument>

#include "core/device/plugin.h"
#include "core/launch/listening.h"
#include "tests/system/ranks_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

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

class RanksUseTest : public RanksFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepare(); }
    void cleanup() { endRanks(); }
    void whatTheUserLoadsStays();
    void nobodyListensOutsideTheMachine();
    void theLinkBetweenRanksIsMeasured();
    void ranksForecastTheirOwnSteps();
    void aBatchForEachRankScalesTheRate();
    void ranksKeepTheirSamplesAsReplicasDo();
    void tasksWithoutMpiNeverTrain_data();
    void tasksWithoutMpiNeverTrain();
    void anotherNumberOfRanksNeverTrains();
    void aMissingPluginIsToldOnce();
    void wrongUseIsRefused();
};

void RanksUseTest::whatTheUserLoadsStays()
{
    const std::vector<std::pair<std::string, std::string>> variables{{"LD_PRELOAD", "/a.so"}, {"WEFT_LISTENING", "lo"}};
    const QByteArray before = qgetenv("LD_PRELOAD");
    qputenv("LD_PRELOAD", "/own.so");
    QCOMPARE(besideOwn(variables).front().second, std::string("/a.so:/own.so"));
    QCOMPARE(besideOwn(variables).back().second, std::string("lo"));
    qunsetenv("LD_PRELOAD");
    QVERIFY(besideOwn(variables) == variables);
    if (!before.isEmpty())
        qputenv("LD_PRELOAD", before);
}

void RanksUseTest::nobodyListensOutsideTheMachine()
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

void RanksUseTest::theLinkBetweenRanksIsMeasured()
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

void RanksUseTest::ranksForecastTheirOwnSteps()
{
    const Outcome told
        = weftRun({QStringLiteral("forecast"), m_project, QStringLiteral("--ranks=2"), QStringLiteral("--device=cpu"), QStringLiteral("--json")});
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

void RanksUseTest::aBatchForEachRankScalesTheRate()
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

void RanksUseTest::ranksKeepTheirSamplesAsReplicasDo()
{
    const QString kept = QStringLiteral("--set training.distributed.shuffle=perRank");
    QCOMPARE(weftRun(trainArguments(dir("kept"), 3, qPrintable("--ranks 2 " + kept))).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("kept-replicas"), 3, qPrintable("--replicas 2 " + kept))).code, 0);
    QCOMPARE(weftRun(trainArguments(dir("kept-not"), 3, "--ranks 2")).code, 0);
    QCOMPARE(lossesOf(dir("kept").toStdString()), lossesOf(dir("kept-replicas").toStdString()));
    QVERIFY(lossesOf(dir("kept").toStdString()) != lossesOf(dir("kept-not").toStdString()));
    const Outcome others = weftRun(words("train --ranks 3 --resume --epochs 5 --run-dir") << dir("kept"));
    QVERIFY2(others.code == 1 && others.errors.contains(QStringLiteral("samples of its own")), qPrintable(others.errors));
    const Outcome server = weftRun(trainArguments(dir("kept-server"), 1,
                                                  qPrintable("--ranks 3 --set training.distributed.update=asynchronous "
                                                             "--set training.distributed.synchronisedBatchNorm=false "
                                                             + kept)));
    QVERIFY2(server.code != 0 && server.errors.contains(QStringLiteral("no samples stay")), qPrintable(server.errors));
}

void RanksUseTest::tasksWithoutMpiNeverTrain_data()
{
    QTest::addColumn<QString>("size");
    QTest::newRow("srun without MPI") << QStringLiteral("SLURM_STEP_NUM_TASKS");
    QTest::newRow("another MPI") << QStringLiteral("PMI_SIZE");
}

/// They would be two runs in one folder.
void RanksUseTest::tasksWithoutMpiNeverTrain()
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

void RanksUseTest::anotherNumberOfRanksNeverTrains()
{
    startPlainMpirun(trainArguments(dir("world"), 1, "--expect-world 3"));
    QVERIFY(m_process->waitForFinished(30000));
    QVERIFY(m_process->exitCode() != 0);
    QVERIFY(m_process->readAllStandardError().contains("The run needs 3 ranks, but 2 were started. Nothing was trained."));
    QVERIFY(eventsOf(dir("world").toStdString(), "started").empty());
}

void RanksUseTest::aMissingPluginIsToldOnce()
{
    qputenv("WEFT_PLUGIN_DIR", m_folder.path().toUtf8());
    const Outcome outcome = weftRun(trainArguments(dir("bare"), 1, "--ranks 2"));
    qunsetenv("WEFT_PLUGIN_DIR");
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.count(QStringLiteral("libweft_mpi.so")), 1);
    QVERIFY2(outcome.errors.contains(QStringLiteral("Open MPI's headers")), qPrintable(outcome.errors));
    QVERIFY(!QFile::exists(dir("bare")));
}

void RanksUseTest::wrongUseIsRefused()
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

QTEST_GUILESS_MAIN(RanksUseTest)
#include "ranks_use_test.moc"
