#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "tests/unit/docks_fixtures.h"
#include "widgets/project_document.h"
#include "widgets/run_controller.h"
#include "widgets/theme/theme.h"
#include "widgets/training/forecast_card.h"
#include "widgets/training/training_settings_panel.h"
#include "widgets/worker_client.h"

using namespace weft;

namespace {

QJsonObject answer(const QJsonValue& problem, qint64 largest)
{
    return {{"device", "cpu"},           {"name", "This CPU"},
            {"batch_size", 64},          {"step_ms", 12.5},
            {"timed_batch_size", 64},    {"timed_steps", 80},
            {"samples_per_second", 5120}, {"steps_per_epoch", 860},
            {"epoch_seconds", 11.4},     {"memory_bytes", 25'400'000.0},
            {"available_memory_bytes", 8e9}, {"largest_batch_size", largest},
            {"problem", problem}};
}

struct Studio {
    Studio()
    {
        test::writeTable(dir.filePath("points.csv"));
        document.setProject(test::tableProject(dir.filePath("points.csv")), {});
    }

    QTemporaryDir dir;
    ProjectDocument document;
    RunController runs{&document};
    WorkerClient worker;
    ForecastCard card{&document, &runs, &worker};
};

void setTraining(ProjectDocument& document, const char* key, const Tree& value)
{
    document.perform("Set", {trainingEdit(document.project().training, key, value)});
}

} // namespace

/// The forecast beside Train.
class DocksForecastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().install(Theme::Choice::Light); }
    void aForecastIsSaidInAFewWords();
    void memoryThatWillNotDoIsSaidWithTheBatchThatWould();
    void memoryComesBeforeTheTime();
    void aPartOfAStepGivesAnEstimate();
    void everyDeviceHasARow();
    void theCardFollowsEdits();
    void aClickOpensTheTable();
    void aNetworkWithAFaultHasNoForecast();
    void aRunEndsTheMeasurement();
};

void DocksForecastTest::aForecastIsSaidInAFewWords()
{
    const ForecastText text = forecastText(answer(QJsonValue(), 55000));
    QVERIFY(!text.isProblem);
    QCOMPARE(text.brief, QString("11 s an epoch · 25.4 MB"));
    QVERIFY2(text.details.contains("860 steps") && text.details.contains("12.5 ms"), qPrintable(text.details));
    QVERIFY2(text.details.contains("8.00 GB") || text.details.contains("8.0 GB"), qPrintable(text.details));
}

void DocksForecastTest::memoryThatWillNotDoIsSaidWithTheBatchThatWould()
{
    const ForecastText some = forecastText(answer(QStringLiteral("Set the batch size to 40."), 40));
    QVERIFY(some.isProblem);
    QCOMPARE(some.brief, QString("No room · batch 40 fits"));
    QVERIFY(some.details.startsWith("Set the batch size to 40."));
    const ForecastText none = forecastText(answer(QStringLiteral("Not even a batch of 1 fits."), 0));
    QCOMPARE(none.brief, QString("No room for it"));
}

void DocksForecastTest::memoryComesBeforeTheTime()
{
    QJsonObject early = answer(QJsonValue(), 55000);
    early["step_ms"] = QJsonValue();
    early["epoch_seconds"] = QJsonValue();
    const ForecastText text = forecastText(early);
    QCOMPARE(text.brief, QString("measuring … · 25.4 MB"));
    QVERIFY(!text.details.contains("860 steps"));
    QVERIFY2(text.details.contains("55,000"), qPrintable(text.details));
    // Too little is said at once.
    early["problem"] = "Set the batch size to 40.";
    early["largest_batch_size"] = 40;
    QCOMPARE(forecastText(early).brief, QString("No room · batch 40 fits"));
}

void DocksForecastTest::aPartOfAStepGivesAnEstimate()
{
    QJsonObject large = answer(QJsonValue(), 300);
    large["timed_batch_size"] = 2;
    const ForecastText text = forecastText(large);
    QCOMPARE(text.brief, QString("≈ 11 s an epoch · 25.4 MB"));
    QVERIFY2(text.details.contains("an estimate, from steps of 2 of them"), qPrintable(text.details));
}

void DocksForecastTest::everyDeviceHasARow()
{
    QJsonObject card = answer("Set the batch size to 40.", 40);
    card["name"] = "Card";
    const QJsonObject none{{"device", "cuda:1"}, {"name", "Old card"}, {"reason", "It is too old."}};
    ForecastTable table;
    table.setDevices({answer(QJsonValue(), 55000), card, none});
    QStringList texts;
    for (const QLabel* label : table.findChildren<QLabel*>())
        texts << label->text();
    const QStringList wanted{"Device",  "An epoch", "Memory",  "Largest batch", "This CPU",                  "11 s",     "25.4 MB", "55,000",
                             "Card",    "11 s",     "25.4 MB", "40",            "Set the batch size to 40.", "Old card", "–",       "–",
                             "–",       "It is too old."};
    QCOMPARE(texts, wanted);
}

void DocksForecastTest::aClickOpensTheTable()
{
    Studio studio;
    studio.card.show();
    studio.card.setDevice("cpu");
    auto* table = studio.card.findChild<ForecastTable*>();
    QVERIFY(!table->isVisible());
    QTest::mouseClick(&studio.card, Qt::LeftButton);
    QVERIFY(table->isVisible());
    QTest::keyClick(table, Qt::Key_Escape);
    QVERIFY(!table->isVisible());
    studio.card.findChild<QToolButton*>("forecastDevices")->click(); // as the keyboard does
    QVERIFY(table->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.text().contains("an epoch"), 30000);
    QProcess weft;
    weft.start(qEnvironmentVariable("WEFT_PROGRAM"), {"devices", "--json"});
    QVERIFY(weft.waitForFinished());
    QStringList texts;
    for (const QLabel* label : table->findChildren<QLabel*>())
        texts << label->text();
    for (const QJsonValue& device : QJsonDocument::fromJson(weft.readAllStandardOutput()).array()) {
        QVERIFY(texts.contains(device.toObject().value("name").toString()));
        QVERIFY(device.toObject().value("available").toBool() || texts.contains(device.toObject().value("reason").toString()));
    }
}

void DocksForecastTest::theCardFollowsEdits()
{
    Studio studio;
    studio.card.setDevice("cpu");
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.text().contains("an epoch"), 30000);
    QVERIFY2(studio.card.toolTip().contains("A step of 32 samples"), qPrintable(studio.card.toolTip()));
    QVERIFY(studio.card.findChild<QLabel*>("forecastText")->accessibleName().contains(studio.card.text()));

    setTraining(studio.document, "batchSize", 16);
    QTRY_VERIFY(studio.card.isMeasuring());
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.toolTip().contains("A step of 16 samples"), 30000);
    // Taken back: measured anew, too.
    studio.document.undoStack()->undo();
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.toolTip().contains("A step of 32 samples"), 30000);
}

void DocksForecastTest::aNetworkWithAFaultHasNoForecast()
{
    Studio studio;
    Project broken = studio.document.project();
    broken.network.wires.pop_back();
    studio.document.setProject(broken, {});
    QTRY_VERIFY(studio.card.toolTip().contains("as soon as the network is whole"));
    QVERIFY(!studio.card.isMeasuring());
    QCOMPARE(studio.worker.processId(), 0);
    // A fault of the data is told by whoever met it.
    Project lost = test::tableProject(studio.dir.filePath("nowhere.csv"));
    studio.document.setProject(lost, {});
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.toolTip().contains("nowhere.csv"), 30000);
}

void DocksForecastTest::aRunEndsTheMeasurement()
{
    Studio studio;
    QTRY_VERIFY_WITH_TIMEOUT(studio.card.isMeasuring(), 30000);
    test::LiveRun run;
    run.start();
    studio.runs.show(run.dir());
    QTRY_VERIFY(studio.runs.isGoing());
    QVERIFY(!studio.card.isMeasuring());
    QVERIFY(studio.card.toolTip().contains("when the run has ended"));
    setTraining(studio.document, "batchSize", 16);
    const auto* delay = studio.card.findChild<QTimer*>();
    QVERIFY(delay->isActive());
    QTRY_VERIFY(!delay->isActive());
    QVERIFY(!studio.card.isMeasuring());
}

QTEST_MAIN(DocksForecastTest)
#include "docks_forecast_test.moc"
