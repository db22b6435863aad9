// A run on Kubernetes by the real kubectl, from submission to clean-up, against an API server that refuses what schema, Roles,
// quotas and PodSecurity's `restricted` refuse, and whose pods really run the program.
#include "tests/system/cluster_fixture.h"

using namespace weft;
using namespace weft::test;

class KubernetesRunTest : public ClusterTest {
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
    void theServerRefusesWhatARealOneWould();
    void whatIsMissingIsSaid();
    void theKubeconfigGivesNamespaceAndCredentials();
    void aRunIsTrainedFetchedAndCleanedUp();
    void withTheOperatorTheJobIsAnMpiJob();
    void aRunIsPausedAndGoesOn();
    void withoutExecTheClaimIsTheWay();
    void withoutAClaimThePodWaitsUntilItIsRead();
    void twoRunsInOneNamespaceKeepApart();
};

void KubernetesRunTest::theServerRefusesWhatARealOneWould()
{
    const QByteArray pod
        = QStringLiteral(R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "%1"}, "spec": {"containers": [
        {"name": "main", "image": "x", "command": ["true"]}], "restartPolicy": "Never"}})")
              .arg(m_space)
              .toUtf8();
    const auto refusal = [&](const QByteArray& object) { return m_cluster.admin(words("create -f -"), object).errors; };
    QVERIFY(refusal(pod).contains(QStringLiteral("violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false")));
    QVERIFY(refusal(QByteArray(pod).replace("restartPolicy", "restartPolcy")).contains(QStringLiteral("unknown field \"spec.restartPolcy\"")));
    QVERIFY(refusal(QByteArray(pod).replace("[\"true\"]", "\"true\"")).contains(QStringLiteral("command")));
    QVERIFY(refusal(QByteArray(pod).replace("\"p\"", "\"P p\"")).contains(QStringLiteral("metadata.name")));
    // The user may do what the Role says, and no more.
    const auto may = [&](const QStringList& what) {
        QProcess process;
        process.start(QStringLiteral("kubectl"),
                      QStringList{QStringLiteral("--kubeconfig=") + m_cluster.userConfig(), QStringLiteral("--namespace=") + m_space} + what);
        process.waitForFinished();
        return process.exitCode() == 0;
    };
    QVERIFY(may(words("get pods")));
    QVERIFY(!may(words("get secrets")));
    QVERIFY(!may(words("get configmaps")));
    QVERIFY(!may(words("get pods --namespace=default")));
}

void KubernetesRunTest::whatIsMissingIsSaid()
{
    const Outcome fine = weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space});
    QVERIFY2(fine.code == 0 && fine.output.contains(QStringLiteral("would take a job")), qPrintable(fine.output + fine.errors));
    QVERIFY(!fine.output.contains(QStringLiteral("warning")));
    const auto said = [&](const QString& suffix, const QStringList& fields) {
        addTarget(m_space + suffix, fields);
        return weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space + suffix}).output;
    };
    const QString foreign = said(QStringLiteral("a"), {QStringLiteral("namespace=default")});
    QVERIFY2(foreign.contains(QStringLiteral("You may not create, get, list, delete jobs.batch in the namespace default. weft target rbac")), qPrintable(foreign));
    QVERIFY(foreign.contains(QStringLiteral("or set runsClaim")));
    QVERIFY(said(QStringLiteral("b"), {QStringLiteral("dataClaim=absent")})
                .contains(QStringLiteral("The volume claim absent (dataClaim) cannot be seen")));
    QVERIFY(said(QStringLiteral("c"), {QStringLiteral("dataClaim=unbound")}).contains(QStringLiteral("is not bound to a volume yet")));
    QVERIFY(said(QStringLiteral("d"), {QStringLiteral("context=ghost")}).contains(QStringLiteral("The kubeconfig has no context ghost")));
    // Each right of the Role is asked for.
    Outcome role = weftRun({QStringLiteral("target"), QStringLiteral("rbac"), m_space});
    const auto setRole = [&](const QString& text) {
        return m_cluster.admin({QStringLiteral("delete"), QStringLiteral("role"), QStringLiteral("weft"), QStringLiteral("--namespace"), m_space}).code == 0
            && m_cluster.admin(words("create -f -"), text.toUtf8()).code == 0;
    };
    QVERIFY(setRole(QString(role.output).replace(QStringLiteral("\"watch\""), QStringLiteral("\"none\"")).replace(QStringLiteral("\"services\""), QStringLiteral("\"none\""))));
    const Outcome lacking = weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space});
    QVERIFY(setRole(role.output));
    QVERIFY2(lacking.code == 1 && lacking.output.contains(QStringLiteral("You may not create, delete services in the namespace")), qPrintable(lacking.output));
    QVERIFY2(lacking.output.contains(QStringLiteral("You may not watch pods in the namespace")), qPrintable(lacking.output));
    // What a Job is taken with, and its pods would be refused for.
    QVERIFY(said(QStringLiteral("f"), {QStringLiteral("runsClaim=runs"), QStringLiteral("priorityClass=nobodys")})
                .contains(QStringLiteral("does not have the priority class")));
    QVERIFY(said(QStringLiteral("g"), {QStringLiteral("runsClaim=runs"), QStringLiteral("serviceAccount=nobodys")})
                .contains(QStringLiteral("does not have the service account")));
    if (!m_cluster.isReal())
        QVERIFY(said(QStringLiteral("e"), {QStringLiteral("form=mpijob")}).contains(QStringLiteral("MPI Operator installed")));
}

/// A context that has a namespace, and a user whose token a program gives.
void KubernetesRunTest::theKubeconfigGivesNamespaceAndCredentials()
{
    if (Cluster::isReal())
        QSKIP("not run: the credentials of a real cluster are not the test's");
    const QString program = dir(QStringLiteral("credentials"));
    writeFile(program, "#!/bin/sh\necho '{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\", \"status\": {\"token\": "
                       "\"admin-token\"}}'\n");
    QFile::setPermissions(program, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto configWith = [&](const QString& command) {
        QJsonObject config = readJsonObject(m_cluster.userConfig().toStdString());
        const auto change = [&](const char* list, const char* entry, const QJsonObject& content) {
            QJsonArray all = config.value(QLatin1String(list)).toArray();
            QJsonObject named = all.first().toObject();
            QJsonObject inner = named.value(QLatin1String(entry)).toObject();
            inner.remove(QStringLiteral("token"));
            for (const QString& key : content.keys())
                inner.insert(key, content.value(key));
            named.insert(QLatin1String(entry), inner);
            config.insert(QLatin1String(list), QJsonArray{named});
        };
        change("contexts", "context", {{QStringLiteral("namespace"), m_space}});
        change("users", "user",
               {{QStringLiteral("exec"), QJsonObject{{QStringLiteral("apiVersion"), QStringLiteral("client.authentication.k8s.io/v1")},
                                                     {QStringLiteral("command"), command},
                                                     {QStringLiteral("interactiveMode"), QStringLiteral("Never")}}}});
        const QString path = dir(m_space + QStringLiteral(".config"));
        writeFile(path, QJsonDocument(config).toJson());
        return QStringLiteral("kubeconfig=") + path;
    };
    QCOMPARE(weftRun({QStringLiteral("target"), QStringLiteral("set"), m_space, QStringLiteral("namespace="), configWith(program)}).code, 0);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("rbac"), m_space}).output.contains(QStringLiteral("namespace: \"") + m_space));
    const Outcome outcome = weftRun(train(3));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    configWith(dir(QStringLiteral("no-such-program")));
    const QString said = weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space}).output;
    QVERIFY2(said.contains(QStringLiteral("its credentials failed")), qPrintable(said));
}

void KubernetesRunTest::aRunIsTrainedFetchedAndCleanedUp()
{
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("set"), m_space, QStringLiteral("workers=2"), QStringLiteral("form=job")}).code == 0);
    const Outcome outcome = weftRun(train(3));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    QVERIFY(isWhole());
    QCOMPARE(eventsOf(runFolder(), "finished").size(), std::size_t{1});
    // Two pods trained, each of them told apart.
    const QJsonArray ranks = eventsOf(runFolder(), "started").front().value(QStringLiteral("ranks")).toArray();
    QCOMPARE(ranks.size(), 2);
    QVERIFY(ranks[0].toObject().value(QStringLiteral("host")) != ranks[1].toObject().value(QStringLiteral("host")));
    const Outcome evaluated = weftRun({QStringLiteral("evaluate"), run()});
    QVERIFY2(evaluated.code == 0, qPrintable(evaluated.errors));
    // What the pods were and printed stays in the run.
    QCOMPARE(report().value(QStringLiteral("phase")).toString(), QStringLiteral("succeeded"));
    const QJsonObject pod = report().value(QStringLiteral("parts")).toArray().first().toObject();
    QVERIFY(!pod.value(QStringLiteral("node")).toString().isEmpty());
    QFile log(run() + QStringLiteral("/logs/") + pod.value(QStringLiteral("name")).toString() + QStringLiteral(".log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray printed = log.readAll();
    QCOMPARE(printed.count("\"event\":\"finished\""), 1);
    QVERIFY(printed.startsWith("20"));
}

void KubernetesRunTest::withTheOperatorTheJobIsAnMpiJob()
{
    if (Cluster::isReal())
        QSKIP("not run: whether a real cluster has the MPI Operator is its own affair");
    Cluster withOperator;
    QVERIFY(withOperator.start(dir(QStringLiteral("operator")), {QStringLiteral("--operator")}));
    m_space += QStringLiteral("o");
    makeSpace(withOperator);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("set"), m_space, QStringLiteral("workers=2")}).code == 0);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space}).output.contains(QStringLiteral("jobs become MPIJobs")));
    const Outcome outcome = weftRun(train(3));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY2(isClean(withOperator), qPrintable(left(withOperator).join(QLatin1Char(' '))));
    QVERIFY(withOperator.names(m_space, "mpijobs").isEmpty());
    QVERIFY(isWhole());
    QVERIFY(!newestCheckpoint({runFolder()}).empty());
    withOperator.stop();
}

void KubernetesRunTest::aRunIsPausedAndGoesOn()
{
    Background weft(train(100000));
    QVERIFY2(waitForEvents("epoch", 1), weft.said());
    QCOMPARE(weftRun({QStringLiteral("control"), run(), QStringLiteral("pause")}).code, 0);
    QVERIFY2(waitForEvents("paused", 1), weft.said());
    QCOMPARE(weftRun({QStringLiteral("control"), run(), QStringLiteral("resume")}).code, 0);
    QVERIFY2(waitForEvents("control", 2), weft.said());
    QCOMPARE(weftRun({QStringLiteral("control"), run(), QStringLiteral("stop")}).code, 0);
    QCOMPARE(weft.waitForEnd(), 0);
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    QVERIFY(!newestCheckpoint({runFolder()}).empty());
}

void KubernetesRunTest::withoutExecTheClaimIsTheWay()
{
    Outcome role = weftRun({QStringLiteral("target"), QStringLiteral("rbac"), m_space});
    QVERIFY(role.output.contains(QStringLiteral("pods/exec")));
    role.output.replace(QStringLiteral("pods/exec"), QStringLiteral("pods/none"));
    QVERIFY(m_cluster.admin({QStringLiteral("delete"), QStringLiteral("role"), QStringLiteral("weft"), QStringLiteral("--namespace"), m_space}).code
            == 0);
    QVERIFY(m_cluster.admin(words("create -f -"), role.output.toUtf8()).code == 0);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space}).output.contains(QStringLiteral("short pods on the runsClaim")));
    Background weft(train(100000));
    QVERIFY2(waitForEvents("checkpoint", 1), weft.said());
    weft.signal(SIGINT);
    QCOMPARE(weft.waitForEnd(), 0);
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
    QVERIFY(isWhole());
    QVERIFY(!newestCheckpoint({runFolder()}).empty());
    const Outcome evaluated = weftRun({QStringLiteral("evaluate"), run()});
    QVERIFY2(evaluated.code == 0, qPrintable(evaluated.errors));
}

void KubernetesRunTest::withoutAClaimThePodWaitsUntilItIsRead()
{
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("set"), m_space, QStringLiteral("runsClaim=")}).code == 0);
    QVERIFY(weftRun({QStringLiteral("target"), QStringLiteral("test"), m_space}).output.contains(QStringLiteral("There is no runsClaim")));
    const Outcome outcome = weftRun(train(3));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY(!newestCheckpoint({runFolder()}).empty());
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
}

void KubernetesRunTest::twoRunsInOneNamespaceKeepApart()
{
    Background one(train(100000));
    const QString other = run() + QStringLiteral("2");
    const Outcome outcome = weftRun(train(3, m_space, other));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(other.toStdString(), "finished").size(), std::size_t{1});
    // What was cleaned up is the other's alone.
    const std::size_t before = eventsOf(runFolder(), "epoch").size();
    QVERIFY2(waitForEvents("epoch", before + 5), one.said());
    one.signal(SIGINT);
    QCOMPARE(one.waitForEnd(), 0);
    QVERIFY(isWhole());
    QVERIFY2(isClean(m_cluster), qPrintable(left(m_cluster).join(QLatin1Char(' '))));
}

QTEST_GUILESS_MAIN(KubernetesRunTest)
#include "kubernetes_run_test.moc"
