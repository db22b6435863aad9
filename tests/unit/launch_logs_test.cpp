// What the parts of a job print is kept as it comes, each line once, whatever ends in between.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/launch/part_logs.h"
#include "tests/unit/data_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Parts whose logs are files of this machine; `words` may read them otherwise.
class FileLauncher : public Launcher {
public:
    explicit FileLauncher(QString folder) : m_folder(std::move(folder)) {}
    std::vector<Finding> check() override { return {}; }
    std::string plan(const JobRequest&) override { return {}; }
    void prepare() override {}
    void submit(const JobRequest&) override {}
    JobState state(const std::string&) override { return {}; }
    CommandLine follow(const std::string&, std::int64_t) override { return {"true", {}}; }
    void control(const std::string&, const std::string&) override {}
    std::string log(const std::string&) override { return {}; }
    bool fetch(const std::string&, const std::string&) override { return false; }
    void kill(const std::string&) override {}
    void clean(const std::string&) override {}
    CommandLine followPart(const std::string&, const std::string& part, const KnownLog& known) override
    {
        ++calls;
        const std::string file = (m_folder + QLatin1Char('/') + QString::fromStdString(part)).toStdString();
        if (readsByBytes)
            return {"tail", {"-c", "+" + std::to_string(known.bytes + 1), file}};
        return {"cat", {file}};
    }

    int calls = 0;
    bool readsByBytes = false;

private:
    QString m_folder;
};

JobPart part(const char* name, bool isOver, int restarts = 0)
{
    return {name, "Running", "node1", restarts, {}, true, isOver};
}

} // namespace

class LaunchLogsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void eachLineIsKeptOnce();
    void aLogGoesOnWhereItsFileEnds();
    void logsWithoutTimesGoOnByBytes();
    void ranksOfAJobFolderAreFollowed();
    void aPartThatIsGoneIsLeft();
    void aReportComesBackAsItWas();

private:
    QString path(const char* name) const { return m_folder->filePath(QLatin1String(name)); }
    QByteArray kept(const char* name) const
    {
        QFile file(path("run/logs/") + QLatin1String(name) + QStringLiteral(".log"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void print(const char* part, const QByteArray& text) const
    {
        QFile file(path(part));
        QVERIFY(file.open(QIODevice::Append));
        file.write(text);
    }
    RunPaths run() const { return {path("run").toStdString()}; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void LaunchLogsTest::eachLineIsKeptOnce()
{
    print("pod", "2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.000000002Z two\n");
    FileLauncher launcher(m_folder->path());
    PartLogs logs(run(), launcher, "weft-1");
    logs.follow({part("pod", false)});
    QTRY_VERIFY((logs.poll(), kept("pod").endsWith("two\n")));
    // The link is gone and comes back: the target prints all again, and more.
    print("pod", "2026-01-01T00:00:00.000000003Z three\n");
    logs.follow({part("pod", true)});
    logs.drain();
    QCOMPARE(kept("pod"),
             QByteArray("2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.000000002Z two\n2026-01-01T00:00:00.000000003Z three\n"));
    const int calls = launcher.calls;
    logs.poll();
    QCOMPARE(launcher.calls, calls);
}

void LaunchLogsTest::aLogGoesOnWhereItsFileEnds()
{
    QVERIFY(QDir().mkpath(path("run/logs")));
    // The last line was cut by a full disk or a kill.
    writeFile(path("run/logs/pod.log"), "2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.00000");
    print("pod", "2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.000000002Z two\n");
    FileLauncher launcher(m_folder->path());
    PartLogs logs(run(), launcher, "weft-1");
    logs.follow({part("pod", true)});
    logs.drain();
    QCOMPARE(kept("pod"), QByteArray("2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.000000002Z two\n"));
}

void LaunchLogsTest::logsWithoutTimesGoOnByBytes()
{
    FileLauncher launcher(m_folder->path());
    launcher.readsByBytes = true;
    print("host", "one\ntwo\nthr");
    for (int time = 0; time < 2; ++time) {
        PartLogs logs(run(), launcher, "weft-1");
        logs.follow({part("host", true)});
        logs.drain();
        QCOMPARE(kept("host"), QByteArray(time == 0 ? "one\ntwo\n" : "one\ntwo\nthree\n"));
        print("host", "ee\n");
    }
}

/// Whoever follows may go and come back at any time.
void LaunchLogsTest::ranksOfAJobFolderAreFollowed()
{
    QVERIFY(QDir().mkpath(path("jobs/weft-1/run/logs")));
    const std::unique_ptr<Launcher> launcher
        = makeLauncher({"s", TargetKind::Slurm, {{"directory", path("jobs").toStdString()}}});
    QCOMPARE(launcher->rankLog(1), std::string("rank-1"));
    QCOMPARE(makeLauncher({"s", TargetKind::Slurm, {{"start", "srun"}}})->rankLog(1), std::string());
    print("jobs/weft-1/log", "of all\n");
    QByteArray all;
    for (const char* line : {"12:00:00.000 one\n", "12:00:00.000 one\n", "12:00:01.000 two\n"}) {
        print("jobs/weft-1/run/logs/rank-1.log", line);
        all += line;
        PartLogs logs(run(), *launcher, "weft-1");
        logs.follow({part("node1", false), part("rank-1", false)});
        QTRY_COMPARE((logs.poll(), kept("rank-1")), all);
        QTRY_COMPARE((logs.poll(), kept("node1")), QByteArray("of all\n"));
    }
}

void LaunchLogsTest::aPartThatIsGoneIsLeft()
{
    FileLauncher launcher(m_folder->path());
    PartLogs logs(run(), launcher, "weft-1");
    logs.follow({part("../outside", true)});
    logs.drain();
    QVERIFY(!QFile::exists(path("run/outside.log")));
    logs.follow({part("pod", false)});
    logs.follow({});
    const int calls = launcher.calls;
    logs.poll();
    logs.drain();
    QCOMPARE(launcher.calls, calls);
}

void LaunchLogsTest::aReportComesBackAsItWas()
{
    QVERIFY(QDir().mkpath(path("run")));
    QVERIFY(!readJobReport(run()));
    JobState state;
    state.phase = JobPhase::Queued;
    state.reasons.push_back(message(WEFT_TEXT("Launch", "%1: %2"), "a", "b"));
    state.parts.push_back({"pod-0", "Running", "node1", 2, "OOMKilled (137)", true, false});
    writeJobReport(run(), state);
    const std::optional<JobReport> report = readJobReport(run());
    QVERIFY(report);
    QCOMPARE(report->phase, JobPhase::Queued);
    QCOMPARE(report->reasons, QStringList{QStringLiteral("a: b")});
    QCOMPARE(report->parts.size(), std::size_t{1});
    const JobPart& back = report->parts.front();
    QVERIFY(back.name == "pod-0" && back.state == "Running" && back.node == "node1" && back.restarts == 2 && back.message == "OOMKilled (137)");
    QVERIFY(back.hasBegun && !back.isOver && !report->time.isEmpty());
}

QTEST_GUILESS_MAIN(LaunchLogsTest)
#include "launch_logs_test.moc"
