// A target of hosts over SSH, end to end: the user's ssh, a real sshd on the loopback address, real ranks.
#include <csignal>

#include <unistd.h>

#include <QDir>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/checkpoint.h"
#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

std::vector<pid_t> childrenOf(pid_t parent)
{
    std::vector<pid_t> children;
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(entry));
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        // Behind the name, which may hold anything, are state and parent.
        const QByteArray line = stat.readAll();
        const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        if (fields.size() > 1 && fields[1].toInt() == parent && fields[0] != "Z")
            children.push_back(static_cast<pid_t>(entry.toInt()));
    }
    return children;
}

QByteArray commandLineOf(pid_t process)
{
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(process));
    return file.open(QIODevice::ReadOnly) ? file.readAll().replace('\0', ' ') : QByteArray();
}

} // namespace

class SshTargetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void whatIsMissingIsSaid();
    void aRunIsTrainedFetchedAndCleanedUp();
    void noEventIsLostWhenTheFollowerIsKilled();
    void ctrlCSavesAndStopsTheRun();
    void aDeletedRunTakesItsJobAlong();
    void aLinkThatIsGoneEndsWithTheJob();
    void aLinkThatIsGoneIsEndedByTheNext();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    void makeKeys() const;
    void startServer();
    QStringList train(const QString& run, int epochs) const
    {
        return {QStringLiteral("train"), m_project, QStringLiteral("--target"), QStringLiteral("hosts"), QStringLiteral("--run-dir"), run,
                QStringLiteral("--epochs"), QString::number(epochs)};
    }
    bool waitForEvents(const QString& run, const char* kind, std::size_t count) const
    {
        return QTest::qWaitFor([&] { return eventsOf(run.toStdString(), kind).size() >= count; }, 60000);
    }
    /// The folder for jobs over there goes with its last job.
    /// Trains, and then leaves the job behind a link of which nothing more is heard: nobody reads, and nobody closes it.
    std::vector<pid_t> leaveBehindDeadLink(const QStringList& training, const QString& run) const;
    /// No connection to the host, and so nothing that a connection started there.
    bool hasNoConnection(int milliseconds) const
    {
        const auto connections = [this] { return childrenOf(static_cast<pid_t>(m_server.processId())); };
        const bool isQuiet = QTest::qWaitFor([&] { return connections().empty(); }, milliseconds);
        for (const pid_t connection : connections()) {
            for (const pid_t process : childrenOf(connection))
                qInfo() << commandLineOf(connection) << commandLineOf(process).left(300);
        }
        return isQuiet;
    }
    bool isClean() const { return !QDir(dir("jobs")).exists(); }

    QTemporaryDir m_folder;
    QString m_project;
    QProcess m_server;
};

void SshTargetTest::initTestCase()
{
    for (const char* program : {"/usr/sbin/sshd", "ssh", "ssh-keygen", "mpirun"}) {
        if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("not run: %1 is not installed").arg(QLatin1String(program))));
    }
    makeKeys();
    startServer();
    writePictures(dir("data"));
    m_project = dir("pictures.weft");
    writeFile(m_project, QByteArray::fromStdString(pictureProject(dir("data"))));
    const Outcome added = weftRun({QStringLiteral("target"), QStringLiteral("add"), QStringLiteral("hosts"), QStringLiteral("mpi"),
                                   QStringLiteral("hosts=head:2"), QStringLiteral("sshConfig=") + dir("config"), QStringLiteral("directory=") + dir("jobs"),
                                   QStringLiteral("weft=") + qEnvironmentVariable("WEFT_PROGRAM")});
    QVERIFY2(added.code == 0, qPrintable(added.errors));
}

void SshTargetTest::makeKeys() const
{
    for (const char* name : {"host", "user", "stranger"}) {
        const int code = QProcess::execute(QStringLiteral("ssh-keygen"),
                                           {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"), QStringLiteral("-N"), QString(),
                                            QStringLiteral("-f"), dir(name)});
        QCOMPARE(code, 0);
    }
    QVERIFY(QFile::copy(dir("user.pub"), dir("authorized")));
}

void SshTargetTest::startServer()
{
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    const quint16 port = probe.serverPort();
    probe.close();
    if (::geteuid() == 0)
        QDir().mkpath(QStringLiteral("/run/sshd"));
    const QString server = QStringLiteral("Port %1\nListenAddress 127.0.0.1\nHostKey %2\nAuthorizedKeysFile %3\nPidFile none\nStrictModes no\nUsePAM no\n"
                                          "PasswordAuthentication no\n")
                               .arg(QString::number(port), dir("host"), dir("authorized"));
    writeFile(dir("sshd_config"), server.toUtf8());
    const QString client = QStringLiteral("Host *\n  HostName 127.0.0.1\n  Port %1\n  UserKnownHostsFile %2\n  StrictHostKeyChecking accept-new\n  "
                                          "IdentitiesOnly yes\n  LogLevel ERROR\n")
                               .arg(QString::number(port), dir("known"));
    writeFile(dir("config"), (client + QStringLiteral("  IdentityFile %1\n").arg(dir("user"))).toUtf8());
    writeFile(dir("stranger_config"), (client + QStringLiteral("  IdentityFile %1\n").arg(dir("stranger"))).toUtf8());
    m_server.setStandardErrorFile(dir("sshd.log"));
    m_server.start(QStringLiteral("/usr/sbin/sshd"), {QStringLiteral("-D"), QStringLiteral("-e"), QStringLiteral("-f"), dir("sshd_config")});
    QVERIFY(QTest::qWaitFor(
        [&] {
            QTcpSocket socket;
            socket.connectToHost(QHostAddress::LocalHost, port);
            return socket.waitForConnected(200);
        },
        10000));
}

void SshTargetTest::cleanupTestCase()
{
    m_server.terminate();
    m_server.waitForFinished();
}

void SshTargetTest::whatIsMissingIsSaid()
{
    const Outcome fine = weftRun(words("target test hosts"));
    QVERIFY2(fine.code == 0 && fine.output.contains(QStringLiteral("Open MPI")), qPrintable(fine.output + fine.errors));

    const auto report = [&](const char* name, const QStringList& fields) {
        weftRun(QStringList{QStringLiteral("target"), QStringLiteral("add"), QLatin1String(name), QStringLiteral("mpi")} + fields);
        const Outcome outcome = weftRun({QStringLiteral("target"), QStringLiteral("test"), QLatin1String(name)});
        return outcome.code == 1 ? outcome.output : QStringLiteral("passed: ") + outcome.output;
    };
    const QString hosts = QStringLiteral("hosts=head");
    QVERIFY(report("stranger", {hosts, QStringLiteral("sshConfig=") + dir("stranger_config")}).contains(QStringLiteral("refused your key")));
    const QString config = QStringLiteral("sshConfig=") + dir("config");
    QVERIFY(report("bare", {hosts, config, QStringLiteral("weft=/nowhere/weft")}).contains(QStringLiteral("Install Weft there")));
    QVERIFY(report("old", {hosts, config, QStringLiteral("weft=/bin/echo")}).contains(QStringLiteral("Bring both to the same version")));
    // A name that no server knows, reached by ssh's own defaults.
    writeFile(dir("empty_config"), "");
    QVERIFY(report("lost", {QStringLiteral("hosts=no.such.host.invalid"), QStringLiteral("sshConfig=") + dir("empty_config")})
                .contains(QStringLiteral("is not known")));
}

void SshTargetTest::aRunIsTrainedFetchedAndCleanedUp()
{
    const QString run = dir("run");
    const Outcome outcome = weftRun(train(run, 3));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(eventsOf(run.toStdString(), "finished").size(), std::size_t{1});
    QVERIFY(QFile::exists(run + QStringLiteral("/best")));
    QVERIFY(isClean());
    // The same losses as on this machine, and the results are as good as its own.
    const QString here = dir("here");
    QCOMPARE(weftRun({QStringLiteral("train"), m_project, QStringLiteral("--ranks=2"), QStringLiteral("--run-dir"), here, QStringLiteral("--epochs=3")}).code, 0);
    QCOMPARE(lossesOf(run.toStdString()), lossesOf(here.toStdString()));
    const Outcome evaluated = weftRun({QStringLiteral("evaluate"), run});
    QVERIFY2(evaluated.code == 0, qPrintable(evaluated.errors));
}

void SshTargetTest::noEventIsLostWhenTheFollowerIsKilled()
{
    const QString run = dir("left");
    QProcess first;
    first.start(qEnvironmentVariable("WEFT_PROGRAM"), train(run, 1000));
    QVERIFY(waitForEvents(run, "epoch", 2));
    first.kill();
    QVERIFY(first.waitForFinished());
    QCOMPARE(weftRun({QStringLiteral("runs"), QStringLiteral("show"), run, QStringLiteral("--json")}).output.contains(QStringLiteral("\"detached\"")), true);
    const Outcome outcome = weftRun({QStringLiteral("follow"), run});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    const std::vector<QJsonObject> events = EventReader(run.toStdString() + "/events.jsonl").poll();
    for (std::size_t i = 0; i < events.size(); ++i)
        QCOMPARE(events[i].value(QStringLiteral("seq")).toInteger(), static_cast<qint64>(i + 1));
    QCOMPARE(events.back().value(QStringLiteral("event")).toString(), QStringLiteral("finished"));
    QCOMPARE(eventsOf(run.toStdString(), "epoch").size(), std::size_t{1000});
    QVERIFY(isClean());
}

void SshTargetTest::ctrlCSavesAndStopsTheRun()
{
    const QString run = dir("stopped");
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), train(run, 1000000));
    QVERIFY(waitForEvents(run, "epoch", 1));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    QCOMPARE(eventsOf(run.toStdString(), "stopped").size(), std::size_t{1});
    QVERIFY(!newestCheckpoint({run.toStdString()}).empty());
    QVERIFY(isClean());
}

void SshTargetTest::aDeletedRunTakesItsJobAlong()
{
    const QString run = dir("deleted");
    const Outcome submitted = weftRun(train(run, 1000000) << QStringLiteral("--detach"));
    QVERIFY2(submitted.code == 0, qPrintable(submitted.errors));
    QVERIFY(!isClean());
    const Outcome deleted = weftRun({QStringLiteral("runs"), QStringLiteral("delete"), run});
    QVERIFY2(deleted.code == 0, qPrintable(deleted.errors));
    QVERIFY(isClean());
    QVERIFY(!QDir(run).exists());
}

std::vector<pid_t> SshTargetTest::leaveBehindDeadLink(const QStringList& training, const QString& run) const
{
    QProcess process;
    process.start(qEnvironmentVariable("WEFT_PROGRAM"), training);
    if (!waitForEvents(run, "epoch", 2))
        return {};
    // Those that follow, once they do: one that is still logging in sshd itself ends, after its time for that.
    std::vector<pid_t> links;
    const auto follow = [&] {
        links = childrenOf(static_cast<pid_t>(process.processId()));
        std::erase_if(links, [](pid_t link) { return !commandLineOf(link).contains("exec tail"); });
        std::size_t followers = 0;
        for (const pid_t connection : childrenOf(static_cast<pid_t>(m_server.processId()))) {
            for (const pid_t command : childrenOf(connection))
                followers += commandLineOf(command).startsWith("tail ");
        }
        return !links.empty() && followers == links.size();
    };
    if (!QTest::qWaitFor(follow, 20000))
        return {};
    for (const pid_t link : links)
        ::kill(link, SIGSTOP);
    process.kill();
    process.waitForFinished();
    return links;
}

void SshTargetTest::aLinkThatIsGoneEndsWithTheJob()
{
    const QString run = dir("alone");
    const std::vector<pid_t> links = leaveBehindDeadLink(train(run, 400), run);
    QVERIFY(!links.empty());
    const QStringList jobs = QDir(dir("jobs")).entryList({QStringLiteral("weft-*")}, QDir::Dirs);
    QCOMPARE(jobs.size(), 1);
    QVERIFY(QTest::qWaitFor([&] { return QFile::exists(dir("jobs/") + jobs.first() + QStringLiteral("/exit")); }, 60000));
    QVERIFY(hasNoConnection(5000));
    const Outcome outcome = weftRun({QStringLiteral("follow"), run});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    for (const pid_t link : links)
        ::kill(link, SIGKILL);
    QVERIFY(isClean());
}

void SshTargetTest::aLinkThatIsGoneIsEndedByTheNext()
{
    const QString run = dir("beyond");
    const std::vector<pid_t> links = leaveBehindDeadLink(train(run, 1000000), run);
    QVERIFY(!links.empty());
    QCOMPARE(weftRun({QStringLiteral("control"), run, QStringLiteral("stop")}).code, 0);
    const Outcome outcome = weftRun({QStringLiteral("follow"), run});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QVERIFY(hasNoConnection(5000));
    for (const pid_t link : links)
        ::kill(link, SIGKILL);
    QVERIFY(isClean());
}

QTEST_GUILESS_MAIN(SshTargetTest)
#include "ssh_target_test.moc"
