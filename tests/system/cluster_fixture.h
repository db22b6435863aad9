#pragma once

#include <csignal>

#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/launch/job_report.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

namespace weft::test {

/// What every namespace of the test has: it enforces `restricted`, a claim for runs, one that is never bound, and the user may do
/// what the Role says that Weft prints.
inline constexpr const char* spaceObjects = R"(
apiVersion: v1
kind: Namespace
metadata: {name: %1, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: runs, namespace: %1}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: unbound, namespace: %1}
spec: {accessModes: [ReadWriteMany], storageClassName: nobody, resources: {requests: {storage: 1Gi}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: weft, namespace: %1}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: weft}
subjects: [{kind: User, name: weft-tester, apiGroup: rbac.authorization.k8s.io}]
---
)";

/// Five steps an epoch, which take some milliseconds each: long runs stay short of events.
inline constexpr const char* clusterProject
    = R"({"weft": 1, "id": "made", "data": {"source": "generated", "shape": [1, 32, 32], "classes": 4, "samples": 1600},
 "nodes": [{"id": "image", "name": "image", "type": "Input", "params": {"shape": [1, 32, 32]}},
  {"id": "conv", "name": "conv", "type": "Conv2D", "params": {"filters": 8, "kernelSize": [3, 3]}},
  {"id": "pool", "name": "pool", "type": "MaxPool2D", "params": {}},
  {"id": "flatten", "name": "flatten", "type": "Flatten", "params": {}},
  {"id": "dense", "name": "dense", "type": "Dense", "params": {"units": 4}},
  {"id": "loss", "name": "loss", "type": "CrossEntropy", "params": {"target": "label"}}],
 "wires": [["image.y", "conv.x"], ["conv.y", "pool.x"], ["pool.y", "flatten.x"], ["flatten.y", "dense.x"], ["dense.y", "loss.prediction"]],
 "training": {"optimizer": {"type": "adam", "learningRate": 0.01}, "epochs": 3, "batchSize": 256, "seed": 3}}
)";

/// A cluster to try the program on: the one of tests/cluster, or a real one where WEFT_CLUSTER_KUBECONFIG names the
/// kubeconfig of its administrator and WEFT_CLUSTER_IMAGE an image of this build.
class Cluster {
public:
    /// Why there can be none; empty where it can.
    static QString missing()
    {
        for (const char* program : {"kubectl", "ssh-keygen", "/usr/bin/python3", "gzip", "base64"}) {
            if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
                return QStringLiteral("%1 is not installed").arg(QLatin1String(program));
        }
        if (isReal())
            return {};
        if (::geteuid() != 0)
            return QStringLiteral("pods of the test's cluster have namespaces of their own, which needs root");
        for (const char* program : {"/usr/sbin/sshd", "mpirun", "unshare", "nsenter", "ip", "openssl"}) {
            if (QStandardPaths::findExecutable(QLatin1String(program),
                                               {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/bin")})
                    .isEmpty())
                return QStringLiteral("%1 is not installed").arg(QLatin1String(program));
        }
        return {};
    }

    static bool isReal() { return qEnvironmentVariableIsSet("WEFT_CLUSTER_KUBECONFIG"); }
    static QString image() { return isReal() ? qEnvironmentVariable("WEFT_CLUSTER_IMAGE") : QStringLiteral("registry.example/weft:1"); }

    /// `options` are the server's.
    bool start(const QString& folder, const QStringList& options = {})
    {
        m_folder = folder;
        m_config = isReal() ? qEnvironmentVariable("WEFT_CLUSTER_KUBECONFIG") : folder + QStringLiteral("/kubeconfig");
        if (isReal())
            return writeUserConfig();
        m_server.setStandardErrorFile(folder + QStringLiteral(".log"));
        m_server.start(QStringLiteral("/usr/bin/python3"),
                       QStringList{qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/tests/cluster/server.py"), folder,
                                   QStringLiteral("--program"), qEnvironmentVariable("WEFT_PROGRAM"), QStringLiteral("--image"), image()}
                           + options);
        return QTest::qWaitFor([this] { return m_server.canReadLine() || m_server.state() == QProcess::NotRunning; }, 20000)
            && m_server.state() == QProcess::Running && writeUserConfig();
    }

    void stop()
    {
        m_server.closeWriteChannel();
        m_server.waitForFinished(20000);
    }

    /// The link to the cluster is lost, and comes back.
    void setLink(bool isUp) { ::kill(static_cast<pid_t>(m_server.processId()), isUp ? SIGUSR2 : SIGUSR1); }
    /// Tokens that the cluster knows, as JSON.
    void setTokens(const QByteArray& json) const
    {
        writeFile(m_folder + QStringLiteral("/tokens.new"), json);
        QVERIFY(::rename(QFile::encodeName(m_folder + QStringLiteral("/tokens.new")).constData(),
                         QFile::encodeName(m_folder + QStringLiteral("/tokens.json")).constData())
                == 0);
    }

    /// kubectl as the administrator.
    Outcome admin(const QStringList& words, const QByteArray& input = {}) const
    {
        QProcess process;
        process.start(QStringLiteral("kubectl"), QStringList{QStringLiteral("--kubeconfig=") + m_config} + words);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000))
            process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
    }
    QStringList names(const QString& space, const char* resources) const
    {
        return admin({QStringLiteral("get"), QLatin1String(resources), QStringLiteral("--namespace"), space, QStringLiteral("--output=name")})
            .output.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    /// Kubeconfig of a user who may do what Roles give to "weft-tester".
    QString userConfig() const { return m_folder + QStringLiteral(".user"); }

private:
    bool writeUserConfig()
    {
        const Outcome view = admin(words("config view --raw --flatten --minify --output=json"));
        QJsonObject config = QJsonDocument::fromJson(view.output.toUtf8()).object();
        QJsonArray users = config.value(QStringLiteral("users")).toArray();
        QJsonObject user = users.first().toObject();
        QJsonObject identity = user.value(QStringLiteral("user")).toObject();
        identity.insert(QStringLiteral("as"), QStringLiteral("weft-tester"));
        user.insert(QStringLiteral("user"), identity);
        users.replace(0, user);
        config.insert(QStringLiteral("users"), users);
        writeFile(userConfig(), QJsonDocument(config).toJson());
        return view.code == 0;
    }

    QString m_folder;
    QString m_config;
    QProcess m_server;
};

/// `weft` in the background, with what it has said so far.
class Background {
public:
    explicit Background(const QStringList& arguments) { m_process.start(qEnvironmentVariable("WEFT_PROGRAM"), arguments); }
    ~Background()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    bool waitToSay(const char* part, int milliseconds = 30000)
    {
        return QTest::qWaitFor([&] { return said().contains(part); }, milliseconds);
    }
    const QByteArray& said() { return m_said += m_process.readAllStandardError() + m_process.readAllStandardOutput(); }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    /// Its exit code.
    int waitForEnd(int milliseconds = 60000)
    {
        const bool hasEnded = m_process.waitForFinished(milliseconds);
        said();
        return hasEnded && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

private:
    QProcess m_process;
    QByteArray m_said;
};

/// A test on a cluster: each function has a namespace of its own there, and a target of that name.
class ClusterTest : public QObject {
protected:
    /// Why there is none; empty where the cluster runs.
    QString startCluster()
    {
        if (const QString why = Cluster::missing(); !why.isEmpty())
            return QStringLiteral("not run: ") + why;
        // The caches of kubectl lie in the home folder.
        qputenv("HOME", m_folder.path().toUtf8());
        // Neither a shell nor YAML reads what a project is called.
        m_project = dir(QStringLiteral("\"; touch $(echo broken) #.weft"));
        writeFile(m_project, clusterProject);
        return m_cluster.start(dir(QStringLiteral("cluster"))) ? QString() : QStringLiteral("the cluster did not start");
    }
    void stopCluster()
    {
        m_cluster.stop();
        QVERIFY(!QFile::exists(QStringLiteral("broken")));
    }

    void enterNewSpace()
    {
        m_space = QStringLiteral("weft-test-%1-%2").arg(QCoreApplication::applicationPid()).arg(++m_spaces);
        makeSpace(m_cluster);
    }
    void leaveSpace() { m_cluster.admin({QStringLiteral("delete"), QStringLiteral("namespace"), m_space, QStringLiteral("--wait=false")}); }

    QString dir(const QString& name) const { return m_folder.filePath(name); }
    QString run() const { return dir(m_space + QStringLiteral("-run")); }
    std::string runFolder() const { return run().toStdString(); }
    void makeSpace(const Cluster& cluster)
    {
        addTarget(m_space, {QStringLiteral("runsClaim=runs")}, cluster);
        const Outcome role = weftRun({QStringLiteral("target"), QStringLiteral("rbac"), m_space});
        const Outcome made = cluster.admin(words("create -f -"), (QString::fromLatin1(spaceObjects).arg(m_space) + role.output).toUtf8());
        QVERIFY2(made.code == 0, qPrintable(made.errors));
    }

    void addTarget(const QString& name, const QStringList& fields) { addTarget(name, fields, m_cluster); }
    void addTarget(const QString& name, const QStringList& fields, const Cluster& cluster)
    {
        QStringList all{QStringLiteral("target"),
                        QStringLiteral("add"),
                        name,
                        QStringLiteral("kubernetes"),
                        QStringLiteral("image=") + Cluster::image(),
                        QStringLiteral("namespace=") + m_space,
                        QStringLiteral("kubeconfig=") + cluster.userConfig(),
                        QStringLiteral("cpu=500m"),
                        QStringLiteral("memory=512Mi"),
                        QStringLiteral("sharedMemory=64Mi"),
                        QStringLiteral("retries=2")};
        const Outcome added = weftRun(all);
        QVERIFY2(added.code == 0, qPrintable(added.errors));
        const Outcome set = weftRun(QStringList{QStringLiteral("target"), QStringLiteral("set"), name} + fields);
        QVERIFY2(set.code == 0, qPrintable(set.errors));
    }
    QStringList train(int epochs, const QString& target, const QString& folder) const
    {
        return {QStringLiteral("train"),     m_project, QStringLiteral("--target"), target,
                QStringLiteral("--run-dir"), folder,    QStringLiteral("--epochs"), QString::number(epochs)};
    }
    QStringList train(int epochs) const { return train(epochs, m_space, run()); }
    /// What of jobs there is in the namespace.
    QStringList left(const Cluster& cluster) const
    {
        return cluster.names(m_space, "pods,jobs,configmaps,secrets,services").filter(QStringLiteral("/weft-"));
    }
    bool isClean(const Cluster& cluster) const
    {
        return QTest::qWaitFor([&] { return left(cluster).isEmpty(); }, 5000);
    }
    bool waitForEvents(const char* kind, std::size_t count) const
    {
        return QTest::qWaitFor([&] { return eventsOf(runFolder(), kind).size() >= count; }, 40000);
    }
    /// The pod that trains, of a job with one; empty without.
    QString runningPod() const
    {
        return m_cluster
            .admin({QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("--namespace"), m_space, QStringLiteral("--output=name"),
                    QStringLiteral("--field-selector=status.phase=Running")})
            .output.trimmed()
            .mid(4);
    }
    QJsonObject report() const { return readJsonObject(RunPaths{runFolder()}.jobState()); }
    /// Every event is there, each once.
    bool isWhole() const
    {
        qint64 expected = 0;
        for (const QJsonObject& event : EventReader(RunPaths{runFolder()}.events()).poll()) {
            if (event.value(QStringLiteral("seq")).toInteger() != ++expected)
                return false;
        }
        return expected > 0;
    }

    QTemporaryDir m_folder;
    Cluster m_cluster;
    QString m_project;
    QString m_space; ///< and the name of its target
    int m_spaces = 0;
};

} // namespace weft::test
