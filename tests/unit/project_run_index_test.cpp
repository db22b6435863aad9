#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/error.h"
#include "core/project/run_index.h"

using namespace weft;

class ProjectRunIndexTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsAreFoundWithTheirBestEpoch();
    void aRunThatGoesOnIsReadAgain();
    void aDeletedRunDisappears();
    void runsElsewhereAreRemembered();
    void aDamagedIndexIsMadeAnew();
    void anUnwritableFolderSaysSo();

private:
    static void append(const QString& path, const QByteArray& text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::Append));
        file.write(text);
    }

    /// A run folder as the trainer leaves it after two epochs.
    static std::string makeRun(const QString& dir, const char* project, const char* created)
    {
        QDir().mkpath(dir);
        append(dir + QStringLiteral("/run.json"),
               QByteArray("{\"project\": {\"id\": \"") + project + "\", \"name\": \"LeNet\"}, \"created\": \"" + created
                   + "\", \"settings\": {\"epochs\": 3}}");
        append(dir + QStringLiteral("/events.jsonl"), "{\"seq\": 1, \"event\": \"started\", \"epochs\": 3}\n");
        epoch(dir, 1, 0.9, 0.5);
        epoch(dir, 2, 0.8, 0.6);
        return dir.toStdString();
    }

    static void epoch(const QString& dir, int number, double accuracy, double loss)
    {
        append(dir + QStringLiteral("/events.jsonl"),
               QStringLiteral("{\"seq\": %1, \"event\": \"epoch\", \"epoch\": %2, \"step\": %3, \"seconds\": 2.5, \"train\": {\"loss\": 0.1, "
                              "\"metrics\": {\"accuracy\": 1.0}}, "
                              "\"validation\": {\"loss\": %4, \"metrics\": {\"accuracy\": %5}}}\n")
                   .arg(number + 1)
                   .arg(number)
                   .arg(number * 100)
                   .arg(loss)
                   .arg(accuracy)
                   .toUtf8());
    }
};

void ProjectRunIndexTest::runsAreFoundWithTheirBestEpoch()
{
    const QTemporaryDir folder;
    const std::string root = folder.filePath(QStringLiteral("runs")).toStdString();
    const std::string first = makeRun(folder.filePath(QStringLiteral("runs/p1/a")), "p1", "2026-01-01T00:00:00Z");
    makeRun(folder.filePath(QStringLiteral("runs/p2/b")), "p2", "2026-01-02T00:00:00Z");
    QDir().mkpath(folder.filePath(QStringLiteral("runs/p2/no-run")));
    RunIndex index(folder.filePath(QStringLiteral("index/runs.sqlite")).toStdString());
    index.refresh(root);
    QCOMPARE(index.runs().size(), std::size_t{2});
    QCOMPARE(index.runs()[0].projectId, std::string("p2"));
    const std::vector<RunEntry> runs = index.runs("p1");
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0].dir, first);
    QCOMPARE(runs[0].projectName, std::string("LeNet"));
    QCOMPARE(runs[0].state, std::string("interrupted"));
    QCOMPARE(runs[0].epoch, std::int64_t{2});
    QCOMPARE(runs[0].epochs, std::int64_t{3});
    QCOMPARE(runs[0].seconds, 5.0);
    QCOMPARE(*runs[0].bestAccuracy, 0.9);
    QCOMPARE(*runs[0].bestLoss, 0.5);
}

void ProjectRunIndexTest::aRunThatGoesOnIsReadAgain()
{
    const QTemporaryDir folder;
    const QString dir = folder.filePath(QStringLiteral("runs/p1/a"));
    const std::string root = folder.filePath(QStringLiteral("runs")).toStdString();
    makeRun(dir, "p1", "2026-01-01T00:00:00Z");
    RunIndex index(folder.filePath(QStringLiteral("runs.sqlite")).toStdString());
    index.refresh(root);
    epoch(dir, 3, 0.95, 0.4);
    append(dir + QStringLiteral("/events.jsonl"), "{\"seq\": 5, \"event\": \"finished\"}\n");
    index.refresh(root);
    QCOMPARE(index.runs()[0].state, std::string("finished"));
    QCOMPARE(*index.runs()[0].bestAccuracy, 0.95);
}

void ProjectRunIndexTest::aDeletedRunDisappears()
{
    const QTemporaryDir folder;
    const std::string root = folder.filePath(QStringLiteral("runs")).toStdString();
    makeRun(folder.filePath(QStringLiteral("runs/p1/a")), "p1", "2026-01-01T00:00:00Z");
    RunIndex index(folder.filePath(QStringLiteral("runs.sqlite")).toStdString());
    index.refresh(root);
    QVERIFY(QDir(folder.filePath(QStringLiteral("runs/p1/a"))).removeRecursively());
    index.refresh(root);
    QVERIFY(index.runs().empty());
}

void ProjectRunIndexTest::runsElsewhereAreRemembered()
{
    const QTemporaryDir folder;
    const std::string elsewhere = makeRun(folder.filePath(QStringLiteral("my runs/猫")), "p1", "2026-01-01T00:00:00Z");
    const std::string path = folder.filePath(QStringLiteral("runs.sqlite")).toStdString();
    {
        RunIndex index(path);
        index.remember(elsewhere);
        QVERIFY_EXCEPTION_THROWN(index.remember(folder.path().toStdString()), Error);
    }
    RunIndex index(path);
    index.refresh(folder.filePath(QStringLiteral("runs")).toStdString());
    QCOMPARE(index.runs().size(), std::size_t{1});
    QCOMPARE(index.runs()[0].dir, elsewhere);
    index.forget(elsewhere);
    QVERIFY(index.runs().empty());
}

void ProjectRunIndexTest::aDamagedIndexIsMadeAnew()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("runs.sqlite"));
    append(path, QByteArray(10000, 'x'));
    makeRun(folder.filePath(QStringLiteral("runs/p1/a")), "p1", "2026-01-01T00:00:00Z");
    RunIndex index(path.toStdString());
    index.refresh(folder.filePath(QStringLiteral("runs")).toStdString());
    QCOMPARE(index.runs().size(), std::size_t{1});
}

void ProjectRunIndexTest::anUnwritableFolderSaysSo()
{
    const QTemporaryDir folder;
    append(folder.filePath(QStringLiteral("file")), "x");
    QVERIFY_EXCEPTION_THROWN(RunIndex(folder.filePath(QStringLiteral("file/runs.sqlite")).toStdString()), Error);
}

QTEST_GUILESS_MAIN(ProjectRunIndexTest)
#include "project_run_index_test.moc"
