// A Kubernetes target end to end, against tests/data/fake_kubectl: strict about objects and rights, with real ranks.
#include <csignal>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/checkpoint.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

class KubernetesTargetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void whatIsMissingIsSaid();
    void aRunIsTrainedFetchedAndCleanedUp();
    void resultsWithoutAClaimAreFetchedFromTheWaitingPod();
    void aJobThatWaitsSaysWhyAndCanBeTakenBack();
    void aRefusedJobLeavesNothing();
    void anInterruptedSubmissionGoesOnAndMakesNothingTwice();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList train(const QString& run, const char* target = "cluster", int epochs = 3) const
    {
        return {QStringLiteral("train"), m_project, QStringLiteral("--target"), QLatin1String(target), QStringLiteral("--run-dir"), run,
                QStringLiteral("--epochs"), QString::number(epochs)};
    }
    void addTarget(const char* name, const QStringList& fields) const;
    void say(const char* file, const QByteArray& content) const { writeFile(m_cluster + QLatin1Char('/') + QLatin1String(file), content); }
    QStringList objects() const { return QDir(m_cluster + QStringLiteral("/objects")).entryList(QDir::Files); }
    QList<QStringList> calls() const;

    QTemporaryDir m_folder;
    QString m_project;
    QString m_cluster;
};

void KubernetesTargetTest::initTestCase()
{
    if (QProcess::execute(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QStringLiteral("import yaml")}) != 0)
        QSKIP("not run: Debian's python3-yaml is not installed");
    for (const char* program : {"mpirun", "ssh-keygen"}) {
        if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: %1 is not installed").arg(QLatin1String(program))));
    }
    writePictures(dir("pictures"));
    m_project = dir("pictures.weft");
    writeFile(m_project, QByteArray::fromStdString(pictureProject(dir("pictures"))));
    // Below /data every absolute path stays itself, so the fake cluster needs no volume.
    addTarget("cluster", {QStringLiteral("runsClaim=runs")});
    addTarget("bare", {});
}

void KubernetesTargetTest::init()
{
    m_cluster = m_folder.filePath(QStringLiteral("cluster-") + QLatin1String(QTest::currentTestFunction()));
    QVERIFY(QDir().mkpath(m_cluster));
    qputenv("WEFT_FAKE_CLUSTER", m_cluster.toUtf8());
}

void KubernetesTargetTest::addTarget(const char* name, const QStringList& fields) const
{
    const Outcome added = weftRun(QStringList{QStringLiteral("target"), QStringLiteral("add"), QLatin1String(name), QStringLiteral("kubernetes"),
                                              QStringLiteral("image=registry.example/weft:1"), QStringLiteral("workers=2"), QStringLiteral("namespace=team"),
                                              QStringLiteral("context=here"), QStringLiteral("dataPath=") + dir("pictures"),
                                              QStringLiteral("kubectl=") + qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/tests/data/fake_kubectl")}
                                  + fields);
    QVERIFY2(added.code == 0, qPrintable(added.errors));
}

QList<QStringList> KubernetesTargetTest::calls() const
{
    QList<QStringList> all;
    QFile file(m_cluster + QStringLiteral("/calls"));
    if (!file.open(QIODevice::ReadOnly))
        return all;
    while (!file.atEnd()) {
        QStringList call;
        for (const QJsonValue& word : QJsonDocument::fromJson(file.readLine()).array())
            call << word.toString();
        all << call;
    }
    return all;
}

void KubernetesTargetTest::whatIsMissingIsSaid()
{
    const Outcome fine = weftRun(words("target test cluster"));
    QVERIFY2(fine.code == 0 && fine.output.contains(QStringLiteral("would take a job")), qPrintable(fine.output));
    QVERIFY(objects().isEmpty());
    QVERIFY(weftRun(words("target test bare")).output.contains(QStringLiteral("There is no runsClaim")));

    say("forbidden", "create jobs.batch\ncreate pods/exec\n");
    const Outcome forbidden = weftRun(words("target test cluster"));
    QCOMPARE(forbidden.code, 1);
    QVERIFY(forbidden.output.contains(QStringLiteral("You may not create jobs.batch in the namespace team. weft target rbac")));
    QVERIFY(forbidden.output.contains(QStringLiteral("cannot be paused")));
    say("forbidden", "");

    addTarget("claimless", {QStringLiteral("dataClaim=missing")});
    QVERIFY(weftRun(words("target test claimless")).output.contains(QStringLiteral("The volume claim missing (dataClaim) cannot be seen")));
    addTarget("demanding", {QStringLiteral("form=mpijob")});
    QVERIFY(weftRun(words("target test demanding")).output.contains(QStringLiteral("MPI Operator installed")));
    say("facts.json", "{\"hasMpiOperator\": true}");
    QVERIFY(weftRun(words("target test demanding")).output.contains(QStringLiteral("jobs become MPIJobs")));
}

void KubernetesTargetTest::aRunIsTrainedFetchedAndCleanedUp()
{
    const QString run = dir("run");
    const Outcome outcome = weftRun(train(run));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(run.toStdString(), "finished").size(), std::size_t{1});
    QVERIFY(QFile::exists(run + QStringLiteral("/best")));
    QVERIFY2(objects().isEmpty(), qPrintable(objects().join(QLatin1Char(' '))));
    bool hasTried = false;
    for (const QStringList& call : calls()) {
        QVERIFY2(call.contains(QStringLiteral("--namespace=team")) && call.contains(QStringLiteral("--context=here")), qPrintable(call.join(QLatin1Char(' '))));
        hasTried = hasTried || call.contains(QStringLiteral("--dry-run=server"));
        QVERIFY(hasTried || !call.contains(QStringLiteral("create")));
    }
    const Outcome evaluated = weftRun({QStringLiteral("evaluate"), run});
    QVERIFY2(evaluated.code == 0, qPrintable(evaluated.errors));
}

void KubernetesTargetTest::resultsWithoutAClaimAreFetchedFromTheWaitingPod()
{
    const QString run = dir("bare");
    const Outcome outcome = weftRun(train(run, "bare"));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY(!newestCheckpoint({run.toStdString()}).empty());
    QVERIFY(objects().isEmpty());
}

void KubernetesTargetTest::aJobThatWaitsSaysWhyAndCanBeTakenBack()
{
    say("facts.json", R"({"podStatus": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
        "reason": "Unschedulable", "message": "0/5 nodes are available: 5 Insufficient nvidia.com/gpu."}]}})");
    const QString run = dir("waiting");
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), train(run));
    QByteArray said;
    QVERIFY(QTest::qWaitFor([&] { return (said += process.readAllStandardError()).contains("No node has enough free GPUs."); }, 30000));
    QVERIFY(!objects().isEmpty());
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(30000));
    QVERIFY(objects().isEmpty());
    QCOMPARE(eventsOf(run.toStdString(), "stopped").size(), std::size_t{1});
}

void KubernetesTargetTest::aRefusedJobLeavesNothing()
{
    say("forbidden", "create services\n");
    const QString run = dir("refused");
    const Outcome outcome = weftRun(train(run));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(QStringLiteral("weft target rbac")), qPrintable(outcome.errors));
    QVERIFY(objects().isEmpty());
    QCOMPARE(eventsOf(run.toStdString(), "failed").size(), std::size_t{1});
}

void KubernetesTargetTest::anInterruptedSubmissionGoesOnAndMakesNothingTwice()
{
    const QString run = dir("interrupted");
    const Outcome submitted = weftRun(train(run, "bare") << QStringLiteral("--detach"));
    QVERIFY2(submitted.code == 0, qPrintable(submitted.errors));
    const QStringList made = objects();
    QCOMPARE(made.size(), 4);
    // As if the program had been killed right after the cluster took the job.
    QFile record(run + QStringLiteral("/target.json"));
    QVERIFY(record.open(QIODevice::ReadOnly));
    const QByteArray text = record.readAll().replace("\"submitted\"", "\"submitting\"");
    record.close();
    writeFile(record.fileName(), text);
    const Outcome outcome = weftRun({QStringLiteral("follow"), run});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(run.toStdString(), "started").size(), std::size_t{1});
    QCOMPARE(eventsOf(run.toStdString(), "finished").size(), std::size_t{1});
    QVERIFY(objects().isEmpty());
}

QTEST_GUILESS_MAIN(KubernetesTargetTest)
#include "kubernetes_target_test.moc"
