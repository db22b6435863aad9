#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "../system/process_fixtures.h"

using namespace weft::test;

class LaunchCommandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void targetsAreMadeShownAndRemoved();
    void wrongUseSaysWhatIsRight();
    void howToMakeTheImageIsPrinted();
    void aDryRunShowsWhatWouldBeSubmitted();
    void optionsThatATargetDecidesAreRefused();
    void aCopyOnATargetIsNotTrainedHereAsWell();
};

namespace {

QString example()
{
    return qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/examples/lenet-fashion-mnist.weft");
}

Outcome target(const char* line)
{
    return weftRun(QStringList{QStringLiteral("target")} + words(line));
}

} // namespace

void LaunchCommandsTest::targetsAreMadeShownAndRemoved()
{
    QCOMPARE(target("add box mpi hosts=node1:4,node2:4 threads=2").code, 0);
    QVERIFY(target("list").output.contains(QStringLiteral("hosts=node1:4,node2:4")));
    const QJsonObject box = QJsonDocument::fromJson(target("show box --json").output.toUtf8()).object();
    QCOMPARE(box.value(QStringLiteral("kind")).toString(), QStringLiteral("mpi"));
    QCOMPARE(box.value(QStringLiteral("fields")).toObject().value(QStringLiteral("directory")).toString(), QStringLiteral("weft-jobs"));
    QVERIFY(target("add box mpi hosts=a").errors.contains(QStringLiteral("weft target set box")));
    QCOMPARE(target("set box threads=3").code, 0);
    QVERIFY(target("show box").output.contains(QStringLiteral("threads          3")));
    QCOMPARE(target("remove box").code, 0);
    QCOMPARE(target("show box").code, 1);
    QCOMPARE(target("test local").code, 0);
    QVERIFY(target("fields kubernetes").output.contains(QStringLiteral("runsClaim")));
}

void LaunchCommandsTest::wrongUseSaysWhatIsRight()
{
    QCOMPARE(target("add x").code, 2);
    QCOMPARE(target("ad x").code, 2);
    QCOMPARE(target("add x mpi hosts").code, 2);
    QVERIFY(target("add x moon").errors.contains(QStringLiteral("local, mpi, slurm and kubernetes")));
    QVERIFY(target("add x mpi").errors.contains(QStringLiteral("needs hosts")));
    QVERIFY(target("rbac local").errors.contains(QStringLiteral("no Kubernetes cluster")));
    QVERIFY(target("test nowhere").errors.contains(QStringLiteral("weft target list")));
    QCOMPARE(weftRun({QStringLiteral("train"), example(), QStringLiteral("--dry-run")}).code, 2);
}

void LaunchCommandsTest::howToMakeTheImageIsPrinted()
{
    const QString image = QStringLiteral("registry.example:5000/team/weft:7");
    const QStringList lines = target("image registry.example:5000/team 7").output.split(QLatin1Char('\n'));
    QVERIFY(lines.at(1).endsWith(QStringLiteral(" build -f packaging/Containerfile -t %1 .").arg(image)));
    QVERIFY(lines.at(2).endsWith(QStringLiteral(" push ") + image));
    QVERIFY(lines.at(3).contains(QStringLiteral("weft target set NAME image=") + image));
    QVERIFY(QFile::exists(qEnvironmentVariable("WEFT_SOURCE_DIR") + QStringLiteral("/packaging/Containerfile")));

    const QJsonObject json = QJsonDocument::fromJson(target("image registry.example:5000/team 7 --json").output.toUtf8()).object();
    QCOMPARE(json.value(QStringLiteral("image")).toString(), image);
    QCOMPARE(json.value(QStringLiteral("commands")).toArray().at(1).toArray().last().toString(), image);

    QVERIFY(!target("image").output.contains(QStringLiteral(" push ")));
    QCOMPARE(weftRun({QStringLiteral("target"), QStringLiteral("image"), QStringLiteral("x; reboot")}).code, 1);
    QCOMPARE(target("image a b c").code, 2);
}

void LaunchCommandsTest::aDryRunShowsWhatWouldBeSubmitted()
{
    QCOMPARE(target("add here local ranks=3").code, 0);
    QCOMPARE(target("add hosts mpi hosts=node1:2,node2:2 directory=jobs").code, 0);
    QCOMPARE(target("add queue slurm nodes=2 ranksPerNode=4 time=1:00:00 partition=gpu gpusPerNode=4").code, 0);
    QCOMPARE(target("add cluster kubernetes image=weft:1 form=job kubectl=/bin/false").code, 0);
    const auto plan = [](const char* name) {
        return weftRun({QStringLiteral("train"), example(), QStringLiteral("--target"), QLatin1String(name), QStringLiteral("--dry-run"),
                        QStringLiteral("--seed=7")});
    };
    QVERIFY(plan("here").output.contains(QStringLiteral("--ranks=3")));
    const QString hosts = plan("hosts").output;
    QVERIFY(hosts.contains(QStringLiteral("node2 slots=2")) && hosts.contains(QStringLiteral("--ranks=4")) && hosts.contains(QStringLiteral("ssh ")));
    const QString queue = plan("queue").output;
    // It is a script that may be edited, the notes behind it too.
    QVERIFY(queue.startsWith(QStringLiteral("#!/bin/sh\n")) && hosts.startsWith(QStringLiteral("#!/bin/sh\n")));
    QVERIFY(hosts.contains(QStringLiteral("\n# node2 slots=2\n")));
    QCOMPARE(target("set queue saveSeconds=300").code, 0);
    QVERIFY(plan("queue").output.contains(QStringLiteral("#SBATCH --signal=B:USR1@300")));
    for (const char* line : {"#SBATCH --nodes=2", "#SBATCH --signal=B:USR1@120", "#SBATCH --requeue", "#SBATCH --partition=gpu", "#SBATCH --gres=gpu:4",
                             "--ranks=8", "scontrol requeue"})
        QVERIFY2(queue.contains(QLatin1String(line)), line);
    const QString cluster = plan("cluster").output;
    QVERIFY(cluster.startsWith(QStringLiteral("# The cluster could not be asked")));
    QVERIFY(cluster.contains(QStringLiteral("kind: \"Job\"")) && cluster.contains(QStringLiteral("\"seed\": 7")));
    QVERIFY(!cluster.contains(QStringLiteral("PRIVATE KEY")));
}

void LaunchCommandsTest::optionsThatATargetDecidesAreRefused()
{
    QCOMPARE(target("add other mpi hosts=node1").code, 0);
    for (const char* option : {"--ranks=2", "--weights=x", "--linger=3", "--expect-data=idx-0"}) {
        const Outcome outcome = weftRun({QStringLiteral("train"), example(), QStringLiteral("--target=other"), QLatin1String(option)});
        QVERIFY2(outcome.code == 2 && outcome.errors.contains(QStringLiteral("does not go with --target")), option);
    }
    const QTemporaryDir folder;
    QFile project(example());
    QVERIFY(project.open(QIODevice::ReadOnly));
    QFile files(folder.filePath(QStringLiteral("files.weft")));
    QVERIFY(files.open(QIODevice::WriteOnly));
    files.write(QString::fromUtf8(project.readAll()).replace(QStringLiteral("\"source\": \"fashion-mnist\""), QStringLiteral("\"source\": \"idx\", \"path\": \"data\"")).toUtf8());
    files.close();
    QCOMPARE(target("add pods kubernetes image=weft form=job kubectl=/bin/false").code, 0);
    const QStringList train{QStringLiteral("train"), files.fileName(), QStringLiteral("--target=pods"), QStringLiteral("--dry-run")};
    QVERIFY(weftRun(train).errors.contains(QStringLiteral("dataClaim")));
    QCOMPARE(target("set pods dataClaim=d dataPath=pictures").code, 0);
    QVERIFY(weftRun(train).output.contains(QStringLiteral("\"/data/pictures\"")));
    // Its job is no script.
    const Outcome script = weftRun(QStringList(train) << QStringLiteral("--script=") + files.fileName());
    QVERIFY2(script.code == 2 && script.errors.contains(QStringLiteral("hosts over SSH and Slurm")), qPrintable(script.errors));
    // Data that shall be copied must be here.
    QCOMPARE(target("add copying mpi hosts=node1 data=copy").code, 0);
    const Outcome copying = weftRun({QStringLiteral("train"), files.fileName(), QStringLiteral("--target=copying"), QStringLiteral("--dry-run")});
    QVERIFY2(copying.code == 1 && copying.errors.contains(QStringLiteral("/data")), qPrintable(copying.errors));
}

void LaunchCommandsTest::aCopyOnATargetIsNotTrainedHereAsWell()
{
    const QTemporaryDir folder;
    QFile record(folder.filePath(QStringLiteral("target.json")));
    QVERIFY(record.open(QIODevice::WriteOnly));
    record.write(R"({"schema": 1, "stage": "submitted", "id": "weft-00000000", "target": {"name": "away", "kind": "local", "fields": {}},
        "project_id": "", "project_name": "", "project_path": "", "base_dir": "", "options": [], "project": ""})");
    record.close();
    const Outcome outcome = weftRun({QStringLiteral("train"), example(), QStringLiteral("--resume"), QStringLiteral("--run-dir"), folder.path()});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.errors.contains(QStringLiteral("weft follow")));
}

QTEST_GUILESS_MAIN(LaunchCommandsTest)
#include "launch_commands_test.moc"
