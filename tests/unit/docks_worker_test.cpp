#include <csignal>

#include <QJsonArray>
#include <QTest>

#include "tests/unit/docks_fixtures.h"
#include "widgets/worker_client.h"

using namespace weft;

namespace {

struct Reply {
    bool isHere = false;
    QJsonObject result;
    QString error;
};

WorkerClient::Answer into(Reply& reply)
{
    return [&reply](const QJsonObject& result, const QString& error) { reply = {true, result, error}; };
}

QJsonObject openParams(const QString& table)
{
    return {{QStringLiteral("data"), QJsonObject{{QStringLiteral("source"), QStringLiteral("csv")}, {QStringLiteral("path"), table}}},
            {QStringLiteral("baseDir"), QStringLiteral("/")}};
}

} // namespace

class DocksWorkerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsAtTheFirstRequestAndAnswers();
    void errorsReachTheCaller();
    void startsAgainAfterItDied();
    void aMissingProgramIsAnError();
    void answersOfAGoneContextAreDropped();
    void endsWithItsClient();
};

void DocksWorkerTest::startsAtTheFirstRequestAndAnswers()
{
    QTemporaryDir dir;
    test::writeTable(dir.filePath(QStringLiteral("table.csv")));
    WorkerClient worker;
    QCOMPARE(worker.processId(), 0);
    Reply first;
    Reply second;
    worker.request(QStringLiteral("dataset.open"), openParams(dir.filePath(QStringLiteral("table.csv"))), this, into(first));
    worker.request(QStringLiteral("dataset.open"), openParams(dir.filePath(QStringLiteral("table.csv"))), this, into(second));
    QTRY_VERIFY_WITH_TIMEOUT(second.isHere, 20000);
    QVERIFY2(first.isHere && first.error.isEmpty(), qPrintable(first.error));
    QCOMPARE(first.result, second.result);
    QCOMPARE(first.result.value(QStringLiteral("class_names")).toArray().size(), 3);
}

void DocksWorkerTest::errorsReachTheCaller()
{
    WorkerClient worker;
    Reply reply;
    worker.request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), this, into(reply));
    QTRY_VERIFY_WITH_TIMEOUT(reply.isHere, 20000);
    QVERIFY2(reply.error.contains(QStringLiteral("/nowhere.csv")), qPrintable(reply.error));
}

void DocksWorkerTest::startsAgainAfterItDied()
{
    WorkerClient worker;
    Reply reply;
    worker.request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), this, into(reply));
    QTRY_VERIFY_WITH_TIMEOUT(reply.isHere, 20000);
    const qint64 first = worker.processId();
    QVERIFY(first > 0);
    ::kill(static_cast<pid_t>(first), SIGKILL);
    QTRY_VERIFY(!worker.isRunning());
    reply = {};
    worker.request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), this, into(reply));
    QTRY_VERIFY_WITH_TIMEOUT(reply.isHere, 20000);
    QVERIFY(reply.error.contains(QStringLiteral("/nowhere.csv")));
    QVERIFY(worker.processId() != first);
}

void DocksWorkerTest::aMissingProgramIsAnError()
{
    WorkerClient worker(QStringLiteral("/nowhere/weft"), nullptr);
    Reply reply;
    worker.request(QStringLiteral("dataset.open"), {}, this, into(reply));
    QTRY_VERIFY(reply.isHere);
    QVERIFY(reply.error.contains(QStringLiteral("/nowhere/weft")));
}

void DocksWorkerTest::answersOfAGoneContextAreDropped()
{
    WorkerClient worker;
    Reply dropped;
    Reply kept;
    auto context = std::make_unique<QObject>();
    worker.request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), context.get(), into(dropped));
    worker.request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), this, into(kept));
    context.reset();
    QTRY_VERIFY_WITH_TIMEOUT(kept.isHere, 20000);
    QVERIFY(!dropped.isHere);
}

void DocksWorkerTest::endsWithItsClient()
{
    auto worker = std::make_unique<WorkerClient>();
    Reply reply;
    worker->request(QStringLiteral("dataset.open"), openParams(QStringLiteral("/nowhere.csv")), this, into(reply));
    QTRY_VERIFY_WITH_TIMEOUT(reply.isHere, 20000);
    const auto process = static_cast<pid_t>(worker->processId());
    worker.reset();
    QTRY_VERIFY_WITH_TIMEOUT(::kill(process, 0) != 0, 10000);
}

QTEST_MAIN(DocksWorkerTest)
#include "docks_worker_test.moc"
