#include <algorithm>
#include <atomic>
#include <set>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/launch/data_shards.h"
#include "core/launch/kubernetes/engine_image.h"
#include "core/launch/kubernetes/kubectl.h"
#include "core/launch/launcher.h"
#include "core/launch/place.h"
#include "core/launch/program.h"
#include "core/launch/slurm_launcher.h"
#include "core/launch/state_watch.h"
#include "core/launch/target_store.h"
#include "core/version.h"

using namespace weft;

namespace {

template <class Call> std::string refusal(Call call)
{
    try {
        call();
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

Target cluster()
{
    Target target{"cluster", TargetKind::Kubernetes, {}};
    setField(target, "image", "registry.example/weft:1");
    return target;
}

} // namespace

class LaunchTargetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fieldsHaveDefaultsAndRefuseNonsense();
    void noFieldCanBecomeAnOptionOrASecret();
    void imagesHaveNamesThatRegistriesTake();
    void theStoreKeepsTargetsAndNamesDamage();
    void wordsComeThroughAShellUnchanged();
    void aProgramIsReadToItsEndOrItsLimit();
    void linesComeAsTheyAreWritten();
    void aRunThatGoesOnCanBeFetched();
    void slurmTellsWhyAJobWaits();
    void aTargetIsAskedLessWhileNothingChanges();
    void dataAreCutForTheRanksOfEachHost();
    void filesOfAListGoThroughTheFirstHost();

private:
    QTemporaryDir m_folder;
    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
};

void LaunchTargetsTest::fieldsHaveDefaultsAndRefuseNonsense()
{
    Target target = cluster();
    // That of the context, where kubectl knows one.
    for (const char* kubectl : {"/bin/false", "no-such-program"})
        QCOMPARE(withNamespace({"c", TargetKind::Kubernetes, {{"kubectl", kubectl}}}).value("namespace"), std::string("default"));
    QCOMPARE(withNamespace({"c", TargetKind::Kubernetes, {{"namespace", "team"}}}).value("namespace"), std::string("team"));
    QCOMPARE(target.integer("workers"), 1);
    setField(target, "workers", "8");
    setField(target, "nodeSelector", "disk=ssd,zone=b");
    QCOMPARE(target.integer("workers"), 8);
    QCOMPARE(target.pairs("nodeSelector").back(), (std::pair<std::string, std::string>("zone", "b")));
    setField(target, "workers", "");
    QCOMPARE(target.integer("workers"), 1);
    QCOMPARE(refusal([&] { setField(target, "wrokers", "3"); }), std::string("A target of the kind kubernetes has no field wrokers. Did you mean workers?"));
    QVERIFY(refusal([&] { setField(target, "workers", "0"); }).find("from 1 to 4096") != std::string::npos);
    QVERIFY(refusal([&] { setField(target, "memory", "much"); }).find("8Gi") != std::string::npos);
    QVERIFY(refusal([&] { setField(target, "form", "pod"); }).find("auto, mpijob, job") != std::string::npos);
    QVERIFY(refusal([&] { setField(target, "namespace", "Not A Name"); }).find("small letters") != std::string::npos);
    QCOMPARE(Target({"c", TargetKind::Kubernetes, {}}).value("image"), "localhost/weft:" + std::string(versionText()));
    QVERIFY(refusal([] { checkTarget({"c", TargetKind::Mpi, {}}); }).find("needs hosts") != std::string::npos);
    QVERIFY(refusal([] { checkTarget({"a/b", TargetKind::Local, {}}); }).find("no name for a target") != std::string::npos);
    QVERIFY(refusal([] { targetKind("cloud"); }).find("local, mpi, slurm and kubernetes") != std::string::npos);

    Target hosts{"hosts", TargetKind::Mpi, {}};
    setField(hosts, "hosts", "node1:4,me@node2");
    QCOMPARE(hosts.hosts("hosts").size(), std::size_t{2});
    QCOMPARE(hosts.hosts("hosts")[0].ranks, 4);
    QCOMPARE(hosts.hosts("hosts")[1].host, std::string("me@node2"));
}

void LaunchTargetsTest::noFieldCanBecomeAnOptionOrASecret()
{
    Target hosts{"hosts", TargetKind::Mpi, {}};
    for (const char* bad : {"-oProxyCommand=sh", "node1,-oX", "a b", "$(id)", "node:0", "node:x", ",", "a;b"})
        QVERIFY2(!refusal([&] { setField(hosts, "hosts", bad); }).empty(), bad);
    Target target = cluster();
    QVERIFY(!refusal([&] { setField(target, "image", "two\nlines"); }).empty());
    QVERIFY(!refusal([&] { setField(target, "kubeconfig", "-x"); }).empty());
    QVERIFY(refusal([&] { setField(target, "proxy", "http://me:secret@proxy"); }).find("no passwords") != std::string::npos);
}

void LaunchTargetsTest::imagesHaveNamesThatRegistriesTake()
{
    QCOMPARE(engineImage("registry.example:5000/team/nets", "v1.2"), std::string("registry.example:5000/team/nets/weft:v1.2"));
    QCOMPARE(engineImage("registry.example"), "registry.example/weft:" + std::string(versionText()));
    for (const char* bad : {"registry/Team", "-f", "a b", "$(id)", "registry/", "registry:port", "../x"})
        QVERIFY2(refusal([&] { engineImage(bad); }).find(bad) != std::string::npos, bad);
    for (const char* bad : {"-f", "a b", "a:b", ";id", ".x"})
        QVERIFY2(refusal([&] { engineImage("registry", bad); }).find(bad) != std::string::npos, bad);

    QCOMPARE(engineImageCommands("podman", engineImage()).size(), std::size_t{1}); // nowhere to push to
    const std::vector<CommandLine> commands = engineImageCommands("podman", "registry/weft:1");
    QCOMPARE(shown(commands.front()), std::string("podman build -f packaging/Containerfile -t registry/weft:1 ."));
    QCOMPARE(shown(commands.back()), std::string("podman push registry/weft:1"));
}

void LaunchTargetsTest::theStoreKeepsTargetsAndNamesDamage()
{
    const TargetStore none(path("none/targets.json"));
    QCOMPARE(none.all().size(), std::size_t{1});
    QCOMPARE(none.find("local").kind, TargetKind::Local);

    const std::string file = path("config/weft/targets.json");
    TargetStore(file).put(cluster());
    QCOMPARE(TargetStore(file).find("cluster"), cluster());
    QVERIFY(refusal([&] { TargetStore(file).find("clustre"); }).find("Did you mean cluster?") != std::string::npos);
    QVERIFY(refusal([&] { TargetStore(file).remove("local"); }).find("always there") != std::string::npos);
    TargetStore(file).remove("cluster");
    QCOMPARE(TargetStore(file).all().size(), std::size_t{1});

    for (const char* damage : {"{\"weft\": 1, \"targets\": [", "[]", "{\"weft\": 1, \"targets\": [{\"name\": \"x\", \"kind\": \"moon\", \"fields\": {}}]}",
                               "{\"weft\": 99, \"targets\": []}"}) {
        QFile damaged(QString::fromStdString(file));
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        damaged.write(damage);
        damaged.close();
        QVERIFY(!refusal([&] { TargetStore(file).put(cluster()); }).empty());
        QVERIFY(damaged.open(QIODevice::ReadOnly));
        QCOMPARE(damaged.readAll(), QByteArray(damage));
    }
    QVERIFY(refusal([&] { TargetStore(file).all(); }).find(file) != std::string::npos);
}

void LaunchTargetsTest::wordsComeThroughAShellUnchanged()
{
    const std::vector<std::string> words{"printf", "%s\\n", "it's", "$(touch hacked)", "`id`", "a\"b", "two\nlines", "", "-n", "*", "~", "日本語", "\\"};
    const ProgramEnd end = runProgram({"sh", {"-c", shellQuoted(words)}});
    std::string expected;
    for (std::size_t i = 2; i < words.size(); ++i)
        expected += words[i] + "\n";
    QCOMPARE(end.output, expected);
    // ssh hands one text to the shell of the other side; a place here takes them one by one.
    const CommandLine remote = placeBySsh("node", {})->command({"rm", "a b"});
    QCOMPARE(remote.arguments.back(), std::string("rm 'a b'"));
    QCOMPARE(*(remote.arguments.end() - 3), std::string("--"));
    QCOMPARE(placeHere()->run({"printf", "%s", "a $HOME"}).output, std::string("a $HOME"));
}

void LaunchTargetsTest::aProgramIsReadToItsEndOrItsLimit()
{
    QCOMPARE(runProgram({"cat", {}}, "given").output, std::string("given"));
    const ProgramEnd failed = runProgram({"sh", {"-c", "echo first >&2; echo why >&2; exit 3"}});
    QCOMPARE(failed.code, 3);
    QCOMPARE(failed.reason(), std::string("why"));
    QVERIFY(runProgram({"sleep", {"60"}}, {}, 50).isTimedOut);
    QVERIFY(refusal([] { runProgram({"no-such-program", {}}); }).find("not installed") != std::string::npos);
    QVERIFY(refusal([] { runPipe({"sh", {"-c", "echo broken >&2; exit 1"}}, {"cat", {}}); }).find("broken") != std::string::npos);
}

void LaunchTargetsTest::linesComeAsTheyAreWritten()
{
    LineStream stream({"sh", {"-c", "echo one; printf 'two\\nthr'; echo ee; echo lost >&2"}});
    QByteArrayList lines;
    while (stream.poll(1000, [&](const QByteArray& line) { lines << line; })) { }
    QCOMPARE(lines, (QByteArrayList{"one", "two", "three"}));
    QCOMPARE(stream.reason(), std::string("lost"));
}

/// tar ends with 1 where a file has changed while it was read.
void LaunchTargetsTest::aRunThatGoesOnCanBeFetched()
{
    QDir folder(m_folder.path());
    QVERIFY(folder.mkpath(QStringLiteral("bin")) && folder.mkpath(QStringLiteral("jobs/weft-1/run")) && folder.mkpath(QStringLiteral("fetched")));
    const std::string tar = QStandardPaths::findExecutable(QStringLiteral("tar")).toStdString();
    QFile program(folder.filePath(QStringLiteral("bin/tar")));
    QVERIFY(program.open(QFile::WriteOnly));
    program.write(QByteArray::fromStdString("#!/bin/sh\n" + tar + " \"$@\" || exit\n[ \"$1\" != -c ] || exit 1\n"));
    program.close();
    program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile events(folder.filePath(QStringLiteral("jobs/weft-1/run/events.jsonl")));
    QVERIFY(events.open(QFile::WriteOnly));
    events.close();
    const QByteArray paths = qgetenv("PATH");
    qputenv("PATH", folder.filePath(QStringLiteral("bin")).toUtf8() + ':' + paths);
    const std::string fault
        = refusal([&] { makeLauncher({"s", TargetKind::Slurm, {{"directory", path("jobs")}}})->fetch("weft-1", path("fetched")); });
    qputenv("PATH", paths);
    QCOMPARE(fault, std::string());
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("fetched/events.jsonl"))));
}

/// 40 pictures in two classes, of which four are set aside for validation and as many for tests.
class Pictures : public Dataset {
public:
    explicit Pictures(bool canBeCut) : m_canBeCut(canBeCut) {}
    const std::vector<Column>& columns() const override { return m_columns; }
    const std::vector<std::string>& classNames() const override { return m_names; }
    std::int64_t size(Split split) const override { return split == Split::Train ? 32 : 4; }
    void read(Split, std::int64_t, int, void*) const override {}
    std::string sampleName(Split split, std::int64_t index) const override { return std::string(nameOf(split)) + "/" + std::to_string(index) + ".png"; }
    std::span<const std::int32_t> labels(Split) const override { return {}; }
    std::string fingerprint() const override { return "images-77"; }
    const std::vector<DataWarning>& warnings() const override { return m_warnings; }
    std::string partIndex() const override { return m_canBeCut ? "index" : ""; }

private:
    bool m_canBeCut;
    std::vector<Column> m_columns;
    std::vector<std::string> m_names;
    std::vector<DataWarning> m_warnings;
};

void LaunchTargetsTest::dataAreCutForTheRanksOfEachHost()
{
    Target target{"pair", TargetKind::Mpi, {}};
    setField(target, "hosts", "alpha:1,beta:2");
    setField(target, "data", "shards");
    TrainingSettings settings;
    settings.batchSize = 9;
    const DataShards shards = cutData(Pictures(true), settings, target);
    QCOMPARE(shards.files.size(), std::size_t{2});
    QCOMPARE(shards.index, std::string("index"));
    QCOMPARE(shards.name.rfind("images-77-", 0), std::size_t{0});
    std::set<std::string> all;
    for (std::size_t host = 0; host < 2; ++host) {
        const std::vector<std::string>& files = shards.files[host];
        // A third of each batch of 9, and of the last one of 5 the two that are rank 0's.
        QCOMPARE(files.size(), std::size_t(host == 0 ? 3 * 3 + 2 + 8 : 6 * 3 + 3 + 8));
        const auto has = [&](const char* name) { return std::find(files.begin(), files.end(), name) != files.end(); };
        QCOMPARE(has("train/0.png"), host == 0);
        QCOMPARE(has("train/3.png"), host == 1);
        QCOMPARE(has("train/9.png"), host == 0);
        QVERIFY(has("validation/3.png") && has("test/0.png"));
        all.insert(files.begin(), files.end());
    }
    QCOMPARE(all.size(), std::size_t{40});

    QTemporaryDir dir;
    const std::string folder = dir.filePath(QStringLiteral("shards")).toStdString();
    writeShards(folder, shards);
    QCOMPARE(shardIndex(folder), std::string("index"));
    QFile list(QString::fromStdString(shardList(folder, 0)));
    QVERIFY(list.open(QIODevice::ReadOnly));
    QVERIFY(list.readAll().startsWith(QByteArray("train/0.png\0train/1.png\0", 24)));

    settings.batchSize = 6; // other samples lie elsewhere, and so in another folder
    QVERIFY(cutData(Pictures(true), settings, target).name != shards.name);
    settings.distributed.update = "asynchronous";
    QVERIFY_EXCEPTION_THROWN(cutData(Pictures(true), settings, target), Error);
    QVERIFY_EXCEPTION_THROWN(cutData(Pictures(false), {}, target), Error);
    Target queue{"queue", TargetKind::Slurm, {}};
    QVERIFY_EXCEPTION_THROWN(setField(queue, "data", "shards"), Error);
}

void LaunchTargetsTest::filesOfAListGoThroughTheFirstHost()
{
    const std::vector<std::string> words = rsyncListWords("/lists/1", "/my data", "alpha", "me@beta", "jobs/data", "");
    const auto rsh = std::find_if(words.begin(), words.end(), [](const std::string& word) { return word.rfind("--rsh=", 0) == 0; });
    QVERIFY(rsh != words.end() && rsh->find(" alpha ssh ") != std::string::npos);
    QCOMPARE(words[words.size() - 2], std::string("/my data/"));
    QCOMPARE(words.back(), std::string("me@beta:jobs/data"));
    for (const std::string& word : rsyncListWords("/lists/0", "/my data", "", "alpha", "jobs/data", ""))
        QVERIFY(word.find(" ssh ") == std::string::npos);
}

void LaunchTargetsTest::slurmTellsWhyAJobWaits()
{
    QCOMPARE(slurmState("").phase, JobPhase::Absent);
    const JobState waiting = slurmState("PENDING|Resources|N/A||17");
    QCOMPARE(waiting.phase, JobPhase::Queued);
    QCOMPARE(english(waiting.reasons.front()), std::string("It waits until nodes are free."));
    QVERIFY(english(slurmState("PENDING|Licenses|2026-01-01T10:00:00||17").reasons.front()).find("2026-01-01T10:00:00") != std::string::npos);
    QCOMPARE(slurmState("RUNNING|None|x|node1|17").phase, JobPhase::Running);
    QCOMPARE(slurmState("RUNNING|None|x|node1|17").parts.front().node, std::string("node1"));
    QCOMPARE(slurmState("COMPLETED|None|x|node1|17").phase, JobPhase::Succeeded);
    QCOMPARE(english(slurmState("TIMEOUT|TimeLimit|x|node1|17").reasons.front()), std::string("The time limit ended the job."));
    QCOMPARE(slurmState("OUT_OF_MEMORY|OutOfMemory|x|node1|17").phase, JobPhase::Failed);
    QVERIFY(slurmState("CANCELLED|None|x|node1|17").isEndedFromOutside);
    // Of a job that failed by itself the run knows more.
    const JobState failed = slurmState("FAILED|NonZeroExitCode|x|node1|17");
    QVERIFY(failed.phase == JobPhase::Failed && failed.reasons.empty() && !failed.isEndedFromOutside);

    const std::string queue = "all|weft-1\nfast|weft-2\nall|weft-3\nfast|weft-4\n";
    QCOMPARE(slurmPlace(queue, "weft-4"), std::pair(2, 2));
    QCOMPARE(slurmPlace(queue, "weft-1"), std::pair(1, 2));
    QCOMPARE(slurmPlace(queue, "weft-5"), std::pair(0, 0));
}

/// A job that waits and waits.
class Waiting : public Launcher {
public:
    std::vector<Finding> check() override { return {}; }
    std::string plan(const JobRequest&) override { return {}; }
    void prepare() override {}
    void submit(const JobRequest&) override {}
    JobState state(const std::string&) override
    {
        ++asked;
        return {JobPhase::Queued, {}, false, {}};
    }
    std::chrono::milliseconds longestRest() const override { return std::chrono::hours(1); }
    CommandLine follow(const std::string&, std::int64_t) override { return {"true", {}}; }
    CommandLine followPart(const std::string&, const std::string&, const KnownLog&) override { return {"true", {}}; }
    void control(const std::string&, const std::string&) override {}
    std::string log(const std::string&) override { return {}; }
    bool fetch(const std::string&, const std::string&) override { return false; }
    void kill(const std::string&) override {}
    void clean(const std::string&) override {}

    std::atomic<int> asked = 0;
};

void LaunchTargetsTest::aTargetIsAskedLessWhileNothingChanges()
{
    // The default asks as often as ever; a queue that many share does not.
    const Target hosts{"h", TargetKind::Mpi, {{"hosts", "node1"}}};
    QVERIFY(makeLauncher({"s", TargetKind::Slurm, {}})->longestRest() >= 10 * makeLauncher(hosts)->longestRest());
    Waiting launcher;
    QElapsedTimer since;
    since.start();
    StateWatch watch(launcher, "weft-1", std::chrono::milliseconds(500));
    QVERIFY(QTest::qWaitFor([&] { return launcher.asked == 3; }, 30000));
    QVERIFY2(since.elapsed() >= 1400, qPrintable(QString::number(since.elapsed()))); // half a second and a whole one
    // The next rest would be of two seconds.
    since.restart();
    watch.hurry();
    QVERIFY(QTest::qWaitFor([&] { return launcher.asked == 4; }, 30000));
    QVERIFY2(since.elapsed() < 1900, qPrintable(QString::number(since.elapsed())));
}

QTEST_GUILESS_MAIN(LaunchTargetsTest)
#include "launch_targets_test.moc"
