// What training would take, as `weft forecast` and the worker tell it.
#include <cmath>

#include "core/project/project.h"
#include "tests/unit/worker_fixtures.h"

using namespace weft;
using namespace weft::test;

namespace {

QJsonObject requestFor(const QString& file, const QString& device = QStringLiteral("cpu"))
{
    QFile text(file);
    text.open(QFile::ReadOnly);
    return {{QStringLiteral("project"), QString::fromUtf8(text.readAll())},
            {QStringLiteral("baseDir"), QFileInfo(file).path()},
            {QStringLiteral("device"), device}};
}

} // namespace

class WorkerForecastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_project = writeTableProject(m_dir.path()); }
    void theCommandSaysWhatAnEpochTakes();
    void everyDeviceOfTheMachineIsListed();
    void theProjectsFaultsAreSaid();
    void manyWorkersAreForecast();
    void theWorkerAnswersTheSame();
    void theMemoryIsToldBeforeTheTime();
    void othersNeedNotWaitForAForecast();
    void aForecastIsCancelled();

private:
    QTemporaryDir m_dir;
    QString m_project;
};

void WorkerForecastTest::theCommandSaysWhatAnEpochTakes()
{
    const Outcome outcome = runWeft({"forecast", m_project, "--device", "cpu", "--batch-size", "32", "--json"});
    QCOMPARE(outcome.exitCode, 0);
    const QJsonArray devices = outcome.json().object().value("devices").toArray();
    QCOMPARE(devices.size(), 1);
    const QJsonObject cpu = devices[0].toObject();
    QCOMPARE(cpu.value("device").toString(), QString("cpu"));
    QCOMPARE(cpu.value("batch_size").toInt(), 32);
    QCOMPARE(cpu.value("timed_batch_size").toInt(), 32);
    QCOMPARE(cpu.value("largest_batch_size").toInt(), 160); // of 200 rows two tenths validate and test
    QCOMPARE(cpu.value("steps_per_epoch").toInt(), 5);
    QVERIFY(cpu.value("problem").isNull());
    QVERIFY(cpu.value("timed_steps").toInt() > 100);
    const double step = cpu.value("step_ms").toDouble();
    QVERIFY(step > 0);
    QVERIFY(std::abs(cpu.value("samples_per_second").toDouble() * step / 32e3 - 1) < 1e-9);
    const double epoch = 160.0 / 32 * step * 1e-3 + cpu.value("validation_seconds").toDouble();
    QVERIFY(std::abs(cpu.value("epoch_seconds").toDouble() / epoch - 1) < 1e-9);
    QVERIFY(cpu.value("memory_bytes").toDouble() > 0);
    QVERIFY(cpu.value("memory_bytes").toDouble() < cpu.value("available_memory_bytes").toDouble());

    const Outcome text = runWeft({"forecast", m_project, "--device", "cpu"});
    QCOMPARE(text.exitCode, 0);
    QVERIFY2(text.out.contains("8 steps of 20 samples and a validation of 20 samples"), text.out);
}

void WorkerForecastTest::everyDeviceOfTheMachineIsListed()
{
    const QJsonArray wanted = runWeft({"devices", "--json"}).json().array();
    const QJsonArray devices = runWeft({"forecast", m_project, "--json"}).json().object().value("devices").toArray();
    QCOMPARE(devices.size(), wanted.size());
    for (qsizetype i = 0; i < devices.size(); ++i) {
        const QJsonObject forecast = devices[i].toObject();
        QCOMPARE(forecast.value("device"), wanted[i].toObject().value("id"));
        QCOMPARE(forecast.value("reason"), wanted[i].toObject().value("reason"));
        QCOMPARE(forecast.contains("step_ms"), wanted[i].toObject().value("available").toBool());
    }
}

void WorkerForecastTest::theProjectsFaultsAreSaid()
{
    const Outcome noData = runWeft({"forecast", m_project, "--set", "data.path=nowhere.csv"});
    QCOMPARE(noData.exitCode, 1);
    QVERIFY2(noData.error.contains("nowhere.csv"), noData.error);
    const Outcome noDevice = runWeft({"forecast", m_project, "--device", "abacus"});
    QCOMPARE(noDevice.exitCode, 2);
    QVERIFY2(noDevice.error.contains("abacus"), noDevice.error);
    QCOMPARE(runWeft({"forecast"}).exitCode, 2);
}

void WorkerForecastTest::manyWorkersAreForecast()
{
    const QStringList words{"forecast", m_project, "--workers", "1..8", "--link", "25Gbit", "--step", "280ms"};
    const QJsonObject scaling = runWeft(words + QStringList{"--json"}).json().object().value("scaling").toObject();
    QCOMPARE(scaling.value("step_ms").toDouble(), 280.0);
    QCOMPARE(scaling.value("parameter_bytes").toInt(), 4 * 6); // a Dense of 2 for 2 numbers
    QCOMPARE(scaling.value("samples_per_step").toInt(), 20);
    QCOMPARE(scaling.value("link").toObject().value("bytes_per_second").toDouble(), 3.125e9);
    QCOMPARE(scaling.value("published").toArray().size(), 8);
    const QJsonArray rules = scaling.value("rules").toArray();
    QCOMPARE(rules.size(), 4);
    for (const QJsonValue& rule : rules) {
        const QJsonArray points = rule.toObject().value("points").toArray();
        QCOMPARE(points.size(), 4);
        QCOMPARE(points[0].toObject().value("efficiency").toDouble(), 1.0);
        QVERIFY(std::abs(points[0].toObject().value("samples_per_second").toDouble() - 20 / 0.28) < 1e-9);
        QCOMPARE(points[3].toObject().value("workers").toInt(), 8);
        QVERIFY(!rule.toObject().value("assumptions").toArray().isEmpty());
    }
    const Outcome text = runWeft(words + QStringList{"--update", "asynchronous"});
    QCOMPARE(text.exitCode, 0);
    QVERIFY2(text.out.contains("71.4 (100 %)") && text.out.contains("asynchronous") && !text.out.contains("allReduce"), text.out);
    QVERIFY2(text.out.contains("Assumed:") && text.out.contains("81.8 %"), text.out);
    // What goes on beside the backward pass can be said.
    QCOMPARE(scaling.value("overlap").toDouble(), 0.0);
    QCOMPARE(runWeft(words + QStringList{"--overlap", "90", "--json"}).json().object().value("scaling")["overlap"].toDouble(), 0.9);
    // Measured where it is not said.
    const QJsonObject measured = runWeft({"forecast", m_project, "--device", "cpu", "--workers", "2", "--link", "1GB", "--json"}).json().object();
    const double scaled = measured.value("scaling").toObject().value("step_ms").toDouble(), timed = measured.value("devices")[0].toObject().value("step_ms").toDouble();
    QVERIFY(timed > 0);
    QVERIFY(std::abs(scaled - timed) < 1e-9 * timed); // seconds in between round the last digit

    for (const QStringList& wrong : {QStringList{"--workers", "8..1", "--link", "1GB"}, {"--workers", "two", "--link", "1GB"}, {"--workers", "2"},
                                     {"--workers", "2", "--link", "fast"}, {"--workers", "2", "--link", "1GB", "--step", "soon"}, {"--workers", "2", "--link", "1GB", "--overlap", "101"}})
        QCOMPARE(runWeft(QStringList{"forecast", m_project} + wrong).exitCode, 2);
}

void WorkerForecastTest::theWorkerAnswersTheSame()
{
    Worker worker(m_dir.filePath("a"));
    QVERIFY(worker.connectClient());
    const QJsonArray answered = worker.result("training.forecast", requestFor(m_project)).value("devices").toArray();
    const QJsonArray printed = runWeft({"forecast", m_project, "--json"}).json().object().value("devices").toArray();
    QCOMPARE(answered.size(), printed.size());
    const QJsonObject forecast = answered[0].toObject();
    QCOMPARE(forecast.value("device").toString(), QString("cpu")); // the one asked about comes first
    QJsonObject command;
    for (const QJsonValue& device : printed) {
        if (device.toObject().value("device") == QLatin1String("cpu"))
            command = device.toObject();
    }
    for (const char* key : {"name", "batch_size", "steps_per_epoch", "memory_bytes", "largest_batch_size", "problem"})
        QCOMPARE(forecast.value(QLatin1String(key)), command.value(QLatin1String(key)));
    QVERIFY(forecast.value("epoch_seconds").toDouble() > 0);
    QVERIFY(worker.error("training.forecast", requestFor(m_project, "abacus")).contains("abacus"));
}

void WorkerForecastTest::theMemoryIsToldBeforeTheTime()
{
    Worker worker(m_dir.filePath("d"));
    QVERIFY(worker.connectClient());
    const QJsonArray devices = worker.result("training.forecast", requestFor(m_project)).value("devices").toArray();
    QVERIFY(worker.known.size() >= 2);
    const QJsonObject first = worker.known[0].toObject().value("devices")[0].toObject();
    QCOMPARE(first.value("memory_bytes"), devices[0].toObject().value("memory_bytes"));
    QCOMPARE(first.value("largest_batch_size"), devices[0].toObject().value("largest_batch_size"));
    QVERIFY(first.value("step_ms").isNull());
    QCOMPARE(worker.known.last().toObject().value("devices").toArray(), devices);
}

void WorkerForecastTest::othersNeedNotWaitForAForecast()
{
    Worker worker(m_dir.filePath("b"));
    QVERIFY(worker.connectClient());
    const int forecast = worker.request("training.forecast", requestFor(m_project));
    QJsonObject port = requestFor(m_project);
    port.insert("port", "out.y");
    const int tensor = worker.request("wire.tensor", port);
    QCOMPARE(worker.answer().value("id").toInt(), tensor);
    const QJsonObject late = worker.answer();
    QCOMPARE(late.value("id").toInt(), forecast);
    QVERIFY(late.value("result").toObject().value("devices")[0].toObject().value("step_ms").toDouble() > 0);
}

void WorkerForecastTest::aForecastIsCancelled()
{
    Worker worker(m_dir.filePath("c"));
    QVERIFY(worker.connectClient());
    const int forecast = worker.request("training.forecast", requestFor(m_project));
    worker.request("cancel", {{"id", forecast}});
    const QJsonObject message = worker.answer();
    QCOMPARE(message.value("id").toInt(), forecast);
    QVERIFY2(message.value("error").toString().contains("cancelled"), qPrintable(message.value("error").toString()));
}

QTEST_GUILESS_MAIN(WorkerForecastTest)
#include "worker_forecast_test.moc"
