// What goes wrong with a run on Kubernetes is named with what to do, and leaves nothing behind: by the real kubectl, against the
// cluster of tests/cluster.
#include "tests/system/cluster_fixture.h"

using namespace weft;
using namespace weft::test;

class KubernetesFaultsTest : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = startCluster(); why.startsWith(QStringLiteral("not run")))
            QSKIP(qPrintable(why));
        else
            QVERIFY2(why.isEmpty(), qPrintable(why));
    }
    void cleanupTestCase() { stopCluster(); }
    void init() { enterNewSpace(); }
    void cleanup() { leaveSpace(); }
    void aJobThatWaitsSaysWhyAndCanBeTakenBack_data();
    void aJobThatWaitsSaysWhyAndCanBeTakenBack();
    void aRefusedJobLeavesNothing_data();
    void aRefusedJobLeavesNothing();
    void aLostPodIsStartedAgainAndTheRunGoesOn_data();
    void aLostPodIsStartedAgainAndTheRunGoesOn();
    void noEventIsLostWhenTheLinkIs();
    void anExpiredTokenIsNamed();
    void aKilledSubmissionGoesOnAndMakesNothingTwice_data();
    void aKilledSubmissionGoesOnAndMakesNothingTwice();
};

void KubernetesFaultsTest::aJobThatWaitsSaysWhyAndCanBeTakenBack_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QByteArray>("reason");
    const QString none;
    QTest::newRow("no GPU") << QStringLiteral("gpu=2") << none << QByteArray("No node has 2 free GPUs.");
    QTest::newRow("image") << QStringLiteral("image=registry.invalid/none:1") << none
                           << QByteArray("The image registry.invalid/none:1 cannot be fetched");
    QTest::newRow("claim") << QStringLiteral("dataClaim=unbound") << none << QByteArray("A volume claim is not bound to a volume yet");
    if (!Cluster::isReal()) // of which the storage is not the test's
        QTest::newRow("storage is down") << QStringLiteral("dataClaim=offline")
                                         << QStringLiteral(R"({"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                                                "metadata": {"name": "offline", "namespace": "%1"}, "spec": {"accessModes": ["ReadWriteMany"],
                                                "storageClassName": "unreachable", "resources": {"requests": {"storage": "1Gi"}}}})")
                                         << QByteArray("The claim runs / offline could not be mounted");
    QTest::newRow("certificates") << QStringLiteral("caConfigMap=nobodys") << none
                                  << QByteArray("The ConfigMap nobodys with the certificates is not in the namespace");
    QTest::newRow("label") << QStringLiteral("nodeSelector=weft/none=such") << none << QByteArray("No node has the labels");
    QTest::newRow("priority class") << QStringLiteral("priorityClass=nobodys") << none << QByteArray("The cluster does not have the priority class");
    QTest::newRow("service account") << QStringLiteral("serviceAccount=nobodys") << none << QByteArray("does not have the service account");
    QTest::newRow("quota") << QStringLiteral("cpu=750m")
                           << QStringLiteral(R"({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small", "namespace": "%1"},
                                               "spec": {"hard": {"requests.cpu": "700m"}}})")
                           << QByteArray("The quota of the namespace");
}

void KubernetesFaultsTest::aJobThatWaitsSaysWhyAndCanBeTakenBack()
{
    QFETCH(QString, field);
    QFETCH(QString, object);
    QFETCH(QByteArray, reason);
    if (!object.isEmpty())
        QVERIFY(m_cluster.admin(words("create -f -"), object.arg(m_space).toUtf8()).code == 0);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("set"), m_space, field}).code == 0);
    Background weft(train(3));
    QVERIFY2(weft.waitToSay(reason.constData()), weft.said());
    QVERIFY(report().value(QStringLiteral("reasons")).toArray().first().toString().contains(QString::fromUtf8(reason)));
    weft.signal(SIGINT);
    QVERIFY2(weft.waitForEnd() >= 0, weft.said());
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    QCOMPARE(eventsOf(runFolder(), "stopped").size(), std::size_t{1});
}

void KubernetesFaultsTest::aRefusedJobLeavesNothing_data()
{
    QTest::addColumn<QString>("unseen");
    QTest::newRow("no right") << QString();
    // The job could be made, but nobody would see its end.
    QTest::newRow("pods unseen") << QStringLiteral("pods");
}

void KubernetesFaultsTest::aRefusedJobLeavesNothing()
{
    QFETCH(QString, unseen);
    if (unseen.isEmpty()) {
        // The Role of the namespace is not the user's.
        QVERIFY(
            m_cluster.admin({QStringLiteral("delete"), QStringLiteral("rolebinding"), QStringLiteral("weft"), QStringLiteral("--namespace"), m_space}).code
            == 0);
    } else {
        const QString whole = weftRun({QStringLiteral("target"), QStringLiteral("rbac"), m_space}).output;
        const QRegularExpression list(QStringLiteral("(\"%1\"\\n    verbs:\\n(?:      - \"\\w+\"\\n)*?)      - \"list\"\\n").arg(unseen));
        const QString role = QString(whole).replace(list, QStringLiteral("\\1"));
        QVERIFY(role != whole);
        QVERIFY(m_cluster.admin({QStringLiteral("delete"), QStringLiteral("role"), QStringLiteral("weft"), QStringLiteral("--namespace"), m_space}).code == 0);
        QVERIFY(m_cluster.admin(words("create -f -"), role.toUtf8()).code == 0);
    }
    const Outcome outcome = weftRun(train(3));
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.contains(QStringLiteral("You may not do that in the namespace"))
                 && outcome.errors.contains(QStringLiteral("weft target rbac")),
             qPrintable(outcome.errors));
    QVERIFY(left(m_cluster).isEmpty());
}

void KubernetesFaultsTest::aLostPodIsStartedAgainAndTheRunGoesOn_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("evicted") << QStringLiteral("evict") << QByteArray("was evicted from its node");
    QTest::newRow("killed") << QStringLiteral("kill") << QByteArray("ended with the exit code 137");
}

void KubernetesFaultsTest::aLostPodIsStartedAgainAndTheRunGoesOn()
{
    if (Cluster::isReal())
        QSKIP("not run: a real cluster does not evict on demand");
    QFETCH(QString, fault);
    QFETCH(QByteArray, words);
    Background weft(train(100000));
    QVERIFY2(waitForEvents("checkpoint", 1), weft.said());
    const QString lost = runningPod();
    QVERIFY(m_cluster
                .admin({QStringLiteral("create"), QStringLiteral("--raw"), QStringLiteral("/test/%1/%2/%3").arg(fault, m_space, lost),
                        QStringLiteral("-f"), QStringLiteral("/dev/null")})
                .code
            == 0);
    QVERIFY2(weft.waitToSay(words.constData()), weft.said());
    QVERIFY2(waitForEvents("resumed", 1), weft.said());
    QVERIFY(!runningPod().isEmpty() && runningPod() != lost);
    weft.signal(SIGINT);
    QCOMPARE(weft.waitForEnd(), 0);
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    QVERIFY(isWhole());
    QCOMPARE(eventsOf(runFolder(), "stopped").size(), std::size_t{1});
    // The log of the lost pod is kept here; there it is gone with the pod.
    QVERIFY(QFile::exists(run() + QStringLiteral("/logs/") + lost + QStringLiteral(".log")));
}

void KubernetesFaultsTest::noEventIsLostWhenTheLinkIs()
{
    if (Cluster::isReal())
        QSKIP("not run: the link to a real cluster is not the test's to cut");
    Background weft(train(100000));
    QVERIFY2(waitForEvents("epoch", 1), weft.said());
    m_cluster.setLink(false);
    const bool isNamed = weft.waitToSay("The cluster cannot be reached");
    const std::size_t before = eventsOf(runFolder(), "epoch").size();
    m_cluster.setLink(true);
    QVERIFY2(isNamed, weft.said());
    // It went on meanwhile, and all of it comes in.
    QVERIFY2(waitForEvents("epoch", before + 20), weft.said());
    weft.signal(SIGINT);
    QCOMPARE(weft.waitForEnd(), 0);
    QVERIFY(isWhole());
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
}

void KubernetesFaultsTest::anExpiredTokenIsNamed()
{
    if (Cluster::isReal())
        QSKIP("not run: tokens of a real cluster are not the test's to withdraw");
    const Outcome begun = weftRun(train(3) << QStringLiteral("--detach"));
    QVERIFY2(begun.code == 0, qPrintable(begun.errors));
    m_cluster.setTokens("{}");
    Background weft({QStringLiteral("follow"), run()});
    const bool isNamed = weft.waitToSay("The cluster does not know you any more");
    const QString tested = weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space}).output;
    m_cluster.setTokens("{\"admin-token\": \"admin\"}");
    QVERIFY2(isNamed, weft.said());
    QVERIFY2(tested.contains(QStringLiteral("Log in again")), qPrintable(tested));
    QCOMPARE(weft.waitForEnd(), 0);
    QCOMPARE(eventsOf(runFolder(), "finished").size(), std::size_t{1});
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
}

void KubernetesFaultsTest::aKilledSubmissionGoesOnAndMakesNothingTwice_data()
{
    QTest::addColumn<bool>("hasJob");
    QTest::newRow("before the job") << false;
    QTest::newRow("after the job") << true;
}

/// The program is killed right before or right behind the moment at which the cluster has the job.
void KubernetesFaultsTest::aKilledSubmissionGoesOnAndMakesNothingTwice()
{
    QFETCH(bool, hasJob);
    {
        Background weft(train(3));
        const auto isSubmitting
            = [&] { return QFile::exists(run() + QStringLiteral("/target.json")) && (!hasJob || !m_cluster.names(m_space, "jobs").isEmpty()); };
        QVERIFY(QTest::qWaitFor(isSubmitting, 30000));
        weft.signal(SIGKILL);
        weft.waitForEnd();
    }
    // All but the job may not have been made yet.
    if (hasJob)
        m_cluster.admin({QStringLiteral("delete"), QStringLiteral("configmaps,secrets,services"), QStringLiteral("--namespace"), m_space,
                         QStringLiteral("--selector=weft/run")});
    const Outcome outcome = weftRun({QStringLiteral("follow"), run()});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(runFolder(), "started").size(), std::size_t{1});
    QCOMPARE(eventsOf(runFolder(), "finished").size(), std::size_t{1});
    QVERIFY(isWhole());
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
}

QTEST_GUILESS_MAIN(KubernetesFaultsTest)
#include "kubernetes_faults_test.moc"
