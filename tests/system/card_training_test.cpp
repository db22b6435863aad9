// The program with a card: precisions, what it says of them, and what a run takes to the processor. The card is the one of
// the plugin in WEFT_PLUGIN_DIR, which in the build's own tests runs on the host.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/system/process_fixtures.h"
#include "tests/unit/training_fixtures.h"

using namespace weft;
using namespace weft::test;

class CardTrainingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        writePictures(m_folder.path());
        m_project = m_folder.filePath(QStringLiteral("pictures.weft"));
        // The gradient of a bias before BatchNorm is rounding alone, which Adam would make steps of.
        QByteArray project = QByteArray::fromStdString(pictureProject(m_folder.path()));
        project.replace("\"filters\": 6,", "\"filters\": 6, \"useBias\": false,");
        writeFile(m_project, project);
        m_isOnHost = weftRun(words("devices")).output.contains(QStringLiteral("of the CUDA plugin on the host"));
        m_cards = static_cast<int>(weftRun(words("devices")).output.count(QStringLiteral("cuda:")));
    }
    void init()
    {
        if (m_cards == 0)
            QSKIP("not run: no card");
    }
    void devicesNameTheDriver();
    void driversThatDoNotServeAreNamed();
    void cardsThatAreTooOldAreNamedAndPassedOver();
    void aRunWhoseCardIsLostGoesOnOnTheProcessor();
    void faultsOfACardSayWhatToDo();
    void wrongDeviceNumbersAreRefused();
    void aRunSaysHowItRounds_data();
    void aRunSaysHowItRounds();
    void aRunOfTheCardGoesOnOnTheProcessor();
    void ranksTakeACardEach_data();
    void ranksTakeACardEach();
    void cardsThatRanksCannotHaveAreRefused();
    void precisionsThatContradictEachOtherAreRefused();
    void convolutionsAreMeasuredOnRequest();
    void stepsAreTimedByTheCard();

private:
    QString dir(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    QStringList train(const QString& run, const char* options) const
    {
        return QStringList{QStringLiteral("train"), m_project, QStringLiteral("--run-dir"), run} + words(options);
    }
    static QJsonObject settings(const QString& run)
    {
        return readJsonObject(RunPaths{run.toStdString()}.runJson()).value(QStringLiteral("settings")).toObject();
    }

    QTemporaryDir m_folder;
    QString m_project;
    int m_cards = 0;
    bool m_isOnHost = false; ///< the card can play faults
};

void CardTrainingTest::devicesNameTheDriver()
{
    const QJsonArray devices = QJsonDocument::fromJson(weftRun(words("devices --json")).output.toUtf8()).array();
    QString driver;
    for (const QJsonValue& device : devices) {
        if (device[QStringLiteral("id")] == QStringLiteral("cuda:0"))
            driver = device[QStringLiteral("driver")].toString();
        else if (device[QStringLiteral("id")] == QStringLiteral("cpu"))
            QVERIFY(!device.toObject().contains(QStringLiteral("driver")));
    }
    QVERIFY2(QRegularExpression(QStringLiteral("^(\\d+(\\.\\d+)+|CUDA \\d+\\.\\d+)$")).match(driver).hasMatch(), qPrintable(driver));
    QVERIFY(weftRun(words("devices")).output.contains(QStringLiteral(", driver ") + driver));
}

void CardTrainingTest::driversThatDoNotServeAreNamed()
{
    if (!m_isOnHost)
        QSKIP("not run: a real card does not play faults");
    const auto undo = qScopeGuard([] {
        qunsetenv("WEFT_TEST_DRIVER");
        qunsetenv("LC_ALL");
    });
    qputenv("WEFT_TEST_DRIVER", "12040");
    QVERIFY(weftRun(words("devices"))
                .output.contains(QStringLiteral("the NVIDIA driver here knows CUDA 12.4, and Weft needs 13.0. Install a newer driver")));
    const Outcome trained = weftRun(train(dir("old-driver"), "--device cuda"));
    QCOMPARE(trained.code, 1);
    QVERIFY2(trained.errors.contains(QStringLiteral("knows CUDA 12.4")), qPrintable(trained.errors));
    QCOMPARE(weftRun(train(dir("old-driver"), "--device auto --epochs 1")).code, 0);
    qputenv("LC_ALL", "zh_CN.UTF-8");
    const QString chinese = weftRun(words("devices")).output;
    QVERIFY2(chinese.contains(QStringLiteral("CUDA 12.4")) && !chinese.contains(QStringLiteral("driver")), qPrintable(chinese));
    qunsetenv("LC_ALL");
    qputenv("WEFT_TEST_DRIVER", "0");
    QVERIFY(weftRun(words("devices")).output.contains(QStringLiteral("no NVIDIA driver is running here. Install the driver")));
}

void CardTrainingTest::cardsThatAreTooOldAreNamedAndPassedOver()
{
    if (!m_isOnHost)
        QSKIP("not run: a real card does not play faults");
    qputenv("WEFT_TEST_OLD_CARDS", "1");
    const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_OLD_CARDS"); });
    const QStringList lines = weftRun(words("devices")).output.split(QLatin1Char('\n'));
    QVERIFY2(lines[1].startsWith(QStringLiteral("cuda:0")) && lines[1].contains(QStringLiteral("is too old"))
                 && lines[1].contains(QStringLiteral("7.0, and 7.5 is needed")),
             qPrintable(lines[1]));
    const Outcome refused = weftRun(train(dir("old"), "--device cuda:0"));
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.errors.contains(QStringLiteral("is too old")), qPrintable(refused.errors));
    const QByteArray forecast
        = weftRun({QStringLiteral("forecast"), m_project, QStringLiteral("--device"), QStringLiteral("auto"), QStringLiteral("--json")})
              .output.toUtf8();
    QVERIFY2(forecast.contains("\"cuda:1\""), forecast.constData());
}

void CardTrainingTest::aRunWhoseCardIsLostGoesOnOnTheProcessor()
{
    if (!m_isOnHost)
        QSKIP("not run: a real card does not play faults");
    const QString run = dir("lost");
    const RunPaths paths{run.toStdString()};
    const Outcome whole = weftRun(train(run + QStringLiteral("-whole"), "--device cuda --epochs 2"));
    QVERIFY2(whole.code == 0, qPrintable(whole.errors));
    const std::size_t steps = eventsOf(run.toStdString() + "-whole", "batch").size();
    qputenv("WEFT_TEST_CARD_LOST_AT", QByteArray::number(static_cast<int>(steps)));
    const Outcome lost = weftRun(train(run, "--device cuda --epochs 2"));
    qunsetenv("WEFT_TEST_CARD_LOST_AT");
    QCOMPARE(lost.code, 1);
    QVERIFY2(lost.errors.contains(QStringLiteral("The GPU was lost")) && lost.errors.contains(QStringLiteral("--resume")), qPrintable(lost.errors));
    QCOMPARE(eventsOf(run.toStdString(), "failed").size(), std::size_t(1));
    QVERIFY(!checkpointSteps(paths).empty());
    const Outcome second = weftRun(
        {QStringLiteral("train"), QStringLiteral("--resume"), QStringLiteral("--run-dir"), run, QStringLiteral("--device"), QStringLiteral("cpu")});
    QVERIFY2(second.code == 0, qPrintable(second.errors));
    const std::vector<QJsonObject> expected = eventsOf(run.toStdString() + "-whole", "epoch"), epochs = eventsOf(run.toStdString(), "epoch");
    QCOMPARE(epochs.size(), expected.size());
    const auto lossOf = [](const QJsonObject& epoch) { return epoch[QStringLiteral("train")][QStringLiteral("loss")].toDouble(); };
    QVERIFY(std::abs(lossOf(epochs.back()) - lossOf(expected.back())) <= 1e-3 * lossOf(expected.back()));
}

void CardTrainingTest::faultsOfACardSayWhatToDo()
{
    if (!m_isOnHost)
        QSKIP("not run: a real card does not play faults");
    const auto undo = qScopeGuard([] {
        qunsetenv("WEFT_TEST_CARD_LOST_AT");
        qunsetenv("WEFT_TEST_CARD_FAULT");
        qunsetenv("LC_ALL");
    });
    qputenv("WEFT_TEST_CARD_LOST_AT", "1");
    const std::pair<const char*, const char*> faults[] = {{"2", "close other programs that use the card"},
                                                          {"46", "wait for it to end, or choose another device"},
                                                          {"209", "CMAKE_CUDA_ARCHITECTURES=native"},
                                                          {"700", "goes on from its last checkpoint"}};
    for (const auto& [code, advice] : faults) {
        qputenv("WEFT_TEST_CARD_FAULT", code);
        qunsetenv("LC_ALL");
        const QStringList command = QStringList{QStringLiteral("bench"), m_project} + words("--device cuda --steps 1");
        const Outcome outcome = weftRun(command);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.errors.contains(QLatin1String(advice)), qPrintable(outcome.errors));
        qputenv("LC_ALL", "zh_CN.UTF-8");
        const QString chinese = weftRun(command).errors;
        QVERIFY2(chinese.contains(QStringLiteral("GPU")) && !chinese.contains(QStringLiteral("The ")), qPrintable(chinese));
    }
}

void CardTrainingTest::wrongDeviceNumbersAreRefused()
{
    for (const char* device : {"cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda1", "gpu"}) {
        const Outcome outcome = weftRun({QStringLiteral("bench"), m_project, QStringLiteral("--device"), QLatin1String(device)});
        QVERIFY2(outcome.code == 2 && outcome.errors.contains(QStringLiteral("--device takes")), qPrintable(outcome.errors));
    }
    const Outcome beyond = weftRun({QStringLiteral("bench"), m_project, QStringLiteral("--device"), QStringLiteral("cuda:99")});
    QCOMPARE(beyond.code, 1);
    QVERIFY2(beyond.errors.contains(QStringLiteral("no device cuda:99")), qPrintable(beyond.errors));
}

void CardTrainingTest::aRunSaysHowItRounds_data()
{
    QTest::addColumn<QString>("options");
    QTest::addColumn<QString>("precision");
    QTest::addColumn<bool>("tf32");
    QTest::newRow("fp32") << "--tf32 off"
                          << "fp32" << false;
    QTest::newRow("tf32") << "--tf32 on"
                          << "fp32" << true;
    QTest::newRow("fp16") << "--precision fp16"
                          << "fp16" << false;
}

void CardTrainingTest::aRunSaysHowItRounds()
{
    QFETCH(QString, options);
    QFETCH(QString, precision);
    QFETCH(bool, tf32);
    const QString run = dir(QTest::currentDataTag());
    const Outcome outcome = weftRun(train(run, "--device cuda --epochs 1") + options.split(QLatin1Char(' ')));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
    QCOMPARE(settings(run).value(QStringLiteral("precision")).toString(), precision);
    QCOMPARE(settings(run).value(QStringLiteral("tf32")).toBool(), tf32);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QCOMPARE(eventsOf(run.toStdString(), "started").at(0).value(QStringLiteral("precision")).toString(), name);
    QCOMPARE(outcome.output.contains(QStringLiteral("cuda in ") + name), name != QStringLiteral("fp32"));
    QCOMPARE(eventsOf(run.toStdString(), "epoch").at(0).contains(QStringLiteral("loss_scale")), name == QStringLiteral("fp16"));

    // It keeps it, and says so to who asks for another.
    const Outcome other = weftRun(train(run, tf32 ? "--resume --device cuda --epochs 2 --tf32 off" : "--resume --device cuda --epochs 2 --tf32 on"));
    QCOMPARE(other.code, 1);
    QVERIFY2(other.errors.contains(QStringLiteral("The run computes in ") + name), qPrintable(other.errors));
    QCOMPARE(weftRun(train(run, "--resume --device cuda --epochs 2")).code, 0);
    QCOMPARE(settings(run).value(QStringLiteral("precision")).toString(), precision);
    QCOMPARE(settings(run).value(QStringLiteral("tf32")).toBool(), tf32);
}

void CardTrainingTest::aRunOfTheCardGoesOnOnTheProcessor()
{
    for (const char* options : {"--tf32 on", "--precision fp16", "--precision bf16"}) {
        const QString run = dir(options);
        const Outcome first = weftRun(train(run, "--device cuda --epochs 1") + words(options));
        QVERIFY2(first.code == 0, qPrintable(first.errors));
        const Outcome second = weftRun({QStringLiteral("train"), QStringLiteral("--resume"), QStringLiteral("--run-dir"), run,
                                        QStringLiteral("--device"), QStringLiteral("cpu"), QStringLiteral("--epochs"), QStringLiteral("2")});
        QVERIFY2(second.code == 0, qPrintable(second.errors));
        QCOMPARE(eventsOf(run.toStdString(), "epoch").size(), std::size_t(2));
    }
}

void CardTrainingTest::ranksTakeACardEach_data()
{
    QTest::addColumn<QString>("options");
    QTest::newRow("ranks") << "--ranks 2";
    QTest::newRow("replicas") << "--replicas 2";
    QTest::newRow("fp16") << "--ranks 2 --precision fp16";
}

void CardTrainingTest::ranksTakeACardEach()
{
    if (m_cards < 2)
        QSKIP("not run: two ranks need two cards");
    QFETCH(QString, options);
    if (options.contains(QStringLiteral("--ranks")) && QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QSKIP("not run: Open MPI is not installed (Debian's openmpi-bin)");
    const QString rounding = options.contains(QStringLiteral("fp16")) ? QStringLiteral("--precision fp16") : QString();
    const char* common = "--device cuda --epochs 2 --set training.distributed.synchronisedBatchNorm=true";
    const QString alone = dir(QTest::currentDataTag()) + QStringLiteral("-alone"),
                  together = dir(QTest::currentDataTag()) + QStringLiteral("-together");
    const Outcome one = weftRun(train(alone, common) + rounding.split(QLatin1Char(' '), Qt::SkipEmptyParts));
    QVERIFY2(one.code == 0, qPrintable(one.errors));
    const Outcome two = weftRun(train(together, common) + options.split(QLatin1Char(' ')));
    QVERIFY2(two.code == 0, qPrintable(two.errors));
    const std::vector<QJsonObject> expected = eventsOf(alone.toStdString(), "batch"), batches = eventsOf(together.toStdString(), "batch");
    QCOMPARE(batches.size(), expected.size());
    // Factors that lie between two numbers of float16 may go either way where sums before them differ in the last bit.
    const double tolerance = rounding.isEmpty() ? 1e-5 : 1e-2;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const double loss = batches[i].value(QStringLiteral("loss")).toDouble(), wanted = expected[i].value(QStringLiteral("loss")).toDouble();
        QVERIFY2(std::abs(loss - wanted) <= tolerance * wanted, qPrintable(QStringLiteral("step %1: %2, not %3").arg(i + 1).arg(loss).arg(wanted)));
    }
    QCOMPARE(eventsOf(together.toStdString(), "epoch").back().value(QStringLiteral("skipped_updates")),
             eventsOf(alone.toStdString(), "epoch").back().value(QStringLiteral("skipped_updates")));
    QCOMPARE(eventsOf(together.toStdString(), "started").at(0).value(QStringLiteral("devices")).toArray().at(0).toString(), QStringLiteral("cuda"));
}

void CardTrainingTest::cardsThatRanksCannotHaveAreRefused()
{
    const QByteArray tooMany = "--device cuda --replicas " + QByteArray::number(m_cards + 1);
    const Outcome replicas = weftRun(train(dir("many"), tooMany.constData()));
    QCOMPARE(replicas.code, 1);
    QVERIFY2(replicas.errors.contains(QStringLiteral("need a card each")), qPrintable(replicas.errors));
    if (QStandardPaths::findExecutable(QStringLiteral("mpirun")).isEmpty())
        QSKIP("not run: Open MPI is not installed (Debian's openmpi-bin)");
    const Outcome shared = weftRun(train(dir("shared"), "--device cuda:0 --ranks 2"));
    QCOMPARE(shared.code, 1);
    QVERIFY2(shared.errors.contains(QStringLiteral("2 ranks cannot share cuda:0")), qPrintable(shared.errors));
    const QByteArray ranks = "--device cuda --ranks " + QByteArray::number(m_cards + 1);
    QVERIFY(weftRun(train(dir("more"), ranks.constData())).errors.contains(QStringLiteral("this host has %1").arg(m_cards)));
}

void CardTrainingTest::precisionsThatContradictEachOtherAreRefused()
{
    const Outcome both = weftRun(train(dir("both"), "--device cuda --precision bf16 --tf32 on"));
    QCOMPARE(both.code, 2);
    QVERIFY2(both.errors.contains(QStringLiteral("--tf32 on is for fp32")), qPrintable(both.errors));
    const Outcome bench = weftRun(QStringList{QStringLiteral("bench"), m_project} + words("--device cuda --tf32 on --steps 1 --json"));
    QVERIFY2(bench.code == 0, qPrintable(bench.errors));
    QCOMPARE(weftRun(QStringList{QStringLiteral("bench"), m_project} + words("--device cuda --precision fp16 --steps 1 --json")).code, 0);
}

void CardTrainingTest::convolutionsAreMeasuredOnRequest()
{
    qputenv("XDG_CACHE_HOME", dir("cache").toUtf8());
    const auto undo = qScopeGuard([] { qunsetenv("XDG_CACHE_HOME"); });
    const auto plans = [&] {
        QByteArrayList all;
        const QDir folder(dir("cache/weft/cudnn-plans"));
        for (const QString& name : folder.entryList(QDir::Files, QDir::Name)) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::ReadOnly))
                all.append(file.readAll());
        }
        return all;
    };
    QCOMPARE(weftRun(train(dir("chosen"), "--device cuda --epochs 1")).code, 0);
    QVERIFY(plans().empty());
    QCOMPARE(weftRun(train(dir("measured"), "--device cuda --epochs 1 --measure-kernels on")).code, 0);
    const QByteArrayList kept = plans();
    QVERIFY(kept.join().contains(" measured forward+bias") && kept.join().contains(" measured kernel-gradient float32 fp32 "));
    QCOMPARE(weftRun(train(dir("again"), "--device cuda --epochs 1 --measure-kernels on")).code, 0);
    QCOMPARE(plans(), kept);
}

/// Where each kernel takes a microsecond, a step takes as many as it has, and one to say the loss.
void CardTrainingTest::stepsAreTimedByTheCard()
{
    for (const char* options : {"--steps 1", "--steps 5", "--steps 20", "--mode infer --steps 9"}) {
        const Outcome outcome
            = weftRun(QStringList{QStringLiteral("bench"), m_project} + words("--device cuda --batch-size 16 --profile --json") + words(options));
        QVERIFY2(outcome.code == 0, qPrintable(outcome.errors));
        const QJsonObject result = QJsonDocument::fromJson(outcome.output.toUtf8()).object();
        const double step = result[QStringLiteral("step_ms")][QStringLiteral("median")].toDouble();
        QCOMPARE(result[QStringLiteral("steps")].toInt(), words(options).back().toInt());
        QVERIFY(std::abs(result[QStringLiteral("samples_per_second")].toDouble() * step - 16e3) < 1);
        double sum = 0;
        for (const QJsonValue& op : result[QStringLiteral("profile")].toArray()) {
            const double time = op[QStringLiteral("microseconds")].toDouble();
            QVERIFY(time > 0 || op[QStringLiteral("kernel")].toString().endsWith(QStringLiteral("(kept)")));
            sum += time;
        }
        if (m_isOnHost)
            QVERIFY2(std::abs(1e3 * step - sum - 1) < 1e-2, qPrintable(QStringLiteral("%1 of %2 µs").arg(1e3 * step).arg(sum)));
    }
}

QTEST_GUILESS_MAIN(CardTrainingTest)
#include "card_training_test.moc"
