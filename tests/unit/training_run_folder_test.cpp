#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "core/training/run_folder.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

QJsonObject atStep(int step)
{
    return {{QStringLiteral("step"), step}};
}

QStringList names(const std::vector<QJsonObject>& events)
{
    QStringList list;
    for (const QJsonObject& event : events)
        list << event.value(QStringLiteral("event")).toString() + QString::number(event.value(QStringLiteral("step")).toInt());
    return list;
}

} // namespace

class TrainingRunFolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void eventsAreNumberedLines();
    void aTornLineWaitsForItsRest();
    void aTornLineIsCutWhenTheRunGoesOn();
    void damageInTheMiddleIsCounted();
    void readersStartAtASequenceNumber();
    void undoneEventsAreDropped();
    void aHeldLockNamesItsHolder();
    void commandsAreReadOnce();
    void checkpointsAreFoundByName();

private:
    std::string path(const char* name) const { return m_folder->filePath(QLatin1String(name)).toStdString(); }
    QByteArray contents(const char* name) const
    {
        QFile file(m_folder->filePath(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TrainingRunFolderTest::eventsAreNumberedLines()
{
    EventWriter writer(path("events.jsonl"));
    writer.write(QStringLiteral("started"), {});
    writer.write(QStringLiteral("batch"), atStep(1));
    const QList<QByteArray> lines = contents("events.jsonl").split('\n');
    QCOMPARE(lines.size(), 3);
    const QJsonObject second = QJsonDocument::fromJson(lines[1]).object();
    QCOMPARE(second.value(QStringLiteral("seq")).toInt(), 2);
    QCOMPARE(second.value(QStringLiteral("event")).toString(), QStringLiteral("batch"));
    QVERIFY(QDateTime::fromString(second.value(QStringLiteral("time")).toString(), Qt::ISODateWithMs).isValid());
}

void TrainingRunFolderTest::aTornLineWaitsForItsRest()
{
    const QString file = m_folder->filePath(QStringLiteral("events.jsonl"));
    const QByteArray line = R"({"seq":1,"event":"batch","step":1})";
    writeFile(file, line + "\n" + line.left(9));
    EventReader reader(file.toStdString());
    QCOMPARE(reader.poll().size(), 1u);
    QCOMPARE(reader.poll().size(), 0u);
    writeFile(file, line + "\n" + line + "\n");
    QCOMPARE(reader.poll().size(), 1u);
    QCOMPARE(reader.damagedLines(), 0);
}

void TrainingRunFolderTest::aTornLineIsCutWhenTheRunGoesOn()
{
    writeFile(m_folder->filePath(QStringLiteral("events.jsonl")), "{\"seq\":41,\"event\":\"batch\",\"step\":5}\n{\"seq\":42,\"ev");
    EventReader reader(path("events.jsonl"));
    QCOMPARE(names(reader.poll()), QStringList{QStringLiteral("batch5")});
    EventWriter writer(path("events.jsonl"));
    writer.write(QStringLiteral("resumed"), atStep(3));
    QCOMPARE(writer.lastSeq(), 42);
    QCOMPARE(names(reader.poll()), QStringList{QStringLiteral("resumed3")});
    QCOMPARE(reader.damagedLines(), 0);
    QCOMPARE(contents("events.jsonl").count('\n'), 2);
}

void TrainingRunFolderTest::damageInTheMiddleIsCounted()
{
    writeFile(m_folder->filePath(QStringLiteral("events.jsonl")),
              "{\"seq\":1,\"event\":\"a\"}\n\xff\xfe nonsense\n[1]\n{\"seq\":2,\"event\":\"b\"}\n");
    EventReader reader(path("events.jsonl"));
    QCOMPARE(reader.poll().size(), 2u);
    QCOMPARE(reader.damagedLines(), 2);
}

void TrainingRunFolderTest::readersStartAtASequenceNumber()
{
    EventWriter writer(path("events.jsonl"));
    for (int step = 1; step <= 5; ++step)
        writer.write(QStringLiteral("batch"), atStep(step));
    EventReader reader(path("events.jsonl"), 4);
    QCOMPARE(names(reader.poll()), (QStringList{QStringLiteral("batch4"), QStringLiteral("batch5")}));
}

void TrainingRunFolderTest::undoneEventsAreDropped()
{
    EventWriter writer(path("events.jsonl"));
    for (int step = 1; step <= 4; ++step)
        writer.write(QStringLiteral("batch"), atStep(step));
    writer.write(QStringLiteral("resumed"), atStep(2));
    writer.write(QStringLiteral("batch"), atStep(3));
    std::vector<QJsonObject> events = EventReader(path("events.jsonl")).poll();
    dropUndoneEvents(events);
    QCOMPARE(names(events), (QStringList{QStringLiteral("batch1"), QStringLiteral("batch2"), QStringLiteral("resumed2"), QStringLiteral("batch3")}));
}

void TrainingRunFolderTest::aHeldLockNamesItsHolder()
{
    QVERIFY(!RunLock::isHeld(path("run.lock")));
    {
        const RunLock lock(path("run.lock"));
        QVERIFY(RunLock::isHeld(path("run.lock")));
        const std::string message = errorOf([&] { RunLock second(path("run.lock")); });
        QVERIFY(says(message, qPrintable(QString::number(QCoreApplication::applicationPid()))));
        QVERIFY(says(message, qPrintable(QSysInfo::machineHostName())));
    }
    QVERIFY(!RunLock::isHeld(path("run.lock")));
    const RunLock again(path("run.lock"));
}

void TrainingRunFolderTest::commandsAreReadOnce()
{
    const RunPaths run{m_folder->path().toStdString()};
    QVERIFY(says(errorOf([&] { sendControl(run, QStringLiteral("stop")); }), "takes no commands"));
    writeFile(QString::fromStdString(run.control()), "");
    const std::string first = sendControl(run, QStringLiteral("pause"));
    const std::string second = sendControl(run, QStringLiteral("set"), QStringLiteral("training.epochs"), QStringLiteral("9"));
    QVERIFY(first != second);
    ControlReader reader(run.control(), {first});
    const std::vector<ControlCommand> commands = reader.poll();
    QCOMPARE(commands.size(), 1u);
    QCOMPARE(commands[0].id, second);
    QCOMPARE(commands[0].key, QStringLiteral("training.epochs"));
    QCOMPARE(commands[0].value, QStringLiteral("9"));
    QVERIFY(reader.poll().empty());
}

void TrainingRunFolderTest::checkpointsAreFoundByName()
{
    const RunPaths run{m_folder->path().toStdString()};
    QVERIFY(says(errorOf([&] { resolveCheckpoint(run, "best"); }), "no checkpoint yet"));
    writeFile(QString::fromStdString(run.checkpoint(20)), "x");
    writeFile(QString::fromStdString(run.checkpoint(100)), "x");
    writeFile(QString::fromStdString(run.checkpoints() + "/30.safetensors.tmp1"), "x");
    writeFile(QString::fromStdString(run.best()), "checkpoints/20.safetensors\n");
    writeFile(QString::fromStdString(run.last()), "checkpoints/100.safetensors\n");
    QCOMPARE(checkpointSteps(run), (std::vector<std::int64_t>{20, 100}));
    QCOMPARE(resolveCheckpoint(run, "best"), run.checkpoint(20));
    QCOMPARE(resolveCheckpoint(run, "last"), run.checkpoint(100));
    QCOMPARE(resolveCheckpoint(run, "100"), run.checkpoint(100));
    QVERIFY(says(errorOf([&] { resolveCheckpoint(run, "30"); }), "20, 100"));
    writeFile(QString::fromStdString(run.best()), "../../etc/passwd\n");
    QVERIFY(says(errorOf([&] { resolveCheckpoint(run, "best"); }), "missing"));
}

QTEST_GUILESS_MAIN(TrainingRunFolderTest)
#include "training_run_folder_test.moc"
