// The program with a card: precisions, what it says of them, and what a run takes to the processor. The card is the one of
// the plugin in WEFT_PLUGIN_DIR, which in the build's own tests runs on the host.
#include <QJsonArray>
#include <QJsonDocument>
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
        writeFile(m_project, QByteArray::fromStdString(pictureProject(m_folder.path())));
        m_hasCard = weftRun(words("devices")).output.contains(QStringLiteral("cuda:0"));
    }
    void init()
    {
        if (!m_hasCard)
            QSKIP("not run: no card");
    }
    void devicesNameTheDriver();
    void aRunSaysHowItRounds_data();
    void aRunSaysHowItRounds();
    void aRunOfTheCardGoesOnOnTheProcessor();
    void precisionsThatContradictEachOtherAreRefused();

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
    bool m_hasCard = false;
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

void CardTrainingTest::aRunSaysHowItRounds_data()
{
    QTest::addColumn<QString>("options");
    QTest::addColumn<QString>("precision");
    QTest::addColumn<bool>("tf32");
    QTest::newRow("fp32") << "--tf32 off" << "fp32" << false;
    QTest::newRow("tf32") << "--tf32 on" << "fp32" << true;
    QTest::newRow("fp16") << "--precision fp16" << "fp16" << false;
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
        const Outcome second = weftRun({QStringLiteral("train"), QStringLiteral("--resume"), QStringLiteral("--run-dir"), run, QStringLiteral("--device"),
                                        QStringLiteral("cpu"), QStringLiteral("--epochs"), QStringLiteral("2")});
        QVERIFY2(second.code == 0, qPrintable(second.errors));
        QCOMPARE(eventsOf(run.toStdString(), "epoch").size(), std::size_t(2));
    }
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

QTEST_GUILESS_MAIN(CardTrainingTest)
#include "card_training_test.moc"
